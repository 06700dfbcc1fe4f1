package interviewer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"viva/content"
	"viva/interviewer/grade"
	"viva/prompts"
)

// MaxHints is how many hints a question gives.
const MaxHints = 3

// Errors of a session that is asked for what it cannot do now. Each message is
// fit to be shown to the candidate.
var (
	ErrNotAsked  = errors.New("nothing was asked that waits for an answer")
	ErrNoHint    = errors.New("there is no further hint for this question")
	ErrExam      = errors.New("an exam gives no hints, no second try and no feedback before its end")
	ErrNoAnswer  = errors.New("there is no answer yet to come back to")
	ErrNoModel   = errors.New("a dispute is judged by a language model, and none is configured: the estimate stays")
	ErrNoPoint   = errors.New("the grade has no such point")
	ErrUngraded  = errors.New("the last answer has no grade to dispute")
	ErrRecording = errors.New("the interview cannot be recorded")
)

// Session is one interview. Its methods are not safe for concurrent use, save
// SaveDraft and Typed, which may be called while an answer is graded.
type Session struct {
	id       string
	examiner Examiner
	recorder Recorder
	now      func() time.Time
	watch    func(grade.Progress) // nil: nobody
	failed   int                  // how often in a row the model gave no grade
	history  history
	typed    atomic.Int64 // when the answer's first word came, in Unix milliseconds; 0: not said
}

// Watch has f told how far a model has come, while an answer is graded or disputed
// and on the goroutine that does it. What a follow-up may ask about is left out.
func (s *Session) Watch(f func(grade.Progress)) { s.watch = f }

// Ask is what stands before the candidate now.
type Ask struct {
	Turn     int // from 0
	Of       int // how many questions there are
	Question content.Question
	Point    string // the follow-up's point; "": the question itself
	Lead     string // what the interviewer says before it; "": nothing
	Text     string // the words to show
}

// FollowUp reports whether a follow-up is asked.
func (a Ask) FollowUp() bool { return a.Point != "" }

// Outcome is what became of an answer.
type Outcome struct {
	Turn      int
	Point     string       // the follow-up's point; "": the question itself
	Grade     *grade.Grade // of this answer alone; nil: it waits, or cannot be graded
	Total     *grade.Grade // of this try at the question, follow-ups and hints included
	First     *int         // the score of the first try, where this is another; nil: it is the first, or had none
	Failure   error        // why the model gave no grade; nil when it did or was not asked
	Wait      bool         // the answer is kept and waits for its grade
	Opening   string       // what feedback opens with: it names what was right, and nothing that was not; "" where a model worded it
	Tell      bool         // the candidate does not know: show the reference answer
	Clarified string       // the reply to a candidate who asked back; what was asked stays open; "": it was answered
	Due       string       // the point that Next will follow up on: do not give it away; "" for none
}

// Start begins an interview and records its plan under id.
func Start(ctx context.Context, id string, p Plan, x Examiner, r Recorder) (*Session, error) {
	s := &Session{id: id, examiner: x, recorder: r, now: time.Now, history: history{id: id}}
	if err := s.record(ctx, Event{Kind: Started, Plan: &p}); err != nil {
		return nil, err
	}
	return s, nil
}

// Resume goes on with a recorded interview where it stopped.
func Resume(rec Record, x Examiner, r Recorder) *Session {
	s := &Session{id: rec.ID, examiner: x, recorder: r, now: time.Now, history: history{id: rec.ID}}
	for _, e := range rec.Events {
		s.history.apply(e)
	}
	for i := range s.history.turns {
		if w := s.history.turns[i].waiting; w != nil {
			w.Resumed = true
		}
	}
	return s
}

// ID names the session in the journal.
func (s *Session) ID() string { return s.id }

// Plan returns what the interview asks.
func (s *Session) Plan() Plan { return s.history.plan }

// Turn returns turn i as it stands; it shares no state with the session.
func (s *Session) Turn(i int) Turn {
	t := s.history.turns[i]
	t.Answers = append([]Answer(nil), t.Answers...)
	return t
}

