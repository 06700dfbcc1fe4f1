package calibrate

import (
	"context"
	"errors"
	"math"
	"testing"

	"viva/content"
	"viva/interviewer/grade"
)

func outcome(question, style string, people, program int) Outcome {
	return Outcome{Answer{Question: question, Style: style, Score: people}, grade.Grade{Score: &program}}
}

func TestOrderedCountsPairsOfOneQuestionThatLieApart(t *testing.T) {
	t.Parallel()
	os := []Outcome{
		outcome("a", "good", 80, 70), outcome("a", "wrong", 10, 20), // right
		outcome("a", "partial", 40, 75), // above good: wrong; above wrong: right
		outcome("a", "vague", 5, 90),    // near wrong, so that does not count; wrong twice
		outcome("b", "good", 90, 10),    // another question
	}
	if got, want := Ordered(os), 2.0/5; got != want {
		t.Errorf("Ordered = %v, want %v", got, want)
	}
}

func TestPearson(t *testing.T) {
	t.Parallel()
	x := []float64{1, 2, 3, 4}
	for want, y := range map[float64][]float64{1: {2, 4, 6, 8}, -1: {3, 2, 1, 0}} {
		if got := Pearson(x, y); math.Abs(got-want) > 1e-12 {
			t.Errorf("Pearson(%v, %v) = %v, want %v", x, y, got, want)
		}
	}
	if got := Pearson(x, []float64{5, 5, 5, 5}); !math.IsNaN(got) {
		t.Errorf("Pearson with a constant = %v, want NaN", got)
	}
}

func TestVerdictsCompareWithPeople(t *testing.T) {
	t.Parallel()
	judged := func(pairs ...grade.Verdict) []Outcome {
		o := Outcome{Answer: Answer{Points: map[string]grade.Verdict{}}}
		for i := 0; i < len(pairs); i += 2 {
			id := string(rune('a' + i))
			o.Points[id] = pairs[i]
			o.Got.Points = append(o.Got.Points, grade.PointGrade{ID: id, Verdict: pairs[i+1]})
		}
		return []Outcome{o}
	}
	if a := Verdicts(judged(grade.Met, grade.Met, grade.Missed, grade.Missed)); a.Kappa != 1 || a.Alike != 1 || a.FalseYes != 0 {
		t.Errorf("full agreement: %+v", a)
	}
	a := Verdicts(judged(grade.Met, grade.Met, grade.Missed, grade.Met, grade.Missed, grade.Met, grade.Met, grade.Met))
	if a.Kappa != 0 || a.Alike != 0.5 || a.FalseYes != 1 {
		t.Errorf("a grader that always says met: %+v, want kappa 0, half alike, all false yes", a)
	}
}

func TestShiftsCompareTwins(t *testing.T) {
	t.Parallel()
	terse := outcome("a", "terse", 80, 60)
	terse.Twin = "good"
	lone := outcome("b", "terse", 80, 60)
	lone.Twin = "good"
	got := Shifts([]Outcome{terse, outcome("a", "good", 80, 72), lone})
	if s := got["terse"]; len(s) != 1 || s[0] != -12 {
		t.Errorf("Shifts = %v, want terse: -12 alone", got)
	}
}

func TestJobsAreTheSameEachTimeAndOfAllKinds(t *testing.T) {
	t.Parallel()
	first, err := Jobs(60)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Jobs(60)
	if err != nil {
		t.Fatal(err)
	}
	kinds, plain, repeated, injected := map[string]int{}, 0, 0, 0
	for i, j := range first {
		if j.Text != again[i].Text {
			t.Fatalf("job %d is another answer the second time", i)
		}
		if !j.Reporting() {
			t.Errorf("job %d is of the fitting half", i)
		}
		switch {
		case j.Repetition > 0:
			repeated++
		case j.Injected != "":
			injected++
		default:
			plain++
			kinds[j.Style]++
		}
	}
	if plain != 60 || repeated != 20 || injected != 10 {
		t.Errorf("%d answers, %d repetitions, %d injections, want 60, 20, 10", plain, repeated, injected)
	}
	for _, k := range []string{"excellent", "good", "partial", "wrong", "gaming"} {
		if kinds[k] < 2 {
			t.Errorf("%d answers of kind %s among %v", kinds[k], k, kinds)
		}
	}
}

func TestRunGradesAllAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	jobs, err := Jobs(9)
	if err != nil {
		t.Fatal(err)
	}
	lib := content.Library{content.Builtin()}
	grader := func(_ context.Context, s grade.Submission, repetition int) (grade.Grade, error) {
		score := 50 + 10*repetition
		if s.Answer == jobs[3].Text {
			return grade.Grade{}, errors.New("cannot say")
		}
		return grade.Grade{Score: &score}, nil
	}
	seen := 0
	results, err := Run(t.Context(), lib, jobs, 4, grader, func(n int) { seen = max(seen, n) })
	if err != nil || seen != len(jobs) {
		t.Fatalf("%d of %d jobs done, error %v", seen, len(jobs), err)
	}
	for i, r := range results {
		if r.Text != jobs[i].Text {
			t.Fatalf("result %d is of another job", i)
		}
	}
	f := Sum(results)
	if f.Cases != 9 || f.Gradings != len(jobs) || f.Unusable < 1 || f.Spread != 20 || f.Lift != 0 {
		t.Errorf("figures %+v, want 9 cases, some unusable, spread 20, no lift", f)
	}
}

func TestRunStopsWhenTold(t *testing.T) {
	t.Parallel()
	jobs, err := Jobs(20)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	grader := func(ctx context.Context, _ grade.Submission, _ int) (grade.Grade, error) {
		cancel()
		return grade.Grade{}, ctx.Err()
	}
	if _, err := Run(ctx, content.Library{content.Builtin()}, jobs, 1, grader, func(int) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want Canceled", err)
	}
}

func TestFitness(t *testing.T) {
	t.Parallel()
	good := Figures{Cases: 60, Gradings: 90, Kappa: 0.85, Correlation: 0.95, Ordered: 0.96, FalseYes: 0.03, Spread: 4, Shift: 3}
	for want, change := range map[Fitness]func(*Figures){
		Fit:      func(*Figures) {},
		FitVoted: func(f *Figures) { f.Spread = 20 },
		Unfit:    func(f *Figures) { f.Lift = 30 },
	} {
		f := good
		change(&f)
		if got := f.Judge(); got != want {
			t.Errorf("%+v: %q, want %q", f, got, want)
		}
	}
}
