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
	hintTry   []int    // the try that each hint was given in
	closed    bool     // the newest try was skipped: nothing follows up on the one before
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

// totalAt is the grade of the try that answer n belongs to, up to n.
func (t *Turn) totalAt(n int) *grade.Grade {
	upTo := Turn{Answers: t.Answers[:n+1], hintTry: t.hintTry}
	tries := upTo.attempts()
	last := len(tries) - 1
	return upTo.total(last, tries[last])
}

// total is the grade of try number n with what its follow-ups won and its hints
// cost; nil when the try was not graded.
func (t *Turn) total(n int, try []Answer) *grade.Grade {
	if try[0].Grade == nil {
		return nil
	}
	return t.combine(n, *try[0].Grade, try[1:])
}

func (t *Turn) combine(n int, base grade.Grade, followUps []Answer) *grade.Grade {
	var lifts []grade.Grade
	for _, a := range followUps {
		if a.Grade != nil {
			lifts = append(lifts, *a.Grade)
		}
	}
	hints := 0
	for _, try := range t.hintTry {
		if try == n {
			hints++
		}
	}
	g := grade.Combine(base, lifts, hints)
	return &g
}

// tried counts the answers to the question itself.
func (t *Turn) tried() int {
	n := 0
	for _, a := range t.Answers {
		if !a.FollowUp() {
			n++
		}
	}
	return n
}

// Total is the grade that counts: the first attempt's. It is nil until that is graded.
func (t *Turn) Total() *grade.Grade {
	if tries := t.attempts(); len(tries) > 0 {
		return t.total(0, tries[0])
	}
	return nil
}

// Best is the highest grade of all attempts, disputed ones included, or nil when
// none is graded.
func (t *Turn) Best() *grade.Grade {
	var best *grade.Grade
	better := func(g *grade.Grade) {
		if g != nil && g.Score != nil && (best == nil || *g.Score > *best.Score) {
			best = g
		}
	}
	for n, try := range t.attempts() {
		better(t.total(n, try))
		for _, d := range try[0].Disputed {
			better(t.combine(n, d, try[1:]))
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
	if e.Kind != Graded && e.Kind != Disputed { // these may come later
		h.current = e.Turn
	}
	h.turns[e.Turn].apply(e)
}

func (t *Turn) apply(e Event) {
	switch e.Kind {
	case Asked:
		t.asked, t.waiting, t.closed = true, &e, false
		t.followUps = append(t.followUps, e.Point)
		if e.Point == "" {
			t.followUps = nil // a new try
		}
	case Hinted:
		t.Hints = append(t.Hints, e.Text)
		try := t.tried()
		if t.waiting != nil && t.waiting.Point != "" {
			try-- // a hint during a follow-up costs the try it follows up on
		}
		t.hintTry = append(t.hintTry, try)
	case Skipped:
		t.Skipped = t.Skipped || (e.Point == "" && len(t.Answers) == 0)
		t.waiting, t.closed = nil, e.Point == ""
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
// follow-up question, the model's or the bank's, not asked yet, nor given away as
// a hint, while the plan allows one more; "" when none is due.
func (h *history) dueFollowUp(t *Turn) (point, ask string) {
	tries := t.attempts()
	if len(tries) == 0 || t.waiting != nil || t.closed || h.plan.Exam || len(t.followUps) >= h.plan.FollowUps {
		return "", ""
	}
	total := t.total(len(tries)-1, tries[len(tries)-1])
	if total == nil || total.Score == nil {
		return "", ""
	}
	worded := tries[len(tries)-1][0].Grade.FollowUp
	for _, p := range total.Open() {
		ask := t.Question.FollowUp(p.ID)
		if worded != nil && worded.Point == p.ID {
			ask = worded.Ask
		}
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
		c.turns[i].hintTry = slices.Clone(h.turns[i].hintTry)
	}
	return c
}

// sealed reports an exam under way: what it scored is not shown before its end.
func (h *history) sealed() bool { return h.plan.Exam && !h.finished }

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
		if g := t.Total(); g != nil && g.Score != nil && !h.sealed() {
			sum, n = sum+*g.Score, n+1
			s.Grader = mixed(s.Grader, g.Grader.Kind)
		}
	}
	if n > 0 {
		score := mean{sum, n}.rounded()
		s.Score = &score
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
