package interviewer

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"viva/content"
)

func keys(qs []content.Question) []string {
	var keys []string
	for _, q := range qs {
		keys = append(keys, q.Key())
	}
	return keys
}

// askedAll is a past in which each of the questions was asked once on Monday.
func askedAll(qs []content.Question, score int) []Past {
	var past []Past
	for _, q := range qs {
		past = append(past, on(0, q.Key(), score))
	}
	return past
}

func checkApart(t *testing.T, qs []content.Question) {
	t.Helper()
	for i, q := range qs {
		for _, o := range qs[:i] {
			if related(q, o) || q.Key() == o.Key() {
				t.Errorf("%s and %s in one interview", o.ID, q.ID)
			}
		}
	}
}

func TestAFirstInterviewMixesTopicsAndLevels(t *testing.T) {
	t.Parallel()
	all := content.Builtin().Questions
	for range 40 {
		p := MakePlan(all, PlanOptions{Questions: 5, Now: monday})
		topics, levels := map[string]int{}, map[content.Level]int{}
		for _, q := range p.Questions {
			topics[q.Topic]++
			levels[q.Level]++
		}
		if len(p.Questions) != 5 || len(topics) != 5 || len(levels) != 3 {
			t.Errorf("%d questions over %d topics and %d levels, want 5, 5 and 3", len(p.Questions), len(topics), len(levels))
		}
		checkApart(t, p.Questions)
	}
}

func TestAboutHalfIsDueAndComesFirst(t *testing.T) {
	t.Parallel()
	all := content.Builtin().Questions
	past := askedAll(all[:60], 30)
	for n, due := range map[int]int{1: 1, 2: 1, 4: 2, 5: 3, 10: 5} {
		p := MakePlan(all, PlanOptions{Questions: n, Past: past, Now: monday.Add(2 * day)})
		asked := keys(all[:60])
		for i, q := range p.Questions {
			if was := slices.Contains(asked, q.Key()); was != (i < due) {
				t.Errorf("%d questions: number %d was asked before: %v, want the first %d to be due and the others new", n, i+1, was, due)
			}
		}
		checkApart(t, p.Questions)
	}
}

func TestWhatIsNotDueIsNotRepeated(t *testing.T) {
	t.Parallel()
	all := content.Builtin().Questions
	past := askedAll(all[:150], 90)
	for range 20 {
		p := MakePlan(all, PlanOptions{Questions: 10, Past: past, Now: monday.Add(3 * day)})
		for _, q := range p.Questions {
			if slices.Contains(keys(all[:150]), q.Key()) {
				t.Errorf("%s was answered well three days ago", q.ID)
			}
		}
	}
}