// record writes e down and then takes it in.
func (s *Session) record(ctx context.Context, e Event) error {
	e.At = s.now().UTC()
	after := s.history.copy()
	after.apply(e)
	if err := s.recorder.Append(ctx, e, after.summary()); err != nil {
		return fmt.Errorf("%w: %w", ErrRecording, err)
	}
	if e.Kind == Asked {
		s.typed.Store(0)
	}
	s.history = after
	return nil
}

// Next returns what to ask now: the question or follow-up that still waits, a
// due follow-up, or the next question. ok is false when all is asked, or when the
// plan's time is over and nothing under way is left.
func (s *Session) Next(ctx context.Context) (ask Ask, ok bool, err error) {
	h := &s.history
	for i := h.current; i < len(h.turns); i++ {
		t := &h.turns[i]
		if t.waiting != nil {
			return s.ask(i, *t.waiting), true, nil
		}
		if !t.asked && h.timeOver(s.now()) {
			return Ask{}, false, nil
		}
		e := Event{Kind: Asked, Turn: i, Text: t.Question.Text}
		if t.asked {
			e.Point, e.Text = h.dueFollowUp(t)
		}
		if e.Text == "" {
			continue
		}
		lead := s.lead(i, e.Point)
		e.Lead, e.Line = lead.Text, lead.ID
		if err := s.record(ctx, e); err != nil {
			return Ask{}, false, err
		}
		return s.ask(i, e), true, nil
	}
	return Ask{}, false, nil
}

func (s *Session) ask(turn int, e Event) Ask {
	return Ask{Turn: turn, Of: len(s.history.turns), Question: s.history.turns[turn].Question, Point: e.Point, Lead: e.Lead, Text: e.Text}
}

// waiting returns the turn that waits for an answer: the current one or, where a
// retry came between, a later one that was asked before.
func (s *Session) waiting() (int, *Turn, error) {
	for i := s.history.current; i < len(s.history.turns); i++ {
		if s.history.turns[i].waiting != nil {
			return i, &s.history.turns[i], nil
		}
	}
	return 0, nil, ErrNotAsked
}

// TimeOver reports whether the interview's time is over, so that Next begins no
// further question; never where the plan sets no time.
func (s *Session) TimeOver() bool { return s.history.timeOver(s.now()) }

// Answer records text as the answer to what was asked and then grades it. The
// answer is on disk whatever becomes of the grade.
func (s *Session) Answer(ctx context.Context, text string) (Outcome, error) {
	i, t, err := s.waiting()
	if err != nil {
		return Outcome{}, err
	}
	if len(text) > MaxAnswer {
		return Outcome{}, ErrTooLong
	}
	if isAskingBack(text) && t.back < maxBack {
		return s.clarify(ctx, i, text)
	}
	e := Event{Kind: Answered, Turn: i, Point: t.waiting.Point, Text: text, Resumed: t.waiting.Resumed}
	if first := s.typed.Load(); first > 0 && !e.Resumed {
		e.FirstWordMS = max(first-t.waiting.At.UnixMilli(), 0)
	}
	if err := s.record(ctx, e); err != nil {
		return Outcome{}, err
	}
	return s.grade(ctx, i, len(s.history.turns[i].Answers)-1, s.examiner)
}

// Waiting counts the answers that wait for a grade.
func (s *Session) Waiting() int {
	n := 0
	for i := range s.history.turns {
		if s.history.turns[i].ungraded() >= 0 {
			n++
		}
	}
	return n
}

// Retry has the answers that wait graded as [Session.Answer] would, in the
// order they were given, and stops at the first that has to wait on. The error
// is that of Answer; what was graded before it is returned with it.
func (s *Session) Retry(ctx context.Context) ([]Outcome, error) {
	return s.gradeWaiting(ctx, s.examiner)
}

