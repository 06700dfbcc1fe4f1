package interviewer

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"viva/interviewer/grade"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// on is question q asked so many days after Monday; a score below 0 is none.
func on(days float64, q string, score int) Past {
	p := Past{Question: q, At: monday.Add(time.Duration(days * float64(day)))}
	if score >= 0 {
		p.Score = &score
	}
	return p
}

func skip(days float64, q string) Past {
	p := on(days, q, -1)
	p.Skipped = true
	return p
}

func TestAQuestionIsDueAgainByHowItWent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		past []Past
		want float64 // days after Monday
	}{
		"poorly, after a day":                        {[]Past{on(0, "q", 49)}, 1},
		"with nothing, after a day":                  {[]Past{on(0, "q", 0)}, 1},
		"so-so, after four":                          {[]Past{on(0, "q", 50)}, 4},
		"nearly well, after four":                    {[]Past{on(0, "q", 79)}, 4},
		"well, after four":                           {[]Past{on(0, "q", 80)}, 4},
		"well twice, after eight more":               {[]Past{on(0, "q", 80), on(4, "q", 80)}, 4 + 8},
		"well three times, after sixteen more":       {[]Past{on(0, "q", 90), on(4, "q", 80), on(12, "q", 100)}, 12 + 16},
		"well again, long overdue":                   {[]Past{on(0, "q", 90), on(100, "q", 90)}, 100 + 8},
		"well again before it was due":               {[]Past{on(0, "q", 90), on(1, "q", 90), on(2, "q", 90)}, 2 + 4},
		"poorly after well":                          {[]Past{on(0, "q", 90), on(4, "q", 90), on(12, "q", 20)}, 12 + 1},
		"well after poorly":                          {[]Past{on(0, "q", 90), on(4, "q", 90), on(12, "q", 20), on(13, "q", 90)}, 13 + 4},
		"skipped, at once":                           {[]Past{skip(0, "q")}, 0},
		"skipped after well, at once":                {[]Past{on(0, "q", 90), skip(4, "q")}, 4},
		"well after skipped, from the beginning":     {[]Past{on(0, "q", 90), on(4, "q", 90), skip(12, "q"), on(12, "q", 90)}, 12 + 4},
		"without a score, after four":                {[]Past{on(0, "q", -1)}, 4},
		"without a score in between, as it was":      {[]Past{on(0, "q", 90), on(4, "q", 90), on(12, "q", -1)}, 12 + 8},
		"told newest first":                          {[]Past{on(12, "q", 90), on(4, "q", 80), on(0, "q", 100)}, 12 + 16},
		"another question's answers beside the same": {[]Past{on(0, "q", 90), on(1, "other", 10), on(4, "q", 90)}, 4 + 8},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := monday.Add(time.Duration(test.want * float64(day)))
			if slices.Contains(Due(test.past, at.Add(-time.Second)), "q") && test.want > 0 {
				t.Errorf("due before day %v", test.want)
			}
			if !slices.Contains(Due(test.past, at), "q") {
				t.Errorf("not due on day %v", test.want)
			}
		})
	}
}

func TestTheIntervalDoublesToItsLimit(t *testing.T) {
	t.Parallel()
	var past []Past
	at := 0.0
	for range 12 {
		past = append(past, on(at, "q", 100))
		at += 256
	}
	last := past[len(past)-1].At
	if len(Due(past, last.Add(longest-time.Hour))) != 0 || len(Due(past, last.Add(longest))) != 1 {
		t.Error("after twelve good answers a question should be due after 256 days")
	}
}

func TestWhatHasBeenDueForLongestComesFirst(t *testing.T) {
	t.Parallel()
	past := []Past{on(0, "fair", 60), on(1, "poor", 10), on(0, "good", 90), on(3, "late", 95), skip(1.5, "skipped"), on(4, "new", 90)}
	got := Due(past, monday.Add(4*day+time.Hour))
	if diff := cmp.Diff([]string{"skipped", "poor", "fair", "good"}, got); diff != "" {
		t.Errorf("due (-want +got):\n%s", diff)
	}
	if got := Due(nil, monday); len(got) != 0 {
		t.Errorf("due without a past: %v", got)
	}
}

