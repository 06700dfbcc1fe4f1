package interviewer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"viva/content"
	"viva/interviewer/grade"
)

// tape is a Recorder that remembers.
type tape struct {
	events    []Event
	summaries []Summary
	draft     string
	fail      error
}

func (r *tape) Append(_ context.Context, e Event, s Summary) error {
	if r.fail != nil {
		return r.fail
	}
	r.events, r.summaries = append(r.events, e), append(r.summaries, s)
	return nil
}

func (r *tape) SaveDraft(_ context.Context, _, text string) error {
	r.draft = text
	return nil
}

func (r *tape) kinds() string {
	var kinds []string
	for _, e := range r.events {
		k := string(e.Kind)
		if e.Point != "" {
			k += ":" + e.Point
		}
		kinds = append(kinds, k)
	}
	return strings.Join(kinds, " ")
}

// own retrieves the question itself and no neighbours.
type own struct{}

func (own) Retrieve(_ context.Context, q content.Question, _ string) (content.Reference, error) {
	return content.Reference{Question: q}, nil
}

// words grades a point as met when the answer holds its id.
type words struct {
	kind grade.Kind
	err  error
	seen []grade.Submission
}

func (w *words) Grade(_ context.Context, s grade.Submission) (grade.Grade, error) {
	w.seen = append(w.seen, s)
	if w.err != nil {
		return grade.Grade{}, w.err
	}
	g := grade.Grade{Question: s.Reference.Question.Ref(), Grader: grade.Grader{Kind: w.kind, Name: "words"}}
	for _, p := range s.Reference.Question.Points {
		if s.Only != nil && !slices.Contains(s.Only, p.ID) {
			continue
		}
		pg := grade.PointGrade{ID: p.ID, Text: p.Text, Weight: p.Weight, Verdict: grade.Missed}
		if strings.Contains(s.Answer, p.ID) {
			pg.Verdict, pg.Credit, pg.Quote = grade.Met, 1, p.ID
		}
		g.Points = append(g.Points, pg)
	}
	score := grade.Score(g.Points, 0, 100)
	g.Score, g.Band = &score, grade.Band(score)
	if strings.Contains(s.Answer, "no idea") {
		g.Flags = append(g.Flags, grade.FlagDontKnow)
	}
	g.Feedback = g.Remark("")
	if w.kind == grade.ByModel {
		g.Feedback = "The model's own words."
	}
	return g, nil
}

// fruit asks for a (weight 3), b (2) and c (1), and can follow up on a and b.
func fruit(id string) content.Question {
	return content.Question{
		Bank: "aws", ID: id, Text: "Name the fruit of " + id + "?", Answer: "a, b and c.", AskedAs: []string{"fruit?"},
		Points: []content.Point{{ID: "apple", Text: "An apple.", Weight: 3}, {ID: "pear", Text: "A pear.", Weight: 2}, {ID: "fig", Text: "A fig.", Weight: 1}},
		FollowUps: []content.FollowUp{
			{Point: "pear", Ask: "Which one is green?"}, {Point: "apple", Ask: "Which one did Newton watch?"},
		},
	}
}

func plan(followUps int) Plan {
	return Plan{Questions: []content.Question{fruit("one"), fruit("two")}, FollowUps: followUps}
}

type fixture struct {
	*Session
	tape     *tape
	estimate *words
	model    *words
}

func start(t *testing.T, p Plan, change func(*Examiner)) fixture {
	t.Helper()
	f := fixture{tape: &tape{}, estimate: &words{kind: grade.ByEstimate}, model: &words{kind: grade.ByModel}}
	x := Examiner{Retriever: own{}, Estimate: f.estimate}
	if change != nil {
		change(&x)
		if m, ok := x.Model.(*words); ok {
			f.model = m
		}
	}
	s, err := Start(t.Context(), "s1", p, x, f.tape)
	if err != nil {
		t.Fatal(err)
	}
	s.now = func() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }
	f.Session = s
	return f
}

func (f fixture) next(t *testing.T) Ask {
	t.Helper()
	ask, ok, err := f.Next(t.Context())
	if err != nil || !ok {
		t.Fatalf("Next: %v, %v", ok, err)
	}
	return ask
}

