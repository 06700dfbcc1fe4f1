//go:build eval

package grade_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"viva/content"
	"viva/index"
	"viva/index/embed"
	"viva/interviewer/grade"
)

// labelled is an answer that a person graded from the bank's points.
type labelled struct {
	Question string                   `json:"question"`
	Style    string                   `json:"style"`
	Answer   string                   `json:"answer"`
	Points   map[string]grade.Verdict `json:"points"`
	Mistakes []int                    `json:"mistakes"`
	Score    int                      `json:"score"`
}

// reporting splits by question: constants are chosen on the other half.
func (l labelled) reporting() bool {
	h := fnv.New32a()
	h.Write([]byte(l.Question))
	return h.Sum32()%2 == 0
}

func labels(t *testing.T) []labelled {
	t.Helper()
	files, err := filepath.Glob("testdata/graded/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("graded answers: %v, %v", files, err)
	}
	var all []labelled
	for _, file := range files {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			var l labelled
			if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			all = append(all, l)
		}
		f.Close()
	}
	return all
}

// builtinEstimator returns the built-in bank and its estimator.
func builtinEstimator(t *testing.T) (content.Library, func(content.Question, string) grade.Grade) {
	t.Helper()
	lib := content.Library{content.Builtin()}
	enc, err := embed.New()
	if err != nil {
		t.Fatal(err)
	}
	ix, err := index.Open(t.Context(), lib, enc, index.Options{})
	if err != nil {
		t.Fatal(err)
	}
	estimator := grade.NewEstimator(ix.Embed, grade.Normal)
	return lib, func(q content.Question, answer string) grade.Grade {
		g, err := estimator.Grade(t.Context(), grade.Submission{Reference: content.Reference{Question: q}, Asked: q.Text, Answer: answer})
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
}

// outcome is a labelled answer with the estimate beside it.
type outcome struct {
	labelled
	got grade.Grade
}

func TestEvalEstimator(t *testing.T) {
	lib, estimate := builtinEstimator(t)
	var fit, report []outcome
	for _, l := range labels(t) {
		q, err := lib.Find(l.Question)
		if err != nil {
			t.Fatal(err)
		}
		g := estimate(q, l.Answer)
		if l.reporting() {
			report = append(report, outcome{l, g})
		} else {
			fit = append(fit, outcome{l, g})
		}
	}
	print(t, "fitting half", fit)
	r := print(t, "reporting half", report)
	if r.correlation < 0.70 || r.ordered < 0.82 || r.within < 0.77 {
		t.Errorf("reporting half: correlation %.2f, pairs in order %.2f, within ± %.2f: below the floor 0.70, 0.82, 0.77", r.correlation, r.ordered, r.within)
	}
}

type figures struct{ correlation, ordered, within float64 }

func print(t *testing.T, name string, os []outcome) figures {
	t.Helper()
	var want, got, formula []float64
	byStyle := map[string][]float64{}
	agree, points, within := 0, 0, 0
	var errors []float64
	for _, o := range os {
		s := float64(*o.got.Score)
		want, got = append(want, float64(o.Score)), append(got, s)
		formula = append(formula, float64(o.formula()))
		byStyle[o.Style] = append(byStyle[o.Style], s)
		for _, p := range o.got.Points {
			points++
			if p.Verdict == o.Points[p.ID] {
				agree++
			}
		}
		if o.got.PlusMinus == nil || math.Abs(s-float64(o.Score)) <= float64(*o.got.PlusMinus) {
			within++
		}
		errors = append(errors, math.Abs(s-float64(o.Score)))
	}
	slices.Sort(errors)
	f := figures{correlation(want, got), ordered(os), float64(within) / float64(len(os))}
	fmt.Printf("%s: %d answers, correlation %.3f, pairs in order %.3f, verdicts alike %.2f, within ± %.2f (80%% within %.0f), labels through the formula %.3f\n",
		name, len(os), f.correlation, f.ordered, float64(agree)/float64(points), f.within, errors[len(errors)*8/10], correlation(want, formula))
	for _, style := range slices.Sorted(maps(byStyle)) {
		sum := 0.0
		for _, s := range byStyle[style] {
			sum += s
		}
		fmt.Printf("  %-10s %3d answers, mean %.0f\n", style, len(byStyle[style]), sum/float64(len(byStyle[style])))
	}
	return f
}

func maps(m map[string][]float64) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// formula is the score that the labelled verdicts give.
func (o outcome) formula() int {
	credit := map[grade.Verdict]float64{grade.Met: 1, grade.Partly: 0.5, grade.Contradicted: -0.5}
	var ps []grade.PointGrade
	for _, p := range o.got.Points {
		p.Credit = credit[o.Points[p.ID]]
		ps = append(ps, p)
	}
	return grade.Score(ps, len(o.Mistakes), 100)
}

// ordered is the share of pairs, of one question and at least ten points apart,
// that the estimate puts in the right order; a tie counts half.
func ordered(os []outcome) float64 {
	right, n := 0.0, 0.0
	for i, a := range os {
		for _, b := range os[i+1:] {
			if a.Question != b.Question || math.Abs(float64(a.Score-b.Score)) < 10 {
				continue
			}
			n++
			switch cmp.Compare(a.Score, b.Score) * cmp.Compare(*a.got.Score, *b.got.Score) {
			case 1:
				right++
			case 0:
				right += 0.5
			}
		}
	}
	return right / n
}

func correlation(x, y []float64) float64 {
	mean := func(v []float64) float64 {
		s := 0.0
		for _, a := range v {
			s += a
		}
		return s / float64(len(v))
	}
	mx, my := mean(x), mean(y)
	var sxy, sxx, syy float64
	for i := range x {
		sxy += (x[i] - mx) * (y[i] - my)
		sxx += (x[i] - mx) * (x[i] - mx)
		syy += (y[i] - my) * (y[i] - my)
	}
	return sxy / math.Sqrt(sxx*syy)
}
