package interviewer

import (
	"context"
	"fmt"

	"viva/content"
	"viva/interviewer/grade"
)

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