func (f fixture) answer(t *testing.T, text string) Outcome {
	t.Helper()
	out, err := f.Answer(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAnInterviewAsksGradesFollowsUpAndReports(t *testing.T) {
	t.Parallel()
	f := start(t, plan(1), nil)
	if ask := f.next(t); ask.Turn != 0 || ask.Of != 2 || ask.FollowUp() {
		t.Fatalf("first ask: %+v", ask)
	}
	if out := f.answer(t, "a pear"); *out.Grade.Score != 33 || *out.Total.Score != 33 {
		t.Errorf("first grade %d, total %d, want 33 both", *out.Grade.Score, *out.Total.Score)
	}
	ask := f.next(t)
	if ask.Point != "apple" || ask.Text != "Which one did Newton watch?" {
		t.Fatalf("follow-up: %+v, want the heaviest missed point", ask)
	}
	out := f.answer(t, "the apple")
	if diff := cmp.Diff([]string{"apple", "fig"}, f.estimate.seen[1].Only); diff != "" {
		t.Errorf("points graded in the follow-up (-want +got):\n%s", diff)
	}
	if *out.Total.Score != 71 { // 33 + ¾ · 3/6
		t.Errorf("total after the follow-up: %d, want 71", *out.Total.Score)
	}
	if ask := f.next(t); ask.Turn != 1 {
		t.Fatalf("after one follow-up: %+v, want the second question", ask)
	}
	f.answer(t, "apple pear fig")
	if ask, ok, _ := f.Next(t.Context()); ok {
		t.Fatalf("after a perfect answer and the last question: %+v", ask)
	}
	r, err := f.Finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if *r.Score != 86 || r.State != Done || len(r.Turns) != 2 || len(r.Turns[0].Answers) != 2 {
		t.Errorf("report: score %d, %s, %d turns", *r.Score, r.State, len(r.Turns))
	}
	want := "started asked answered graded asked:apple answered:apple graded:apple asked answered graded finished"
	if got := f.tape.kinds(); got != want {
		t.Errorf("events: %s\nwant:   %s", got, want)
	}
}

// wording is a model that words a follow-up on the apple.
type wording struct{ *words }

func (w wording) Grade(ctx context.Context, s grade.Submission) (grade.Grade, error) {
	g, err := w.words.Grade(ctx, s)
	g.FollowUp = &grade.FollowUp{Point: "apple", Ask: "And which one falls?"}
	return g, err
}

func TestAFollowUpOfTheModelComesBeforeTheBanks(t *testing.T) {
	t.Parallel()
	f := start(t, plan(1), func(x *Examiner) { x.Model = wording{&words{kind: grade.ByModel}} })
	f.next(t)
	f.answer(t, "a pear")
	if ask := f.next(t); ask.Point != "apple" || ask.Text != "And which one falls?" {
		t.Errorf("follow-up %+v, want the model's words", ask)
	}
}

func TestTheRecordAloneRebuildsTheReport(t *testing.T) {
	t.Parallel()
	f := start(t, plan(1), nil)
	f.next(t)
	f.answer(t, "pear")
	f.next(t)
	f.answer(t, "apple")
	f.next(t)
	if _, err := f.Skip(t.Context()); err != nil {
		t.Fatal(err)
	}
	want, err := f.Finish(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, BuildReport(Record{ID: "s1", Events: f.tape.events})); diff != "" {
		t.Errorf("report from the record (-session +record):\n%s", diff)
	}
}

func TestResumeStandsWhereTheSessionStopped(t *testing.T) {
	t.Parallel()
	f := start(t, plan(1), nil)
	script := []func(){
		func() { f.next(t) }, func() { f.answer(t, "pear") }, func() { f.next(t) }, func() { f.answer(t, "no") },
		func() { f.next(t) }, func() { f.answer(t, "fig") }, func() { f.next(t) },
	}
	for i, step := range script {
		step()
		resumed := Resume(Record{ID: "s1", Events: slices.Clone(f.tape.events)}, f.examiner, &tape{})
		if diff := cmp.Diff(f.Report(), resumed.Report()); diff != "" {
			t.Errorf("after step %d (-live +resumed):\n%s", i, diff)
		}
		got, ok, err := resumed.Next(t.Context())
		if err != nil || !ok {
			t.Fatalf("after step %d: Next: %v, %v", i, ok, err)
		}
		live := start(t, plan(1), nil)
		live.history = f.history.copy()
		want, _, _ := live.Next(t.Context())
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after step %d, next ask (-live +resumed):\n%s", i, diff)
		}
	}
}

func TestAnAnswerIsRecordedBeforeItIsGraded(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), func(x *Examiner) { x.Estimate = &words{err: errors.New("encoder broke")} })
	f.next(t)
	if _, err := f.Answer(t.Context(), "apple"); err == nil {
		t.Fatal("the failing grader gave no error")
	}
	if last := f.tape.events[len(f.tape.events)-1]; last.Kind != Answered || last.Text != "apple" {
		t.Errorf("last event: %+v, want the answer", last)
	}
	resumed := Resume(Record{ID: "s1", Events: f.tape.events}, Examiner{Retriever: own{}, Estimate: &words{kind: grade.ByEstimate}}, &tape{})
	if resumed.Waiting() != 1 {
		t.Fatalf("%d answers wait for a grade after resuming, want 1", resumed.Waiting())
	}
	if outs, err := resumed.Retry(t.Context()); err != nil || len(outs) != 1 || *outs[0].Grade.Score != 50 {
		t.Errorf("grades after resuming: %+v, %v, want 50", outs, err)
	}
}

