package interviewer

import (
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
		ra := ReportAnswer{Asked: a.Asked, Text: a.Text, At: a.At, FollowUp: a.FollowUp(), Point: a.Point, Pace: a.pace()}
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
