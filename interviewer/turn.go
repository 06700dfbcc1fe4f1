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
	back      int      // how often the candidate asked back about it
}

// Answer is one submitted text.
type Answer struct {
	Text     string
	At       time.Time
	Point    string        // the follow-up's point; "": an answer to the question itself
	Asked    string        // what it replied to
	Grade    *grade.Grade  // nil: not graded, or not yet
	Disputed []grade.Grade // what disputes led to, beside the grade

	Took      time.Duration // since it was asked for; 0: not known
	FirstWord time.Duration // until its first word, of that; 0: not known
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
	current  int      // the turn asked about last
	lines    []string // ids of the lines that were said
	finished bool
	pace     pace
}

// apply takes one event in. An event that makes no sense where it stands is
// ignored, so that a record from another version can still be read.
func (h *history) apply(e Event) {
	h.pace = h.pace.to(e.At)
	if e.Kind == Started && e.Plan != nil {
		h.started, h.plan = e.At, *e.Plan
		h.turns = make([]Turn, len(e.Plan.Questions))
		for i, q := range e.Plan.Questions {
			h.turns[i].Question = q
		}
		return
	}
	if e.Line != "" {
		h.lines = append(h.lines[:len(h.lines):len(h.lines)], e.Line)
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
		t.asked, t.waiting, t.closed, t.back = true, &e, false, 0
		t.followUps = append(t.followUps, e.Point)
		if e.Point == "" {
			t.followUps = nil // a new try
		}
	case Clarified:
		t.back++
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
			if !e.Resumed {
				a.Took, a.FirstWord = e.At.Sub(t.waiting.At), time.Duration(e.FirstWordMS)*time.Millisecond
			}
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
	if total == nil || total.Score == nil || tries[len(tries)-1][0].Grade.Has(grade.FlagDontKnow) {
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
	var scores mean
	for i := range h.turns {
		t := &h.turns[i]
		if len(t.Answers) > 0 {
			s.Answered++
		}
		if g := t.Total(); g != nil && g.Score != nil && !h.sealed() {
			scores.add(*g.Score)
			s.Grader = mixed(s.Grader, g.Grader.Kind)
		}
	}
	s.Score = scores.score()
	return s
}

// mean is the mean of the scores added to it.
type mean struct{ sum, n int }

func (m *mean) add(score int) { m.sum, m.n = m.sum+score, m.n+1 }

// score is the mean rounded half up; nil where there is none.
func (m *mean) score() *int {
	if m.n == 0 {
		return nil
	}
	score := (2*m.sum + m.n) / (2 * m.n)
	return &score
}

// ByBoth is the grader of an interview in which a model and the estimator both graded.
const ByBoth grade.Kind = "mixed"

func mixed(a, b grade.Kind) grade.Kind {
	if a == "" || a == b {
		return b
	}
	return ByBoth
}

// longestPause is how long nothing may happen in an interview before the
// candidate is taken to have left it.
const longestPause = 5 * time.Minute

// pace is how much time an interview took, as the times of its events tell.
type pace struct {
	spent time.Duration
	last  time.Time // of the newest event
}

// to returns the pace as of at. A pause that is too long is not counted.
func (p pace) to(at time.Time) pace {
	if gap := at.Sub(p.last); !p.last.IsZero() && gap > 0 && gap <= longestPause {
		p.spent += gap
	}
	p.last = at
	return p
}

// timeOver reports whether the plan's time is over at now.
func (h *history) timeOver(now time.Time) bool {
	limit := time.Duration(h.plan.Minutes) * time.Minute
	return limit > 0 && h.pace.to(now).spent >= limit
}