func TestWhatCannotBeRecordedDoesNotHappen(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	if _, err := Start(t.Context(), "s1", plan(0), Examiner{}, &tape{fail: full}); !errors.Is(err, full) || !errors.Is(err, ErrRecording) {
		t.Errorf("Start on a full disk: %v", err)
	}
	f := start(t, plan(0), nil)
	f.next(t)
	f.tape.fail = full
	if _, err := f.Answer(t.Context(), "apple"); !errors.Is(err, ErrRecording) {
		t.Errorf("Answer on a full disk: %v", err)
	}
	f.tape.fail = nil
	if out := f.answer(t, "apple"); *out.Grade.Score != 50 {
		t.Errorf("the answer given again: %d, want 50", *out.Grade.Score)
	}
}

var errDown = errors.New("the model is down")

func TestAFailingModelLeavesAnEstimateThatSaysSo(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), func(x *Examiner) { x.Model = &words{err: errDown} })
	f.next(t)
	out := f.answer(t, "apple")
	if !errors.Is(out.Failure, errDown) || out.Grade.Grader.Kind != grade.ByEstimate || !out.Grade.Has(grade.FlagModelFailed) {
		t.Errorf("failure %v, grader %v, flags %v", out.Failure, out.Grade.Grader, out.Grade.Flags)
	}
}

func TestAFailingModelMayLeaveTheAnswerWaiting(t *testing.T) {
	t.Parallel()
	model := &words{kind: grade.ByModel, err: errDown}
	f := start(t, plan(1), func(x *Examiner) { x.Model, x.Wait = model, true })
	f.next(t)
	out := f.answer(t, "pear")
	if !out.Wait || out.Grade != nil || !errors.Is(out.Failure, errDown) {
		t.Fatalf("outcome %+v, want it to wait", out)
	}
	if ask := f.next(t); ask.Turn != 1 {
		t.Fatalf("next after a waiting answer: %+v, want the second question", ask)
	}
	f.answer(t, "apple")
	if f.Waiting() != 2 {
		t.Errorf("%d answers wait, want 2", f.Waiting())
	}
	if outs, err := f.Retry(t.Context()); err != nil || len(outs) != 1 || !outs[0].Wait {
		t.Errorf("while the model is down: %+v, %v, want the first to wait on", outs, err)
	}
	model.err = nil
	if outs, err := f.Retry(t.Context()); err != nil || len(outs) != 2 || f.Waiting() != 0 {
		t.Errorf("after the model is back: %+v, %v, %d wait", outs, err, f.Waiting())
	}
	if r := f.Report(); r.Grader != grade.ByModel || *r.Score != 42 { // (33 + 50) / 2
		t.Errorf("report: %s, %d", r.Grader, *r.Score)
	}
}

func TestAWaitingAnswerCanBeEstimated(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), func(x *Examiner) { x.Model, x.Wait = &words{err: errDown}, true })
	f.next(t)
	f.answer(t, "apple")
	outs, err := f.Estimate(t.Context())
	if err != nil || len(outs) != 1 || outs[0].Grade.Grader.Kind != grade.ByEstimate || f.Waiting() != 0 {
		t.Errorf("estimate: %+v, %v", outs, err)
	}
}

func TestACancelledGradeIsNoFailureOfTheModel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	f := start(t, plan(0), func(x *Examiner) { x.Model = cancelling{cancel} })
	f.next(t)
	if _, err := f.Answer(ctx, "apple"); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context.Canceled", err)
	}
	if f.Waiting() != 1 {
		t.Errorf("%d answers wait, want the cancelled one", f.Waiting())
	}
}