func TestWhenAllWasAskedTheLongestAgoComesAgain(t *testing.T) {
	t.Parallel()
	qs := []content.Question{fruit("one"), fruit("two"), fruit("three"), fruit("four")}
	past := []Past{on(3, "aws:one", 90), on(1, "aws:two", 90), on(0, "aws:three", 90), on(2, "aws:four", 90)}
	p := MakePlan(qs, PlanOptions{Questions: 3, Past: past, Now: monday.Add(3 * day)})
	if diff := cmp.Diff([]string{"aws:three", "aws:two", "aws:four"}, keys(p.Questions)); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

func TestNearDuplicatesComeOnlyWhenThereIsNothingElse(t *testing.T) {
	t.Parallel()
	a, b, c, d := fruit("a"), fruit("b"), fruit("c"), fruit("d")
	a.Related = []string{"b"}
	c.Related = []string{"a"}
	all := []content.Question{a, b, c, d}
	past := []Past{on(0, "aws:a", 10), on(0, "aws:b", 10)}
	for name, o := range map[string]PlanOptions{
		"mixed":        {Now: monday},
		"due":          {Past: past, Now: monday.Add(9 * day)},
		"with a seed":  {Seed: 5},
		"most wanted":  {Order: Ranked},
		"asked before": {Past: askedAll(all, 90), Now: monday.Add(day)},
	} {
		o.Questions = 2
		checkApart(t, MakePlan(all, o).Questions)
		o.Questions = 4
		if got := len(MakePlan(all, o).Questions); got != 4 {
			t.Errorf("%s: %d questions, want all four where all are wanted", name, got)
		}
	}
}

func TestTheMostWantedStayInTheirOrder(t *testing.T) {
	t.Parallel()
	a, b, c, d := fruit("a"), fruit("b"), fruit("c"), fruit("d")
	b.Related = []string{"a"}
	for n, want := range map[int][]string{
		1: {"aws:a"}, 2: {"aws:a", "aws:c"}, 3: {"aws:a", "aws:c", "aws:d"}, 4: {"aws:a", "aws:b", "aws:c", "aws:d"},
	} {
		p := MakePlan([]content.Question{a, b, c, d}, PlanOptions{Questions: n, Order: Ranked})
		if diff := cmp.Diff(want, keys(p.Questions)); diff != "" {
			t.Errorf("%d questions (-want +got):\n%s", n, diff)
		}
	}
}

func TestTheSameSeedGivesTheSamePlanWhateverTheHistory(t *testing.T) {
	t.Parallel()
	all := content.Builtin().Questions
	for seed := uint64(1); seed < 20; seed++ {
		want := keys(MakePlan(all, PlanOptions{Questions: 5, Seed: seed}).Questions)
		got := MakePlan(all, PlanOptions{Questions: 5, Seed: seed, Past: askedAll(all[:200], 20), Now: monday.Add(9 * day)})
		if diff := cmp.Diff(want, keys(got.Questions)); diff != "" {
			t.Errorf("seed %d (-without a past +with one):\n%s", seed, diff)
		}
	}
}

func TestAPlanByTimeFits(t *testing.T) {
	t.Parallel()
	all := content.Builtin().Questions
	for _, order := range []Order{Mixed, Ranked} {
		for minutes, atLeast := range map[int]int{1: 1, 5: 1, 15: 3, 20: 4, 60: 12} {
			p := MakePlan(all, PlanOptions{Questions: 2, Minutes: minutes, FollowUps: 1, Order: order, Past: askedAll(all[:40], 10), Now: monday.Add(2 * day)})
			var sum time.Duration
			for _, q := range p.Questions {
				sum += Estimate(q, 1)
			}
			if sum > time.Duration(minutes)*time.Minute && len(p.Questions) > 1 || len(p.Questions) < atLeast || p.Minutes != minutes {
				t.Errorf("%d minutes: %d questions of %v, want %d at least", p.Minutes, len(p.Questions), sum, atLeast)
			}
		}
	}
	if got := MakePlan(all, PlanOptions{Minutes: 600, FollowUps: 1}); len(got.Questions) < 120 {
		t.Errorf("600 minutes: %d questions", len(got.Questions))
	}
}

func TestAQuestionIsTakenAsThreeToFiveMinutes(t *testing.T) {
	t.Parallel()
	for _, q := range content.Builtin().Questions {
		if d := Estimate(q, 1); d < 3*time.Minute || d > 5*time.Minute {
			t.Errorf("%s with a follow-up: %v", q.ID, d)
		}
	}
	easy, hard := content.Question{Level: "foundation"}, content.Question{Level: "advanced", Points: make([]content.Point, 9)}
	if Estimate(easy, 1) != 3*time.Minute || Estimate(hard, 1) != 5*time.Minute || Estimate(hard, 0) != 4*time.Minute {
		t.Errorf("estimates %v, %v, %v, want 3m, 5m, and 4m without a follow-up", Estimate(easy, 1), Estimate(hard, 1), Estimate(hard, 0))
	}
}

// clock is a time that a test moves on.
type clock struct{ at time.Time }

func (c *clock) now() time.Time        { return c.at }
func (c *clock) after(d time.Duration) { c.at = c.at.Add(d) }
func timed(t *testing.T, minutes int) (fixture, *clock) {
	t.Helper()
	p := plan(1)
	p.Minutes = minutes
	f := start(t, p, nil)
	c := &clock{at: f.tape.events[0].At}
	f.now = c.now
	return f, c
}

func TestNoFurtherQuestionIsBegunWhenTheTimeIsOver(t *testing.T) {
	t.Parallel()
	f, c := timed(t, 6)
	f.next(t)
	c.after(4 * time.Minute)
	f.answer(t, "pear")
	c.after(3 * time.Minute)
	if ask := f.next(t); ask.Point != "apple" {
		t.Errorf("after the time: %+v, want the follow-up of the question under way", ask)
	}
	f.answer(t, "an apple")
	if ask, ok, err := f.Next(t.Context()); ok || err != nil || !f.TimeOver() {
		t.Errorf("after the question under way: %+v, %v, time over %v", ask, err, f.TimeOver())
	}
	r, err := f.Finish(t.Context())
	if err != nil || r.State != Done || len(r.Turns) != 1 {
		t.Errorf("report: %s, %d turns, %v", r.State, len(r.Turns), err)
	}
}

func TestAnInterviewWithoutATimeIsNeverOver(t *testing.T) {
	t.Parallel()
	f, c := timed(t, 0)
	f.next(t)
	for range 1000 {
		c.after(4 * time.Minute)
		if _, err := f.Hint(t.Context()); err != nil {
			break
		}
	}
	f.answer(t, "apple pear fig")
	if ask := f.next(t); ask.Turn != 1 || f.TimeOver() {
		t.Errorf("next: %+v, time over %v", ask, f.TimeOver())
	}
}

func TestABreakDoesNotCount(t *testing.T) {
	t.Parallel()
	f, c := timed(t, 10)
	f.next(t)
	c.after(time.Hour)
	f.answer(t, "apple pear fig")
	c.after(24 * time.Hour)
	s := Resume(Record{ID: "s1", Events: slices.Clone(f.tape.events)}, f.examiner, &tape{})
	s.now = c.now
	if _, ok, err := s.Next(t.Context()); !ok || err != nil {
		t.Errorf("after two breaks: %v, %v, want the second question", ok, err)
	}
}

func TestAResumedInterviewHasTheTimeThatWasLeft(t *testing.T) {
	t.Parallel()
	f, c := timed(t, 6)
	f.next(t)
	c.after(5 * time.Minute)
	f.answer(t, "apple pear fig")
	c.after(24 * time.Hour)
	s := Resume(Record{ID: "s1", Events: slices.Clone(f.tape.events)}, f.examiner, &tape{})
	s.now = c.now
	if s.TimeOver() {
		t.Error("over after five minutes of six")
	}
	if _, err := s.Estimate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := s.Next(t.Context()); !ok {
		t.Error("no second question after five minutes of six")
	}
	c.after(2 * time.Minute)
	if !s.TimeOver() {
		t.Error("not over after seven minutes of six")
	}
}
