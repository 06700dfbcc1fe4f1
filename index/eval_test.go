//go:build eval

package index

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"viva/content"
	"viva/index/embed"
)

// recall is what a set of queries came to.
type recall struct {
	answerable, first, five, kept int
	reciprocal                    float64
	unanswerable, refused         int
}

func (r *recall) add(j Judged, res Results) {
	if j.Question == "" {
		r.unanswerable++
		if !res.Found {
			r.refused++
		}
		return
	}
	r.answerable++
	if res.Found {
		r.kept++
	}
	at := slices.IndexFunc(res.Hits, func(h Hit) bool { return j.Answers(h.Question.ID) })
	if at == 0 {
		r.first++
	}
	if at >= 0 && at < 5 {
		r.five++
	}
	if at >= 0 {
		r.reciprocal += 1 / float64(at+1)
	}
}

func part(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

func (r recall) String() string {
	s := ""
	if r.answerable > 0 {
		s = fmt.Sprintf("%3d answerable: recall@1 %.2f, recall@5 %.2f, MRR %.2f, wrongly refused %.2f; ", r.answerable,
			part(r.first, r.answerable), part(r.five, r.answerable), r.reciprocal/float64(r.answerable), 1-part(r.kept, r.answerable))
	}
	if r.unanswerable > 0 {
		s += fmt.Sprintf("%3d unanswerable: refused %.2f", r.unanswerable, part(r.refused, r.unanswerable))
	}
	return s
}

// calibration compares confidences with how often they were right, by tenths.
type calibration [10]struct {
	hits, right int
	said        float64
}

func (c *calibration) add(j Judged, res Results) {
	for _, h := range res.Hits[:min(5, len(res.Hits))] {
		bin := &c[min(int(h.Score*10), 9)]
		bin.hits++
		bin.said += h.Score
		if j.Answers(h.Question.ID) {
			bin.right++
		}
	}
}

// gap is the mean difference between what was said and what came true.
func (c *calibration) gap() float64 {
	gap, all := 0.0, 0
	for _, b := range c {
		gap += max(b.said-float64(b.right), float64(b.right)-b.said)
		all += b.hits
	}
	return gap / float64(max(all, 1))
}

func builtinForEval(t *testing.T) (*Index, []Judged) {
	t.Helper()
	enc, err := embed.New()
	if err != nil {
		t.Fatal(err)
	}
	ix, err := Open(t.Context(), content.Library{content.Builtin()}, enc, Options{})
	if err != nil {
		t.Fatal(err)
	}
	judged, err := ReadJudged("testdata/queries.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return ix, judged
}

func TestEvalSearch(t *testing.T) {
	ix, judged := builtinForEval(t)
	var fit, report recall
	var sure calibration
	byStyle := map[string]*recall{}
	for _, j := range judged {
		res, err := ix.Search(t.Context(), j.Query, 30, content.Filter{})
		if err != nil && !errors.Is(err, ErrEmptyQuery) { // that one is a refusal
			t.Fatal(err)
		}
		if j.Tuning() {
			fit.add(j, res)
			continue
		}
		report.add(j, res)
		sure.add(j, res)
		if byStyle[j.Style] == nil {
			byStyle[j.Style] = &recall{}
		}
		byStyle[j.Style].add(j, res)
	}
	fmt.Println("tuning half:   ", fit)
	fmt.Println("reporting half:", report)
	for _, style := range slices.Sorted(maps.Keys(byStyle)) {
		fmt.Printf("  %-14s %s\n", style, byStyle[style])
	}
	fmt.Printf("confidence of the first five hits, and how many of them were right (%.3f apart):\n", sure.gap())
	for _, b := range sure {
		fmt.Printf("  %.2f %.2f of %d\n", b.said/float64(max(b.hits, 1)), part(b.right, b.hits), b.hits)
	}
	for what, tt := range map[string]struct{ got, least float64 }{
		"recall@1": {part(report.first, report.answerable), 0.88},
		"recall@5": {part(report.five, report.answerable), 0.97},
		"kept":     {part(report.kept, report.answerable), 0.95},
		"refused":  {part(report.refused, report.unanswerable), 0.88},
		"accuracy": {1 - sure.gap(), 0.95},
	} {
		if tt.got < tt.least {
			t.Errorf("reporting half: %s is %.3f, below its floor of %.2f", what, tt.got, tt.least)
		}
	}
}