func TestWhatWentWrongComesWorstAndLongestAgoFirst(t *testing.T) {
	t.Parallel()
	heavy := on(0, "gap", 85)
	heavy.Gap = true
	healed := on(0, "healed", 85)
	healed.Gap = true
	past := []Past{
		heavy, healed, on(1, "healed", 90),
		on(2, "weak", 30), on(1, "older weak", 30), on(3, "none", 0), on(0, "partial", 59), on(0, "enough", 60),
		skip(0, "skipped"), skip(0, "later answered"), on(1, "later answered", 70), on(0, "later skipped", 100), skip(1, "later skipped"),
		on(0, "asked again", 20), on(1, "asked again", -1), on(0, "unscored", -1), on(0, "worse now", 90), on(1, "worse now", 40),
	}
	want := []string{"none", "asked again", "older weak", "weak", "worse now", "partial", "skipped", "later skipped", "gap"}
	if diff := cmp.Diff(want, Missed(past)); diff != "" {
		t.Errorf("missed (-want +got):\n%s", diff)
	}
}

func TestAStoredInterviewTellsWhatWasAskedAndHowItWent(t *testing.T) {
	t.Parallel()
	p := Plan{Questions: append(plan(0).Questions, fruit("three"), fruit("four")), FollowUps: 0}
	f := start(t, p, nil)
	f.next(t)
	f.answer(t, "pear fig")
	if err := f.Again(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.next(t)
	f.answer(t, "apple pear fig")
	f.next(t)
	if _, err := f.Skip(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.next(t) // and left
	score := 50
	want := []Past{
		{Question: "aws:one", At: monday, Score: &score, Gap: true},
		{Question: "aws:two", At: monday, Skipped: true},
		{Question: "aws:three", At: monday},
	}
	rec := Record{ID: "s1", Events: f.tape.events}
	if diff := cmp.Diff(want, PastTurns(rec)); diff != "" {
		t.Errorf("past (-want +got):\n%s", diff)
	}
}

func TestAnExamUnderWayTellsNoScore(t *testing.T) {
	t.Parallel()
	p := plan(0)
	p.Exam = true
	f := start(t, p, nil)
	f.next(t)
	f.answer(t, "nothing")
	if got := PastTurns(Record{Events: f.tape.events}); len(got) != 1 || got[0].Score != nil || got[0].Gap {
		t.Errorf("past of an exam under way: %+v", got)
	}
	if _, err := f.Finish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := PastTurns(Record{Events: f.tape.events}); got[0].Score == nil || !got[0].Gap {
		t.Errorf("past of a finished exam: %+v", got)
	}
}

func TestAContradictedPointIsAGapAndAPartlyMetOneIsNot(t *testing.T) {
	t.Parallel()
	for verdict, want := range map[grade.Verdict]bool{grade.Met: false, grade.Partly: false, grade.Missed: true, grade.Contradicted: true} {
		g := grade.Grade{Points: []grade.PointGrade{{ID: "light", Weight: 2, Verdict: grade.Missed}, {ID: "heavy", Weight: 3, Verdict: verdict}}}
		if got := hasGap(g); got != want {
			t.Errorf("a point of weight 3 that is %s: gap %v, want %v", verdict, got, want)
		}
	}
}

func ExampleDue() {
	score := 85
	past := []Past{{Question: "aws:lambda-cold-start", At: monday, Score: &score}}
	fmt.Println(Due(past, monday.AddDate(0, 0, 3)))
	fmt.Println(Due(past, monday.AddDate(0, 0, 4)))
	// Output:
	// []
	// [aws:lambda-cold-start]
}