type cancelling struct{ cancel func() }

func (c cancelling) Grade(ctx context.Context, _ grade.Submission) (grade.Grade, error) {
	c.cancel()
	return grade.Grade{}, ctx.Err()
}

func TestAgainCountsTheFirstTryAndShowsTheBest(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), nil)
	f.next(t)
	f.answer(t, "pear")
	f.next(t) // the second question stands there already
	if err := f.Again(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ask := f.next(t); ask.Turn != 0 {
		t.Fatalf("after Again: %+v, want the first question", ask)
	}
	if out := f.answer(t, "apple pear fig"); *out.Total.Score != 100 {
		t.Errorf("second try: %d, want 100", *out.Total.Score)
	}
	if r := f.Report().Turns[0]; *r.Score != 33 || *r.Best != 100 {
		t.Errorf("score %d, best %d, want 33 and 100", *r.Score, *r.Best)
	}
	if ask := f.next(t); ask.Turn != 1 {
		t.Errorf("then: %+v, want the second question that still waits", ask)
	}
	if out := f.answer(t, "apple"); out.Turn != 1 || *out.Total.Score != 50 {
		t.Errorf("its answer: %+v, want it graded as the second question's", out)
	}
	if err := f.Again(t.Context()); err != nil {
		t.Fatal(err)
	}
	if ask := f.next(t); ask.Turn != 1 {
		t.Errorf("Again after it: %+v, want the second question", ask)
	}
}

func TestHintsCostAndEnd(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), nil)
	f.next(t)
	var hints []string
	for {
		h, err := f.Hint(t.Context())
		if errors.Is(err, ErrNoHint) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		hints = append(hints, h)
	}
	if diff := cmp.Diff([]string{"Which one did Newton watch?", "Which one is green?"}, hints); diff != "" {
		t.Errorf("hints (-want +got):\n%s", diff)
	}
	if out := f.answer(t, "apple pear fig"); *out.Total.Score != 90 {
		t.Errorf("score with two hints: %d, want 90", *out.Total.Score)
	}
}

func TestSkippingIsNoZero(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), nil)
	f.next(t)
	if _, err := f.Skip(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.next(t)
	f.answer(t, "apple")
	if r := f.Report(); *r.Score != 50 || !r.Turns[0].Skipped || r.Turns[0].Score != nil {
		t.Errorf("report: %d, first turn %+v", *r.Score, r.Turns[0])
	}
}

func TestAnExamHoldsBack(t *testing.T) {
	t.Parallel()
	p := plan(2)
	p.Exam = true
	f := start(t, p, nil)
	f.next(t)
	if _, err := f.Hint(t.Context()); !errors.Is(err, ErrExam) {
		t.Errorf("a hint in an exam: %v", err)
	}
	f.answer(t, "pear")
	if err := f.Again(t.Context()); !errors.Is(err, ErrExam) {
		t.Errorf("a second try in an exam: %v", err)
	}
	if ask := f.next(t); ask.FollowUp() {
		t.Errorf("a follow-up in an exam: %+v", ask)
	}
}

func TestDispute(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), nil)
	f.next(t)
	if _, err := f.Dispute(t.Context(), "apple", "I did say it"); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("before an answer: %v", err)
	}
	f.answer(t, "pear")
	if _, err := f.Dispute(t.Context(), "apple", "I did say it"); !errors.Is(err, ErrNoModel) {
		t.Errorf("without a model: %v", err)
	}
	model := &words{kind: grade.ByModel}
	m := start(t, plan(0), func(x *Examiner) { x.Model = model })
	m.next(t)
	m.answer(t, "pear")
	if _, err := m.Dispute(t.Context(), "plum", "why not"); !errors.Is(err, ErrNoPoint) {
		t.Errorf("an unknown point: %v", err)
	}
	if _, err := m.Dispute(t.Context(), "apple", "I did say it"); err != nil {
		t.Fatal(err)
	}
	if d := model.seen[1].Dispute; d == nil || d.Because != "I did say it" {
		t.Errorf("what the model was told: %+v", d)
	}
	if r := m.Report(); *r.Score != 33 || len(m.Turn(0).Answers[0].Disputed) != 1 {
		t.Errorf("score %d with %d disputes, want the first grade and the new one beside it", *r.Score, len(m.Turn(0).Answers[0].Disputed))
	}
}