// Estimate is Retry with the estimator alone.
func (s *Session) Estimate(ctx context.Context) ([]Outcome, error) {
	x := s.examiner
	x.Model = nil
	return s.gradeWaiting(ctx, x)
}

func (s *Session) gradeWaiting(ctx context.Context, x Examiner) (graded []Outcome, err error) {
	for i := range s.history.turns {
		for n := s.history.turns[i].ungraded(); n >= 0; n = s.history.turns[i].ungraded() {
			out, err := s.grade(ctx, i, n, x)
			if err != nil {
				return graded, err
			}
			graded = append(graded, out)
			if out.Wait {
				return graded, nil
			}
		}
	}
	return graded, nil
}

// grade has answer n of turn i graded and records the result.
func (s *Session) grade(ctx context.Context, i, n int, x Examiner) (Outcome, error) {
	t := &s.history.turns[i]
	if !t.Question.Graded() {
		return Outcome{Turn: i}, nil
	}
	a := t.Answers[n]
	sub := t.submission(n)
	sub.Watch = s.relay(t)
	res, err := s.examine(ctx, x, sub)
	out := Outcome{Turn: i, Point: a.Point, Grade: res.Grade, Failure: res.Failure, Wait: res.Grade == nil}
	if err != nil || res.Grade == nil {
		return out, err
	}
	res.Grade.Made.Bank = s.history.plan.BankVersion
	opening := s.word(res.Grade)
	if err := s.record(ctx, Event{Kind: Graded, Turn: i, Point: a.Point, Answer: n, Grade: res.Grade, Line: opening.ID}); err != nil {
		return out, err
	}
	t = &s.history.turns[i]
	out.Total = t.totalAt(n)
	if first := t.Total(); len(t.attempts()) > 1 && first != nil {
		out.First = first.Score
	}
	out.Opening = opening.Text
	out.Tell = res.Grade.Has(grade.FlagDontKnow)
	if i == s.history.current {
		out.Due, _ = s.history.dueFollowUp(t)
	}
	return out, nil
}

// patience is how often in a row a model may fail before it is not asked again in
// this sitting, where an estimate is made in its place: each failure may have taken
// minutes.
const patience = 2

// errGaveUp is the failure of a model that is not asked any more.
var errGaveUp = errors.New("the model failed again and again, and is not asked any more in this sitting")

// silent is a model that is not asked.
type silent struct{}

func (silent) Grade(context.Context, grade.Submission) (grade.Grade, error) {
	return grade.Grade{}, errGaveUp
}

func (s *Session) examine(ctx context.Context, x Examiner, sub grade.Submission) (Result, error) {
	if x.Model != nil && x.Estimate != nil && !x.Wait && s.failed >= patience {
		x.Model = silent{}
	}
	res, err := x.Examine(ctx, sub)
	switch {
	case res.Failure != nil:
		s.failed++
	case err == nil && x.Model != nil:
		s.failed = 0
	}
	return res, err
}

// submission is what answer n hands to the grader: for a follow-up, the points
// that were still open.
func (t *Turn) submission(n int) grade.Submission {
	a := t.Answers[n]
	sub := grade.Submission{
		Reference: content.Reference{Question: t.Question},
		Asked:     a.Asked,
		Answer:    a.Text,
	}
	if !a.FollowUp() {
		return sub
	}
	if total := t.totalAt(n); total != nil {
		for _, p := range total.Open() {
			sub.Only = append(sub.Only, p.ID)
		}
	}
	return sub
}

// Skip leaves what was asked without an answer, which is no zero, and returns what
// the interviewer says to it.
func (s *Session) Skip(ctx context.Context) (said string, err error) {
	i, t, err := s.waiting()
	if err != nil {
		return "", err
	}
	line := s.say(prompts.LineSkipped, prompts.LineInput{})
	return line.Text, s.record(ctx, Event{Kind: Skipped, Turn: i, Point: t.waiting.Point, Lead: line.Text, Line: line.ID})
}

