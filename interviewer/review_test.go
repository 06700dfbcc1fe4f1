package interviewer

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"viva/content"
	"viva/interviewer/grade"
)

// basket plans three questions over two topics and levels.
func basket() Plan {
	one, two, three := fruit("one"), fruit("two"), fruit("three")
	one.Topic, one.Level = "tree", "core"
	two.Topic, two.Level = "tree", "foundation"
	three.Topic = "bush"
	return Plan{Questions: []content.Question{one, two, three}}
}

func TestAReportSaysHowTopicsAndLevelsWent(t *testing.T) {
	t.Parallel()
	f := start(t, basket(), nil)
	f.next(t)
	f.answer(t, "apple") // 50
	f.next(t)
	f.answer(t, "apple pear fig") // 100
	f.next(t)
	if _, err := f.Skip(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := f.Report()
	mean, whole, half := 75, 100, 50
	wantTopics := []ReportPart{{Name: "tree", Score: &mean, Graded: 2, Asked: 2}, {Name: "bush", Asked: 1}}
	if diff := cmp.Diff(wantTopics, r.Topics); diff != "" {
		t.Errorf("topics (-want +got):\n%s", diff)
	}
	wantLevels := []ReportPart{{Name: "foundation", Score: &whole, Graded: 1, Asked: 1}, {Name: "core", Score: &half, Graded: 1, Asked: 1}}
	if diff := cmp.Diff(wantLevels, r.Levels); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
}

func named(points []ReportPoint) []string {
	names := []string{}
	for _, p := range points {
		names = append(names, p.Question+"/"+p.ID)
	}
	return names
}

func TestAReportPutsTheHeaviestPointsFirst(t *testing.T) {
	t.Parallel()
	f := start(t, basket(), nil)
	for _, text := range []string{"pear fig", "fig apple", "apple pear"} {
		f.next(t)
		f.answer(t, text)
	}
	r := f.Report()
	if diff := cmp.Diff([]string{"two/apple", "three/apple", "one/pear"}, named(r.Strong)); diff != "" {
		t.Errorf("strong (-want +got):\n%s", diff)
	}
	if r.Strong[0].Quote != "apple" {
		t.Errorf("the strongest point quotes %q", r.Strong[0].Quote)
	}
	if diff := cmp.Diff([]string{"one/apple", "two/pear", "three/fig"}, named(r.Study)); diff != "" {
		t.Errorf("to study (-want +got):\n%s", diff)
	}
}

func TestWhatAFollowUpWonIsStrongAndNeedsNoStudy(t *testing.T) {
	t.Parallel()
	f := start(t, plan(1), nil)
	f.next(t)
	f.answer(t, "pear fig")
	f.next(t)
	f.answer(t, "apple")
	r := f.Report()
	if len(r.Study) != 0 || r.Strong[0].ID != "apple" {
		t.Errorf("strong %v, to study %v", named(r.Strong), named(r.Study))
	}
	if a := r.Turns[0].Answers[1]; a.Point != "apple" {
		t.Errorf("the follow-up is about %q, want apple", a.Point)
	}
}

func TestAnAnswerWithoutAScoreSaysNothingAboutWhatToStudy(t *testing.T) {
	t.Parallel()
	r := ReportTurn{Answers: []ReportAnswer{{Grade: &grade.Grade{Points: []grade.PointGrade{{ID: "a", Weight: 3, Verdict: grade.Missed}}}}}}
	if missed := r.Missed(); len(missed) != 0 {
		t.Errorf("missed: %v, and nobody could tell", missed)
	}
}

func TestAnExamUnderWayTellsNothingOfHowItWent(t *testing.T) {
	t.Parallel()
	p := basket()
	p.Exam = true
	f := start(t, p, nil)
	f.next(t)
	f.answer(t, "apple")
	r := f.Report()
	if len(r.Strong)+len(r.Study) != 0 || r.Topics[0].Score != nil || r.Topics[0].Graded != 0 {
		t.Errorf("an open exam says: strong %v, to study %v, topics %+v", r.Strong, r.Study, r.Topics)
	}
}

// clock is what a session takes for the time.
func (f fixture) clock(at *time.Time) { f.now = func() time.Time { return *at } }

func TestAnAnswersPaceStandsBesideItsGrade(t *testing.T) {
	t.Parallel()
	f := start(t, plan(1), nil)
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	f.clock(&at)
	f.Typed(at.Add(-time.Minute)) // nothing was asked yet
	f.next(t)
	f.Typed(at.Add(8400 * time.Millisecond))
	f.Typed(at.Add(20 * time.Second)) // not the first
	at = at.Add(38400 * time.Millisecond)
	quick := f.answer(t, "pear and a fig, no more")
	f.next(t) // a follow-up, whose first word nobody told
	at = at.Add(30 * time.Second)
	f.answer(t, "an apple")

	want := []Pace{{Words: 6, Seconds: 38.4, FirstWord: 8.4, PerMinute: 12}, {Words: 2, Seconds: 30, PerMinute: 4}}
	for i, a := range f.Report().Turns[0].Answers {
		if a.Pace != want[i] {
			t.Errorf("pace of answer %d: %+v, want %+v", i, a.Pace, want[i])
		}
	}
	if diff := cmp.Diff(f.Report(), BuildReport(Record{ID: "s1", Events: f.tape.events})); diff != "" {
		t.Errorf("report from the record (-session +record):\n%s", diff)
	}
	slow := start(t, plan(1), nil)
	slow.next(t)
	if out := slow.answer(t, "pear and a fig, no more"); *out.Grade.Score != *quick.Grade.Score {
		t.Errorf("the pace changed the grade from %d to %d", *out.Grade.Score, *quick.Grade.Score)
	}
}

func TestNobodyKnowsTheTimeOfWhatAnEarlierSittingAsked(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), nil)
	f.next(t)
	resumed := fixture{Session: Resume(Record{ID: "s1", Events: f.tape.events}, f.examiner, f.tape)}
	at := time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)
	resumed.clock(&at)
	resumed.Typed(at)
	resumed.next(t)
	resumed.answer(t, "a fig")
	resumed.next(t)
	at = at.Add(time.Minute)
	resumed.answer(t, "a fig")
	for _, r := range []Report{resumed.Report(), BuildReport(Record{Events: f.tape.events})} {
		if p := r.Turns[0].Answers[0].Pace; p != (Pace{Words: 2}) {
			t.Errorf("pace across two sittings: %+v", p)
		}
		if p := r.Turns[1].Answers[0].Pace; p != (Pace{Words: 2, Seconds: 60, PerMinute: 2}) {
			t.Errorf("pace of what this sitting asked: %+v", p)
		}
	}
}

func TestAPipeHasNoPace(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), nil)
	f.next(t)
	f.answer(t, "an apple")
	if p := f.Report().Turns[0].Answers[0].Pace; p != (Pace{Words: 2}) {
		t.Errorf("pace of an answer in no time: %+v", p)
	}
}

func TestTheFirstWordOutlivesAnAnswerThatCouldNotBeRecorded(t *testing.T) {
	t.Parallel()
	f := start(t, plan(0), nil)
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	f.clock(&at)
	f.next(t)
	f.Typed(at.Add(2 * time.Second))
	at = at.Add(10 * time.Second)
	f.tape.fail = errors.New("disk full")
	if _, err := f.Answer(t.Context(), "an apple"); !errors.Is(err, ErrRecording) {
		t.Fatalf("Answer on a full disk: %v", err)
	}
	f.tape.fail = nil
	f.answer(t, "an apple")
	if p := f.Report().Turns[0].Answers[0].Pace; p.FirstWord != 2 {
		t.Errorf("pace: %+v, want the first word after 2 s", p)
	}
}
