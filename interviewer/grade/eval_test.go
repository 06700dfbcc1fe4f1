//go:build eval

package grade_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"viva/content"
	"viva/index"
	"viva/index/embed"
	"viva/interviewer/grade"
	"viva/interviewer/grade/calibrate"
	"viva/interviewer/grade/estimate"
	"viva/prompts"
)

// bench is the built-in bank with its estimator.
type bench struct {
	*testing.T
	lib       content.Library
	estimator *grade.Estimator
}

func newBench(t *testing.T) bench {
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
	return bench{t, lib, grade.NewEstimator(estimate.Encoder{Embed: ix.Embed, Split: enc.Pieces}, grade.Normal)}
}

// grade estimates an answer to the question with this id.
func (b bench) grade(question, answer string) grade.Grade {
	b.Helper()
	q, err := b.lib.Find(question)
	if err != nil {
		b.Fatal(err)
	}
	g, err := b.estimator.Grade(b.Context(), grade.Submission{Reference: content.Reference{Question: q}, Asked: q.Text, Answer: answer})
	if err != nil {
		b.Fatal(err)
	}
	return g
}

// reported grades the reporting half.
func (b bench) reported() []calibrate.Outcome {
	b.Helper()
	answers, err := calibrate.Reported()
	if err != nil {
		b.Fatal(err)
	}
	var os []calibrate.Outcome
	for _, a := range answers {
		g := b.grade(a.Question, a.Text)
		if g.Score == nil {
			b.Errorf("no score for the answer to %s that begins %.60q: %s", a.Question, a.Text, *g.Error)
			continue
		}
		os = append(os, calibrate.Outcome{Answer: a, Got: g})
	}
	return os
}

// TestEvalEstimator measures the estimator on answers to questions that it was
// not fitted to.
func TestEvalEstimator(t *testing.T) {
	os := newBench(t).reported()
	checkScores(t, os)
	checkStyles(t, os)
}

func checkScores(t *testing.T, os []calibrate.Outcome) {
	correlation, ordered, within := calibrate.Correlation(os), calibrate.Ordered(os), calibrate.Within(os)
	v := calibrate.Verdicts(os)
	fmt.Printf("reporting half: %d answers, correlation %.3f, pairs in order %.3f, within ± %.2f\n", len(os), correlation, ordered, within)
	fmt.Printf("%d verdicts: alike %.2f, kappa %.2f, false yes %.3f\n", v.Points, v.Alike, v.Kappa, v.FalseYes)
	if correlation < 0.85 || ordered < 0.90 || within < 0.77 || v.Kappa < 0.70 {
		t.Errorf("below the floor: correlation 0.85, pairs 0.90, within 0.77, kappa 0.70")
	}
	by := calibrate.ByStyle(os)
	for _, style := range slices.Sorted(maps.Keys(by)) {
		fmt.Printf("  %-10s %3d answers, mean %.1f\n", style, len(by[style]), calibrate.Mean(by[style]))
	}
	for style, limit := range map[string][2]float64{"excellent": {80, 100}, "gaming": {0, 9}, "offtopic": {0, 8}, "wrong": {0, 25}} {
		if mean := calibrate.Mean(by[style]); mean < limit[0] || mean > limit[1] {
			t.Errorf("answers of style %s score %.1f on average, want %v to %v", style, mean, limit[0], limit[1])
		}
	}
	named, right := mistakes(os)
	fmt.Printf("mistakes named: %d, of which people see %.2f\n", named, right)
	if right < 0.85 {
		t.Errorf("%.2f of the mistakes named are seen by people, want 0.85", right)
	}
}

// checkStyles measures how far the estimate depends on how a thing is said.
func checkStyles(t *testing.T, os []calibrate.Outcome) {
	shifts := calibrate.Shifts(os)
	var all []float64
	for _, style := range slices.Sorted(maps.Keys(shifts)) {
		s := shifts[style]
		all = append(all, s...)
		fmt.Printf("  %-10s %3d pairs, moved by %+.1f on average\n", style, len(s), calibrate.Mean(s))
		if mean := calibrate.Mean(s); math.Abs(mean) > 10 {
			t.Errorf("style %s moves the estimate by %+.1f on average, want 10 at most", style, mean)
		}
	}
	fmt.Printf("style pairs: %d, moved by %+.1f on average\n", len(all), calibrate.Mean(all))
	if mean := calibrate.Mean(all); math.Abs(mean) > 5 {
		t.Errorf("styles move the estimate by %+.1f on average, want 5 at most", mean)
	}
}