func TestAnUngradableQuestionIsAskedAndNeverGraded(t *testing.T) {
	t.Parallel()
	q := content.Question{Bank: "mine", ID: "open", Text: "What drives you?"}
	f := start(t, Plan{Questions: []content.Question{q}, FollowUps: 1}, nil)
	f.next(t)
	if out := f.answer(t, "Curiosity."); out.Grade != nil || out.Wait {
		t.Errorf("outcome %+v, want neither a grade nor waiting", out)
	}
	if _, ok, _ := f.Next(t.Context()); ok {
		t.Error("something was asked after the only question")
	}
	if len(f.estimate.seen) != 0 {
		t.Error("the grader was asked")
	}
}

func TestNothingCanBeAnsweredThatWasNotAsked(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), nil)
	if _, err := f.Answer(t.Context(), "apple"); !errors.Is(err, ErrNotAsked) {
		t.Errorf("Answer before Next: %v", err)
	}
	f.next(t)
	if _, err := f.Answer(t.Context(), strings.Repeat("x", MaxAnswer+1)); !errors.Is(err, ErrTooLong) {
		t.Errorf("an answer over the limit: %v", err)
	}
	f.answer(t, "apple")
	if _, err := f.Answer(t.Context(), "apple"); !errors.Is(err, ErrNotAsked) {
		t.Errorf("a second answer to the same question: %v", err)
	}
}

func TestClean(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]struct {
		text     string
		repaired bool
	}{
		"plain":                     {"plain", false},
		"bad \xff byte":             {"bad \uFFFD byte", true},
		"a\r\nb\rc\n":               {"a\nb\nc", false},
		"\x1b[31mred\x1b[0m\a":      {"[31mred[0m", false},
		"\u202Eevil\u2066x":         {"evilx", false},
		"tab\tstays, null\x00 goes": {"tab\tstays, null goes", false},
		"\u009b31mC1":               {"31mC1", false},
	} {
		text, repaired := Clean(in)
		if text != want.text || repaired != want.repaired {
			t.Errorf("Clean(%q) = %q, %v, want %q, %v", in, text, repaired, want.text, want.repaired)
		}
	}
}

func TestMakePlan(t *testing.T) {
	t.Parallel()
	all := content.Builtin().Questions
	for seed := uint64(1); seed < 40; seed++ {
		p := MakePlan(all, PlanOptions{Questions: 8, Seed: seed})
		topics := map[string]bool{}
		for i, q := range p.Questions {
			topics[q.Topic] = true
			for _, o := range p.Questions[:i] {
				if o.ID == q.ID || slices.Contains(o.Related, q.ID) {
					t.Errorf("seed %d: %s and %s in one interview", seed, o.ID, q.ID)
				}
			}
		}
		if len(topics) != 8 {
			t.Errorf("seed %d: %d topics in 8 questions, want 8", seed, len(topics))
		}
		again := MakePlan(all, PlanOptions{Questions: 8, Seed: seed})
		if diff := cmp.Diff(p, again); diff != "" {
			t.Errorf("seed %d gave two plans:\n%s", seed, diff)
		}
	}
	for name, test := range map[string]struct {
		o    PlanOptions
		want int
	}{
		"more than there are": {PlanOptions{Questions: 500}, len(all)},
		"in order":            {PlanOptions{Questions: 3, Order: Exact}, 3},
		"none":                {PlanOptions{}, 0},
	} {
		if got := len(MakePlan(all, test.o).Questions); got != test.want {
			t.Errorf("%s: %d questions, want %d", name, got, test.want)
		}
	}
}

func ExampleSession() {
	ctx := context.Background()
	x := Examiner{Retriever: own{}, Estimate: &words{kind: grade.ByEstimate}}
	s, err := Start(ctx, "s1", Plan{Questions: []content.Question{fruit("the orchard")}, FollowUps: 1}, x, &tape{})
	for err == nil {
		ask, ok, nextErr := s.Next(ctx)
		if err = nextErr; err != nil || !ok {
			break
		}
		fmt.Println(ask.Text)
		var out Outcome
		if out, err = s.Answer(ctx, "the apple"); err == nil {
			fmt.Println(*out.Total.Score)
		}
	}
	// Output:
	// Name the fruit of the orchard?
	// 50
	// Which one is green?
	// 50
}
