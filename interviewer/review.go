package interviewer

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"viva/content"
	"viva/interviewer/grade"
)

// ReportPart is how the questions of one topic or level went.
type ReportPart struct {
	Name   string `json:"name"`   // a topic or a level
	Score  *int   `json:"score"`  // mean over the graded ones; nil: none
	Graded int    `json:"graded"` // how many questions have a score,
	Asked  int    `json:"asked"`  // of how many that were asked
}

// ReportPoint is the verdict on a point, beside the question that it belongs to.
type ReportPoint struct {
	Question string `json:"question"`
	Topic    string `json:"topic"`
	grade.PointGrade
}

// Pace is how an answer came. It stands beside the grade and never changes it.
type Pace struct {
	Words     int     `json:"words"`
	Seconds   float64 `json:"seconds,omitzero"`            // from the asking to the end of the answer; 0: not known
	FirstWord float64 `json:"first_word_seconds,omitzero"` // of these, until the first word; 0: not known
	PerMinute int     `json:"words_per_minute,omitzero"`   // since the first word or, where that is not known, in all; 0: not known
}

// strongPoints is how many points a report names as strong.
const strongPoints = 3

// review draws from the turns how topics and levels went, what was strong and
// what is to be studied.
func (r *Report) review() {
	var levels []string
	for _, l := range content.Levels {
		levels = append(levels, string(l))
	}
	r.Topics = r.parts(nil, func(t ReportTurn) string { return t.Topic })
	r.Levels = r.parts(levels, func(t ReportTurn) string { return string(t.Level) })
	r.Strong = r.points(ReportTurn.met)
	slices.SortStableFunc(r.Strong, func(p, q ReportPoint) int {
		if p.Weight != q.Weight {
			return q.Weight - p.Weight
		}
		switch { // the surest first
		case p.Credit > q.Credit:
			return -1
		case p.Credit < q.Credit:
			return 1
		}
		return 0
	})
	r.Strong = r.Strong[:min(len(r.Strong), strongPoints)]
	r.Study = r.points(ReportTurn.Missed)
	slices.SortStableFunc(r.Study, func(p, q ReportPoint) int { return q.Weight - p.Weight })
}

// parts gathers the turns by name, those without one left out: the names of
// first in their order, then the others as they come.
func (r *Report) parts(first []string, name func(ReportTurn) string) []ReportPart {
	names := slices.Clone(first)
	turns, scores := map[string]int{}, map[string]*mean{}
	for _, t := range r.Turns {
		n := name(t)
		if n == "" {
			continue
		}
		if !slices.Contains(names, n) {
			names = append(names, n)
		}
		if scores[n] == nil {
			scores[n] = &mean{}
		}
		turns[n]++
		if t.Score != nil {
			scores[n].add(*t.Score)
		}
	}
	parts := []ReportPart{}
	for _, n := range names {
		if s := scores[n]; s != nil {
			parts = append(parts, ReportPart{Name: n, Score: s.score(), Graded: s.n, Asked: turns[n]})
		}
	}
	return parts
}

// points lifts what of finds in each turn.
func (r *Report) points(of func(ReportTurn) []grade.PointGrade) []ReportPoint {
	points := []ReportPoint{}
	for _, t := range r.Turns {
		for _, p := range of(t) {
			points = append(points, ReportPoint{Question: t.Question, Topic: t.Topic, PointGrade: p})
		}
	}
	return points
}

// met lists the points of t that an answer met in words of its own, each as the
// first such grade has it.
func (t ReportTurn) met() []grade.PointGrade {
	var met []grade.PointGrade
	for _, a := range t.Answers {
		if a.Grade == nil {
			continue
		}
		for _, p := range a.Grade.Points {
			known := slices.ContainsFunc(met, func(m grade.PointGrade) bool { return m.ID == p.ID })
			if p.Verdict == grade.Met && p.Quote != "" && !known {
				met = append(met, p)
			}
		}
	}
	return met
}

// shortest is the time below which nothing was typed or said: a pipe or a file answered.
const shortest = time.Second

// Pace says how the answer came.
func (a Answer) Pace() Pace {
	p := Pace{Words: len(strings.Fields(a.Text))}
	if a.Took < shortest {
		return p
	}
	p.Seconds = tenths(a.Took)
	worded := a.Took
	if a.FirstWord > 0 && a.FirstWord <= a.Took {
		p.FirstWord = tenths(a.FirstWord)
		worded -= a.FirstWord
	}
	if worded >= shortest {
		p.PerMinute = int(math.Round(float64(p.Words) / worded.Minutes()))
	}
	return p
}

// tenths is d in seconds, to a tenth of one.
func tenths(d time.Duration) float64 { return math.Round(d.Seconds()*10) / 10 }

// Advisor finds the questions that test what was missed best, at most limit of
// them, save those whose keys are in without.
type Advisor interface {
	Advise(ctx context.Context, missed, without []string, limit int) ([]content.Question, error)
}

const (
	adviceQuestions = 3
	adviceTexts     = 12 // points that advice is sought for, the heaviest first
)

// Missed lists the points of t that no answer met, as the first grade has them,
// the heaviest first; none where that grade could give no score.
func (t ReportTurn) Missed() []grade.PointGrade {
	if len(t.Answers) == 0 || t.Answers[0].Grade == nil || t.Answers[0].Grade.Score == nil {
		return nil
	}
	met := map[string]bool{}
	for _, a := range t.Answers {
		if a.Grade == nil {
			continue
		}
		for _, p := range a.Grade.Points {
			met[p.ID] = met[p.ID] || p.Verdict == grade.Met
		}
	}
	var missed []grade.PointGrade
	for _, p := range t.Answers[0].Grade.Open() {
		if !met[p.ID] {
			missed = append(missed, p)
		}
	}
	return missed
}

// Advice returns up to three questions that test what this interview's answers
// missed, best first; none where nothing was missed or nobody can tell.
func (s *Session) Advice(ctx context.Context) ([]content.Question, error) {
	var missed []grade.PointGrade
	for _, t := range s.Report().Turns {
		missed = append(missed, t.Missed()...)
	}
	var without []string
	for _, q := range s.Plan().Questions {
		without = append(without, q.Key())
	}
	return s.examiner.Advice(ctx, missed, without)
}

// Advice returns up to three questions that test the missed points.
func (x Examiner) Advice(ctx context.Context, missed []grade.PointGrade, without []string) ([]content.Question, error) {
	if x.Advisor == nil || len(missed) == 0 {
		return nil, nil
	}
	var texts []string
	for weight := 3; weight >= 1; weight-- {
		for _, p := range missed {
			if p.Weight == weight && len(texts) < adviceTexts {
				texts = append(texts, p.Text)
			}
		}
	}
	qs, err := x.Advisor.Advise(ctx, texts, without, adviceQuestions)
	if err != nil {
		return nil, fmt.Errorf("look for questions on what was missed: %w", err)
	}
	return qs, nil
}