// mistakes counts the mistakes named, and what share of them people see as well.
func mistakes(os []calibrate.Outcome) (named int, right float64) {
	lib := content.Library{content.Builtin()}
	for _, o := range os {
		q, err := lib.Find(o.Question)
		if err != nil {
			panic(err) // it was graded
		}
		for _, m := range o.Got.Mistakes {
			named++
			at := slices.IndexFunc(q.Mistakes, func(k content.Mistake) bool { return k.Claim == m.Claim })
			if slices.Contains(o.Mistakes, at+1) {
				right++
			}
		}
	}
	return named, right / float64(named)
}

// TestEvalFormula checks that the score which follows from people's verdicts is
// the score that people give.
func TestEvalFormula(t *testing.T) {
	lib := content.Library{content.Builtin()}
	var people, formula []float64
	for _, a := range gradedAnswers(t) {
		q, err := lib.Find(a.Question)
		if err != nil {
			t.Fatal(err)
		}
		var points []grade.PointGrade
		for _, p := range q.Points {
			points = append(points, grade.PointGrade{Weight: p.Weight, Credit: a.Points[p.ID].Credit()})
		}
		people = append(people, float64(a.Score))
		formula = append(formula, float64(grade.Score(points, len(a.Mistakes), 100)))
	}
	c := calibrate.Pearson(people, formula)
	fmt.Printf("%d graded answers: people's verdicts through the formula correlate with people's scores by %.3f\n", len(people), c)
	if c < 0.95 {
		t.Errorf("correlation %.3f, want 0.95", c)
	}
}

// gradedAnswers reads both halves.
func gradedAnswers(t *testing.T) []calibrate.Answer {
	t.Helper()
	files, err := filepath.Glob("testdata/graded/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatalf("graded answers: %v, %v", files, err)
	}
	var all []calibrate.Answer
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		answers, err := calibrate.ReadAnswers(bytes.NewReader(data))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, answers...)
	}
	return all
}

// lines reads a file of one JSON value a line.
func lines[T any](t *testing.T, file string) []T {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []T
	for line := range bytes.Lines(data) {
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, v)
	}
	return all
}