// Hint gives the next hint for the question under way; each one costs
// [grade.HintCost] points of its score.
func (s *Session) Hint(ctx context.Context) (string, error) {
	i, t, err := s.waiting()
	switch {
	case err != nil:
		return "", err
	case s.history.plan.Exam:
		return "", ErrExam
	}
	hint := t.nextHint()
	if hint == "" {
		return "", ErrNoHint
	}
	return hint, s.record(ctx, Event{Kind: Hinted, Turn: i, Text: hint})
}

// nextHint takes the follow-up questions not asked yet, the heaviest point's
// first: they lead towards a point and do not give it away.
func (t *Turn) nextHint() string {
	if len(t.Hints) >= MaxHints {
		return ""
	}
	for weight := 3; weight >= 1; weight-- {
		for _, p := range t.Question.Points {
			ask := t.Question.FollowUp(p.ID)
			if p.Weight == weight && ask != "" && !slices.Contains(t.Hints, ask) && !slices.Contains(t.followUps, p.ID) {
				return ask
			}
		}
	}
	return ""
}

// Again reopens the question answered last for another whole try; Next then
// asks it. The first try still counts.
func (s *Session) Again(ctx context.Context) error {
	if s.history.plan.Exam {
		return ErrExam
	}
	i, t := s.history.latest(answered)
	if t == nil {
		return ErrNoAnswer
	}
	return s.record(ctx, Event{Kind: Asked, Turn: i, Text: t.Question.Text})
}

// Attempted returns the question answered or skipped last and asked about no
// more, whose reference answer may be shown; ok is false before there is one,
// and in an exam.
func (s *Session) Attempted() (q content.Question, ok bool) {
	_, t := s.history.latest(func(t *Turn) bool { return (answered(t) || t.Skipped) && t.waiting == nil })
	if t == nil || s.history.plan.Exam {
		return content.Question{}, false
	}
	return t.Question, true
}

// Dispute has the last answer's verdict on a point judged again, with the
// candidate's reason as context. Both grades are kept; the first one counts.
func (s *Session) Dispute(ctx context.Context, point, because string) (grade.Grade, error) {
	i, t := s.history.latest(answered)
	if t == nil {
		return grade.Grade{}, ErrNoAnswer
	}
	n := len(t.Answers) - 1
	a := t.Answers[n]
	switch {
	case s.examiner.Model == nil:
		return grade.Grade{}, ErrNoModel
	case a.Grade == nil:
		return grade.Grade{}, ErrUngraded
	case !a.Grade.HasPoint(point):
		return grade.Grade{}, ErrNoPoint
	}
	sub := t.submission(n)
	sub.Dispute = &grade.Dispute{Point: point, Because: because}
	x := s.examiner
	x.Wait = true
	res, err := x.Examine(ctx, sub)
	if err == nil {
		err = res.Failure
	}
	if err != nil {
		return grade.Grade{}, err
	}
	return *res.Grade, s.record(ctx, Event{Kind: Disputed, Turn: i, Point: point, Text: because, Grade: res.Grade})
}

// Typed says that the first word of the answer to what waits came at that time.
// A view calls it as something is typed or heard; of the calls since the question
// or follow-up was asked the first counts, so it may call it each time. The time
// is recorded with the answer and shown as its [Pace]; no grade depends on it.
func (s *Session) Typed(at time.Time) { s.typed.CompareAndSwap(0, at.UnixMilli()) }

// SaveDraft keeps what is being typed, so that a kill loses at most seconds.
func (s *Session) SaveDraft(ctx context.Context, text string) error {
	return s.recorder.SaveDraft(ctx, s.id, text)
}

// Finish ends the interview and returns its report.
func (s *Session) Finish(ctx context.Context) (Report, error) {
	if !s.history.finished {
		if err := s.record(ctx, Event{Kind: Finished}); err != nil {
			return Report{}, err
		}
	}
	return s.history.report(), nil
}

// Report returns the report as it stands, the interview finished or not.
func (s *Session) Report() Report { return s.history.report() }
