package interviewer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"viva/content"
	"viva/interviewer/grade"
)

// market is a plan of n questions whose topics alternate between two.
func market(n int) Plan {
	p := Plan{FollowUps: 1, Titles: map[string]string{"orchard": "the orchard"}}
	for i := range n {
		q := fruit(fmt.Sprintf("q%d", i))
		q.Topic = []string{"orchard", "orchard", "hot-house"}[i%3]
		p.Questions = append(p.Questions, q)
	}
	return p
}

func TestNothingIsSaidTwiceInAnInterview(t *testing.T) {
	t.Parallel()
	f := start(t, market(12), nil)
	said := map[string]int{}
	for {
		ask, ok, err := f.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		if ask.Lead != "" {
			said[ask.Lead]++
		}
		switch {
		case ask.FollowUp():
			said[f.answer(t, "apple").Grade.Feedback]++
		case ask.Turn%4 == 3:
			text, err := f.Skip(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			said[text]++
		default:
			said[f.answer(t, "a pear").Grade.Feedback]++
		}
	}
	if len(said) < 25 {
		t.Errorf("%d different lines, want one for each step", len(said))
	}
	for text, n := range said {
		if n > 1 {
			t.Errorf("said %d times: %s", n, text)
		}
	}
}

func TestFeedbackOpensWithWhatWasRight(t *testing.T) {
	t.Parallel()
	f := start(t, market(1), nil)
	f.next(t)
	g := f.answer(t, "a pear").Grade
	if !strings.Contains(g.Feedback, "“pear”") || !strings.HasSuffix(g.Feedback, "To add next time: An apple.") {
		t.Errorf("feedback: %s", g.Feedback)
	}
	if ask := f.next(t); !strings.Contains(ask.Lead, "pear") {
		t.Errorf("the follow-up starts with %q, want it to start from what was right", ask.Lead)
	}
}

func TestAFollowUpStartsFromTheTryBeforeIt(t *testing.T) {
	t.Parallel()
	f := start(t, market(1), nil)
	f.next(t)
	f.answer(t, "a pear")
	f.next(t)
	f.answer(t, "nothing more")
	if err := f.Again(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.next(t)
	f.answer(t, "a fig")
	if ask := f.next(t); !ask.FollowUp() || !strings.Contains(ask.Lead, "fig") {
		t.Errorf("asked %+v, want a follow-up that starts from the fig", ask)
	}
}

func TestTheWordsOfAModelStay(t *testing.T) {
	t.Parallel()
	f := start(t, market(1), func(x *Examiner) { x.Model = &words{kind: grade.ByModel} })
	f.next(t)
	if g := f.answer(t, "a pear").Grade; g.Feedback != "The model's own words." {
		t.Errorf("feedback: %s", g.Feedback)
	}
}

func TestABridgeNamesTheNextTopic(t *testing.T) {
	t.Parallel()
	f := start(t, market(4), nil)
	var leads []string
	for range 4 {
		leads = append(leads, f.next(t).Lead)
		if _, err := f.Skip(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if leads[0] != "" {
		t.Errorf("before the first question: %q, want nothing", leads[0])
	}
	if !strings.Contains(leads[1], "the orchard") || !strings.Contains(leads[2], "hot house") {
		t.Errorf("leads %q, want the topics' names", leads)
	}
	if strings.Contains(leads[3], "orchard") {
		t.Errorf("before the last question: %q, want that it is the last", leads[3])
	}
}

func TestWhoDoesNotKnowIsToldAndNotAskedOn(t *testing.T) {
	t.Parallel()
	f := start(t, market(2), nil)
	f.next(t)
	out := f.answer(t, "no idea, sorry")
	if !out.Tell || out.Due != "" || strings.Contains(out.Grade.Feedback, "came across") {
		t.Errorf("outcome %+v, feedback %q, want the reference shown, kindly", out, out.Grade.Feedback)
	}
	if ask := f.next(t); ask.Turn != 1 {
		t.Errorf("then %+v, want the next question", ask)
	}
}

func TestWhoAsksBackGetsAReplyAndTheQuestionStaysOpen(t *testing.T) {
	t.Parallel()
	clear := func(_ context.Context, q content.Question, asked, back string) (string, error) {
		if back == "Do you mean fruit or veg?" {
			return "Fruit. Of " + q.ID + ".", nil
		}
		return "", errors.New("no idea")
	}
	f := start(t, market(1), func(x *Examiner) { x.Clarify = clear })
	f.next(t)
	if out := f.answer(t, "Do you mean fruit or veg?"); out.Clarified != "Fruit. Of q0." || out.Grade != nil {
		t.Errorf("outcome %+v, want the reply alone", out)
	}
	out := f.answer(t, "What do you expect?")
	if out.Clarified == "" || out.Grade != nil {
		t.Errorf("a reply that failed: %+v, want a line of ours", out)
	}
	if ask := f.next(t); ask.Turn != 0 || ask.FollowUp() {
		t.Errorf("then %+v, want the same question", ask)
	}
	if out := f.answer(t, "Should I say apple?"); out.Grade == nil {
		t.Errorf("the third time: %+v, want it taken as an answer", out)
	}
	if r := f.Report(); len(r.Turns[0].Answers) != 1 {
		t.Errorf("%d answers in the report, want 1", len(r.Turns[0].Answers))
	}
}

func TestOnlyQuestionsToTheInterviewerAskBack(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Do you mean cost or latency?":               true,
		"should I assume one region?":                true,
		"Could you explain that?":                    true,
		"what do you mean by cold?":                  true,
		"provisioned concurrency?":                   false,
		"Is it the load balancer?":                   false,
		"Do you mean cost? I would say it is cheap.": false,
		"":  false,
		"?": false,
		strings.Repeat("do you mean this ", 20) + "?": false,
	} {
		if got := isAskingBack(text); got != want {
			t.Errorf("isAskingBack(%q) = %v, want %v", text, got, want)
		}
	}
}

func TestAResumedInterviewSaysNothingAgain(t *testing.T) {
	t.Parallel()
	f := start(t, market(6), nil)
	f.next(t)
	f.answer(t, "a pear")
	lead := f.next(t).Lead
	resumed := Resume(Record{ID: "s1", Events: slices.Clone(f.tape.events)}, f.examiner, f.tape)
	ask, ok, err := resumed.Next(t.Context())
	if err != nil || !ok || ask.Lead != lead {
		t.Errorf("resumed with %q, %v, want what was said before it stopped: %q", ask.Lead, err, lead)
	}
	if len(resumed.history.lines) != len(f.history.lines) || len(f.history.lines) < 2 {
		t.Errorf("lines said: %v, resumed %v", f.history.lines, resumed.history.lines)
	}
}

func TestAnotherTryKnowsWhatTheFirstOneHad(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), nil)
	f.next(t)
	if out := f.answer(t, "a fig"); out.First != nil {
		t.Errorf("the first try knows of one before it: %d", *out.First)
	}
	if err := f.Again(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.next(t)
	if out := f.answer(t, "apple, pear and fig"); out.First == nil || *out.First != 17 || *out.Total.Score != 100 {
		t.Errorf("outcome %+v, want the first try's 17 beside 100", out)
	}
}

func TestAQuestionIsPutInOtherWordsThatAskAndTellNothing(t *testing.T) {
	t.Parallel()
	q := fruit("one")
	q.AskedAs = []string{"fruit basket keywords", "which fruit is it?", "Tell me what grows there", "is it an apple that Newton watched?"}
	q.Points[0].Text = "Newton watched an apple fall."
	want := []string{"which fruit is it?", "Tell me what grows there"}
	if got := Rephrased(q); !slices.Equal(got, want) {
		t.Errorf("Rephrased = %q, want %q", got, want)
	}
}

func TestWhatIsAskedForInWordsIsUnderstood(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Wish{
		"Can I have a hint?":                                WantsHint,
		"give me a hint":                                    WantsHint,
		"Could you repeat the question please?":             WantsRepeat,
		"can you rephrase?":                                 WantsRepeat,
		"I cannot think of anything. Can we skip this one?": WantsSkip,
		"hmm":                                "/time",
		"Let me think...":                    WantsTime,
		"A hint is a nudge.":                 "",
		"skip lists are sorted linked lists": "",
		"":                                   "",
	} {
		if got := WishIn(text); got != want {
			t.Errorf("WishIn(%q) = %q, want %q", text, got, want)
		}
	}
}

// telling is a model that tells how far it is.
type telling struct{ *words }

func (m telling) Grade(ctx context.Context, s grade.Submission) (grade.Grade, error) {
	g, err := m.words.Grade(ctx, s)
	if s.Watch != nil {
		s.Watch(grade.Progress{Points: g.Points[:1], Of: len(g.Points)})
		s.Watch(grade.Progress{Grade: &g, Feedback: "You left the apple out."})
	}
	return g, err
}

func TestWhatAFollowUpMayAskIsNotToldWhileTheModelWorks(t *testing.T) {
	t.Parallel()
	f := start(t, plan(1), func(x *Examiner) { x.Model = telling{&words{kind: grade.ByModel}} })
	var heard []grade.Progress
	f.Watch(func(p grade.Progress) { heard = append(heard, p) })
	f.next(t)
	if g := f.answer(t, "a pear").Grade; g.Points[0].Text != "An apple." {
		t.Errorf("the grade itself lost a point's words: %+v", g.Points[0])
	}
	if len(heard) != 2 || heard[0].Points[0].Text != "" || heard[1].Grade.Points[0].Text != "" || heard[1].Feedback != "" {
		t.Errorf("heard %+v, want the missed point's words left out", heard)
	}
	if heard[1].Grade.Points[1].Text != "A pear." {
		t.Errorf("heard %+v, want the words of the point that was made", heard[1].Grade.Points)
	}
	heard = nil
	f.next(t) // the follow-up, the only one
	f.answer(t, "still a pear")
	if len(heard) != 2 || heard[1].Feedback == "" {
		t.Errorf("heard %+v after the last follow-up, want the feedback", heard)
	}
}

func TestAModelThatFailsAgainAndAgainIsNotAskedAnyMore(t *testing.T) {
	t.Parallel()
	f := start(t, market(5), func(x *Examiner) { x.Model = &words{kind: grade.ByModel, err: errors.New("no reply in three minutes")} })
	var failures []string
	for range 4 {
		f.next(t)
		out := f.answer(t, "apple pear fig")
		if out.Grade == nil || !out.Grade.Has(grade.FlagModelFailed) {
			t.Fatalf("outcome %+v, want an estimate that says the model failed", out)
		}
		failures = append(failures, out.Failure.Error())
	}
	if asked := len(f.model.seen); asked != patience {
		t.Errorf("the model was asked %d times, want %d", asked, patience)
	}
	if failures[1] == failures[2] || failures[2] != failures[3] {
		t.Errorf("failures %q, want the last two to say that it is not asked any more", failures)
	}
}
