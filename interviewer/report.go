package interviewer

import (
	"cmp"
	"slices"
	"time"

	"viva/content"
	"viva/interviewer/grade"
)

// Report is one interview as its candidate reads it. Its JSON form is stable.
type Report struct {
	Session string       `json:"session"`
	Started time.Time    `json:"started"`
	State   State        `json:"state"`
	Score   *int         `json:"score"`  // mean over the graded questions; nil: none
	Grader  grade.Kind   `json:"grader"` // "" without a grade, "mixed" where both graded
	Turns   []ReportTurn `json:"turns"`

	Topics []ReportPart  `json:"topics"` // in the order they were asked about
	Levels []ReportPart  `json:"levels"` // the easiest first
	Strong []ReportPoint `json:"strong"` // the heaviest points that were met, at most three
	Study  []ReportPoint `json:"study"`  // every point that no answer met, the heaviest first
}

// ReportTurn is one question of a report.
type ReportTurn struct {
	Question  string         `json:"question"`
	Number    *int           `json:"number"`
	Topic     string         `json:"topic"`
	Level     content.Level  `json:"level"`
	Prompt    string         `json:"prompt"`
	Skipped   bool           `json:"skipped"`
	Hints     int            `json:"hints"`
	HintTexts []string       `json:"hint_texts,omitempty"` // the hints that were given
	Score     *int           `json:"score"`                // the first attempt with its follow-ups; nil: not graded
	Best      *int           `json:"best"`                 // the best attempt
	Answers   []ReportAnswer `json:"answers"`
	Reference string         `json:"reference"` // the bank's answer; "" before there was an attempt
}

// ReportAnswer is one submitted text of a report.
type ReportAnswer struct {
	Asked    string        `json:"asked"`
	Text     string        `json:"text"`
	At       time.Time     `json:"at"`
	FollowUp bool          `json:"follow_up"`
	Point    string        `json:"point,omitempty"` // what the follow-up asked about
	Grade    *grade.Grade  `json:"grade"`
	Disputed []grade.Grade `json:"disputed,omitempty"` // what disputes led to, beside the grade
	Pace     Pace          `json:"pace"`
}

// BuildReport makes the report of a stored interview.
func BuildReport(rec Record) Report {
	h := history{id: rec.ID}
	for _, e := range rec.Events {
		h.apply(e)
	}
	return h.report()
}

func (h *history) report() Report {
	s := h.summary()
	r := Report{Session: h.id, Started: h.started, State: s.State, Score: s.Score, Grader: s.Grader, Turns: []ReportTurn{}}
	for i := range h.turns {
		if t := &h.turns[i]; t.asked {
			r.Turns = append(r.Turns, t.report(h.sealed()))
		}
	}
	r.review()
	return r
}

// report leaves out what would tell how it went where that is sealed.
func (t *Turn) report(sealed bool) ReportTurn {
	q := t.Question
	r := ReportTurn{
		Question: q.Ref(), Number: q.Place(), Topic: q.Topic, Level: q.Level, Prompt: q.Text,
		Skipped: t.Skipped, Hints: len(t.Hints), HintTexts: t.Hints, Answers: []ReportAnswer{},
	}
	for _, a := range t.Answers {
		ra := ReportAnswer{Asked: a.Asked, Text: a.Text, At: a.At, FollowUp: a.FollowUp(), Point: a.Point, Pace: a.Pace()}
		if !sealed {
			ra.Grade, ra.Disputed = a.Grade, a.Disputed
		}
		r.Answers = append(r.Answers, ra)
	}
	if sealed {
		return r
	}
	if g := t.Total(); g != nil {
		r.Score = g.Score
	}
	if g := t.Best(); g != nil {
		r.Best = g.Score
	}
	if len(t.Answers) > 0 || t.Skipped {
		r.Reference = q.Answer
	}
	return r
}

// Trend is how somebody did over time.
type Trend struct {
	Topic  string     // "": over all topics
	Grader grade.Kind // who gave these scores: one kind alone
	Scores []int      // one for each interview that has any, oldest first
}

// Progress returns the trends of the finished interviews among reports, in
// whatever order those are: over all topics first, then by topic, for each kind
// of grader apart. What came up in one interview alone has no trend; a question
// that a model and the estimator both graded stands in none.
func Progress(reports []Report) []Trend {
	reports = slices.Clone(reports)
	slices.SortStableFunc(reports, func(a, b Report) int { return a.Started.Compare(b.Started) })
	scores := map[trendKey][]int{}
	for _, r := range reports {
		if r.State != Done {
			continue
		}
		for key, m := range r.means() {
			scores[key] = append(scores[key], *m.score())
		}
	}
	var trends []Trend
	for key, list := range scores {
		if len(list) > 1 {
			trends = append(trends, Trend{Topic: key.topic, Grader: key.grader, Scores: list})
		}
	}
	slices.SortFunc(trends, func(a, b Trend) int {
		return cmp.Or(cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Grader, b.Grader))
	})
	return trends
}

type trendKey struct {
	topic  string
	grader grade.Kind
}

// means returns the mean scores of the report's questions, over all and by topic.
func (r Report) means() map[trendKey]mean {
	means := map[trendKey]mean{}
	for _, t := range r.Turns {
		by := t.grader()
		if t.Score == nil || by == ByBoth {
			continue
		}
		topics := []string{""}
		if t.Topic != "" {
			topics = append(topics, t.Topic)
		}
		for _, topic := range topics {
			m := means[trendKey{topic, by}]
			means[trendKey{topic, by}] = mean{m.sum + *t.Score, m.n + 1}
		}
	}
	return means
}

// grader is who graded the first try, whose score counts.
func (t ReportTurn) grader() grade.Kind {
	var by grade.Kind
	for n, a := range t.Answers {
		if n > 0 && !a.FollowUp {
			break
		}
		if a.Grade != nil {
			by = mixed(by, a.Grade.Grader.Kind)
		}
	}
	return by
}