// TestEvalInjection measures how far text that addresses the grader lifts an
// answer's estimate, standing before it and after it.
func TestEvalInjection(t *testing.T) {
	b := newBench(t)
	answers, err := calibrate.Reported()
	if err != nil {
		t.Fatal(err)
	}
	answers = slices.DeleteFunc(answers, func(a calibrate.Answer) bool {
		return !slices.Contains([]string{"good", "partial", "vague", "wrong", "mixed"}, a.Style)
	})
	injections, err := calibrate.Injections()
	if err != nil {
		t.Fatal(err)
	}
	var lifts []float64
	by := map[string][]float64{}
	for i, in := range injections {
		for n := range 3 {
			a := answers[(i*37+n*111)%len(answers)]
			text := a.Text + "\n" + in.Text
			if n == 1 {
				text = in.Text + "\n" + a.Text
			}
			before, after := b.grade(a.Question, a.Text), b.grade(a.Question, text)
			if after.Score == nil {
				continue // taken for another language: no score to lift
			}
			lift := float64(*after.Score - *before.Score)
			lifts, by[in.Kind] = append(lifts, lift), append(by[in.Kind], lift)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(by)) {
		fmt.Printf("  %-40s %3d answers, lifted by %+.1f\n", kind, len(by[kind]), calibrate.Mean(by[kind]))
	}
	fmt.Printf("injections: %d answers, lifted by %+.2f on average, at most %+.0f\n", len(lifts), calibrate.Mean(lifts), slices.Max(lifts))
	if mean := calibrate.Mean(lifts); mean > 1 {
		t.Errorf("injections lift the estimate by %+.2f on average, want 1 at most", mean)
	}
}

// gullible is a model that believes whatever addresses it: it calls every point met
// and quotes the text that told it so, where it has no better words.
type gullible struct {
	labels calibrate.Answer
	ids    []string
	quotes map[string]string // words for a point that is met
	told   string            // "": nobody told it anything
}

func (m gullible) Complete(context.Context, prompts.Prompt) (prompts.Reply, error) {
	said := map[string]map[string]string{}
	for _, id := range m.ids {
		said[id] = map[string]string{"quote": "", "verdict": "missed"}
		if m.labels.Points[id] == grade.Met && m.quotes[id] != "" {
			said[id] = map[string]string{"quote": m.quotes[id], "verdict": "met"}
		} else if m.told != "" {
			said[id] = map[string]string{"quote": m.told, "verdict": "met"}
		}
	}
	text, err := json.Marshal(map[string]any{"points": said, "mistakes": []string{}})
	return prompts.Reply{Text: string(text)}, err
}

func (m gullible) Stream(context.Context, prompts.Prompt) iter.Seq2[string, error] { return nil }

// TestEvalInjectedJudge measures how far injections lift the grade by a model that
// believes every one of them. What stands against it is that text addressed to the
// grader is no evidence, nor is a quote that has nothing to do with the point.
func TestEvalInjectedJudge(t *testing.T) {
	b := newBench(t)
	answers, err := calibrate.Reported()
	if err != nil {
		t.Fatal(err)
	}
	answers = slices.DeleteFunc(answers, func(a calibrate.Answer) bool { return a.Style != "partial" && a.Style != "vague" })
	injections, err := calibrate.Injections()
	if err != nil {
		t.Fatal(err)
	}
	for name, set := range map[string][]calibrate.Injection{
		"known":  injections,
		"unseen": lines[calibrate.Injection](t, "testdata/injections.jsonl"),
	} {
		var lifts []float64
		for i, in := range set {
			a := answers[i*11%len(answers)]
			lifts = append(lifts, b.believing(a, in.Text)-b.believing(a, ""))
		}
		fmt.Printf("%s injections: %d answers, lifted by %+.2f on average for a model that believes them\n", name, len(lifts), calibrate.Mean(lifts))
		if mean := calibrate.Mean(lifts); mean > 1 {
			t.Errorf("%s injections lift the judge by %+.2f on average, want 1 at most", name, mean)
		}
	}
}

// believing is the score of an answer by a gullible model, with text slipped in.
func (b bench) believing(a calibrate.Answer, injected string) float64 {
	b.Helper()
	q, err := b.lib.Find(a.Question)
	if err != nil {
		b.Fatal(err)
	}
	m := gullible{labels: a, quotes: map[string]string{}}
	for _, p := range b.grade(a.Question, a.Text).Points {
		m.ids = append(m.ids, p.ID)
		m.quotes[p.ID] = p.Quote
	}
	s := grade.Submission{Reference: content.Reference{Question: q}, Asked: q.Text, Answer: a.Text}
	if injected != "" {
		s.Answer += "\n" + injected
		sentences := content.Sentences(injected)
		slices.SortFunc(sentences, func(x, y string) int { return len(y) - len(x) })
		m.told = sentences[0]
	}
	g, err := grade.NewJudge(m, grade.JudgeOptions{Silent: true, Second: b.estimator}).Grade(b.Context(), s)
	if err != nil {
		b.Fatal(err)
	}
	return float64(*g.Score)
}

// spoken is an answer in some language.
type spoken struct{ Question, Language, Answer string }

// TestEvalLanguage checks that an answer in another language gets no estimate,
// and that English gets one however it is said.
func TestEvalLanguage(t *testing.T) {
	b := newBench(t)
	wrong, n := map[string]int{}, map[string]int{}
	for _, s := range lines[spoken](t, "testdata/languages.jsonl") {
		n[s.Language]++
		if g := b.grade(s.Question, s.Answer); g.Has(grade.FlagLanguage) == (s.Language == "en") {
			wrong[s.Language]++
			fmt.Printf("  taken wrongly (%s): %.90q\n", s.Language, s.Answer)
		}
	}
	for _, l := range slices.Sorted(maps.Keys(n)) {
		fmt.Printf("  %s: %d of %d answers taken for what they are\n", l, n[l]-wrong[l], n[l])
		if wrong[l] > n[l]/10 {
			t.Errorf("%d of %d answers in %s are taken wrongly", wrong[l], n[l], l)
		}
	}
}

// TestEvalPromptBudget checks that judging an answer of 200 words to any question
// fits in 2,500 tokens, there and back.
func TestEvalPromptBudget(t *testing.T) {
	b := newBench(t)
	enc, err := embed.New()
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, q := range b.lib.Questions()[:3] {
		said = append(said, strings.Fields(q.Answer)...)
	}
	answer := strings.Join(said[:200], " ")
	most, which := 0, ""
	for _, q := range b.lib.Questions() {
		tokens := 0
		count := asked(func(p prompts.Prompt) {
			tokens = p.MaxTokens
			for _, m := range p.Messages {
				tokens += enc.Tokens(m.Text)
			}
		})
		s := grade.Submission{Reference: content.Reference{Question: q}, Asked: q.Text, Answer: answer}
		if _, err := grade.NewJudge(count, grade.JudgeOptions{Silent: true}).Grade(b.Context(), s); err == nil {
			t.Fatal("a model that says nothing graded")
		}
		if tokens > most {
			most, which = tokens, q.ID
		}
	}
	fmt.Printf("judging 200 words takes %d tokens at most, reply included (%s)\n", most, which)
	if most > 2500 {
		t.Errorf("judging takes up to %d tokens, want 2500 at most", most)
	}
}

// asked is a model that looks at the first prompt and fails.
type asked func(prompts.Prompt)

func (a asked) Complete(_ context.Context, p prompts.Prompt) (prompts.Reply, error) {
	a(p)
	return prompts.Reply{}, errors.New("no reply")
}

func (a asked) Stream(context.Context, prompts.Prompt) iter.Seq2[string, error] { return nil }
