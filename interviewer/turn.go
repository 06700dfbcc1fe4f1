package interviewer

import (
	"slices"
	"time"

	"viva/content"
	"viva/interviewer/grade"
)

// Turn is one question of an interview and all that was said about it.
type Turn struct {
	Question content.Question
	Hints    []string
	Answers  []Answer
	Skipped  bool

	asked     bool
	followUps []string // points whose follow-up was asked in the newest try
	waiting   *Event   // the Asked event that has no answer yet
}

// Answer is one submitted text.
type Answer struct {
	Text     string
	At       time.Time
	Point    string        // the follow-up's point; "": an answer to the question itself
	Asked    string        // what it replied to
	Grade    *grade.Grade  // nil: not graded, or not yet
	Disputed []grade.Grade // what disputes led to, beside the grade
}

// FollowUp reports whether the answer replied to a follow-up.
func (a Answer) FollowUp() bool { return a.Point != "" }

// attempts splits the answers into tries at the whole question, each with the
// follow-ups that came after it.
func (t *Turn) attempts() [][]Answer {
	var tries [][]Answer
	for _, a := range t.Answers {
		if !a.FollowUp() || len(tries) == 0 {
			tries = append(tries, nil)
		}
		last := len(tries) - 1
		tries[last] = append(tries[last], a)
	}
	return tries
}

// tryOf returns the try that answer n belongs to, up to n.
func (t *Turn) tryOf(n int) []Answer {
	upTo := Turn{Answers: t.Answers[:n+1]}
	tries := upTo.attempts()
	return tries[len(tries)-1]
}

// total is the grade of one try with what its follow-ups won and its hints
// cost; nil when the try was not graded.
func (t *Turn) total(try []Answer) *grade.Grade {
	if len(try) == 0 || try[0].Grade == nil {
		return nil
	}
	var lifts []grade.Grade
	for _, a := range try[1:] {
		if a.Grade != nil {
			lifts = append(lifts, *a.Grade)
		}
	}
	g := grade.Combine(*try[0].Grade, lifts, len(t.Hints))
	return &g
}

// Total is the grade that counts: the first attempt's. It is nil until that is graded.
func (t *Turn) Total() *grade.Grade {
	if tries := t.attempts(); len(tries) > 0 {
		return t.total(tries[0])
	}
	return nil
}

// Best is the highest grade of all attempts, or nil when none is graded.
func (t *Turn) Best() *grade.Grade {
	var best *grade.Grade
	for _, try := range t.attempts() {
		g := t.total(try)
		if g != nil && g.Score != nil && (best == nil || *g.Score > *best.Score) {
			best = g
		}
	}
	return best
}

// ungraded returns the index of the first answer that waits for its grade, or -1.
func (t *Turn) ungraded() int {
	if !t.Question.Graded() {
		return -1
	}
	for i, a := range t.Answers {
		if a.Grade == nil {
			return i
		}
	}
	return -1
}

// history is an interview as its events tell it.
type history struct {
	id       string
	started  time.Time
	plan     Plan
	turns    []Turn
	current  int // the turn asked about last
	finished bool
}

// apply takes one event in. An event that makes no sense where it stands is
// ignored, so that a record from another version can still be read.
func (h *history) apply(e Event) {
	if e.Kind == Started && e.Plan != nil {
		h.started, h.plan = e.At, *e.Plan
		h.turns = make([]Turn, len(e.Plan.Questions))
		for i, q := range e.Plan.Questions {
			h.turns[i].Question = q
		}
		return
	}
	if e.Kind == Finished {
		h.finished = true
		return
	}
	if e.Turn < 0 || e.Turn >= len(h.turns) {
		return
	}
	if e.Kind == Asked {
		h.current = e.Turn
	}
	h.turns[e.Turn].apply(e)
}

func (t *Turn) apply(e Event) {
	switch e.Kind {
	case Asked:
		t.asked, t.waiting = true, &e
		t.followUps = append(t.followUps, e.Point)
		if e.Point == "" {
			t.followUps = nil // a new try
		}
	case Hinted:
		t.Hints = append(t.Hints, e.Text)
	case Skipped:
		t.Skipped = t.Skipped || (e.Point == "" && len(t.Answers) == 0)
		t.waiting = nil
	case Answered:
		a := Answer{Text: e.Text, At: e.At, Point: e.Point, Asked: t.Question.Text}
		if t.waiting != nil {
			a.Asked = t.waiting.Text
		}
		t.Answers = append(t.Answers, a)
		t.Skipped, t.waiting = false, nil
	case Graded:
		if e.Answer >= 0 && e.Answer < len(t.Answers) {
			t.Answers[e.Answer].Grade = e.Grade
		}
	case Disputed:
		if n := len(t.Answers); n > 0 && e.Grade != nil {
			t.Answers[n-1].Disputed = append(t.Answers[n-1].Disputed, *e.Grade)
		}
	}
}

// dueFollowUp returns the heaviest open point of the newest try that has a
// follow-up question not asked yet, nor given away as a hint, while the plan
// allows one more; "" when none is due.
func (h *history) dueFollowUp(t *Turn) (point, ask string) {
	tries := t.attempts()
	if len(tries) == 0 || t.waiting != nil || h.plan.Exam || len(t.followUps) >= h.plan.FollowUps {
		return "", ""
	}
	total := t.total(tries[len(tries)-1])
	if total == nil || total.Score == nil {
		return "", ""
	}
	for _, p := range total.Open() {
		ask := t.Question.FollowUp(p.ID)
		if ask != "" && !slices.Contains(t.followUps, p.ID) && !slices.Contains(t.Hints, ask) {
			return p.ID, ask
		}
	}
	return "", ""
}

// latest returns the last turn up to the current one for which ok holds, or nil.
func (h *history) latest(ok func(*Turn) bool) (int, *Turn) {
	for i := min(h.current, len(h.turns)-1); i >= 0; i-- {
		if ok(&h.turns[i]) {
			return i, &h.turns[i]
		}
	}
	return -1, nil
}

func answered(t *Turn) bool { return len(t.Answers) > 0 }

// copy returns a history that can take events in without changing h.
func (h *history) copy() history {
	c := *h
	c.turns = slices.Clone(h.turns)
	for i := range c.turns {
		c.turns[i].Answers = slices.Clone(h.turns[i].Answers)
	}
	return c
}

func (h *history) summary() Summary {
	s := Summary{Session: h.id, Started: h.started, State: Open, Questions: len(h.turns)}
	if h.finished {
		s.State = Done
	}
	sum, n := 0, 0
	for i := range h.turns {
		t := &h.turns[i]
		if len(t.Answers) > 0 {
			s.Answered++
		}
		if g := t.Total(); g != nil && g.Score != nil {
			sum, n = sum+*g.Score, n+1
			s.Grader = mixed(s.Grader, g.Grader.Kind)
		}
	}
	if n > 0 {
		mean := (2*sum + n) / (2 * n) // rounded half up
		s.Score = &mean
	}
	return s
}

// ByBoth is the grader of an interview in which a model and the estimator both graded.
const ByBoth grade.Kind = "mixed"

func mixed(a, b grade.Kind) grade.Kind {
	if a == "" || a == b {
		return b
	}
	return ByBoth
}
