//go:build eval

package index

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"slices"
	"testing"

	"viva/content"
	"viva/index/embed"
)

// judged is a query with the question that answers it, "" when none does, and
// those that answer it as well.
type judged struct {
	Query    string   `json:"query"`
	Question string   `json:"question"`
	Also     []string `json:"also"`
	Style    string   `json:"style"`
}

// answers reports whether the question with the given id answers the query.
func (j judged) answers(id string) bool { return id == j.Question || slices.Contains(j.Also, id) }

// reporting splits the queries: weights are chosen on the other half.
func (j judged) reporting() bool {
	h := fnv.New32a()
	h.Write([]byte(j.Query))
	return h.Sum32()%2 == 0
}

func queries(t *testing.T) []judged {
	t.Helper()
	f, err := os.Open("testdata/queries.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []judged
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var j judged
		if err := json.Unmarshal(lines.Bytes(), &j); err != nil {
			t.Fatal(err)
		}
		all = append(all, j)
	}
	return all
}

// recall is what a set of queries came to.
type recall struct {
	answerable, first, five, kept int
	reciprocal                    float64
	unanswerable, refused         int
}

func (r *recall) add(j judged, res Results) {
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
	at := slices.IndexFunc(res.Hits, func(h Hit) bool { return j.answers(h.Question.ID) })
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

func (r recall) String() string {
	n := float64(max(r.answerable, 1))
	return fmt.Sprintf("%3d answerable: recall@1 %.2f, recall@5 %.2f, MRR %.2f, wrongly refused %.2f; %d unanswerable: refused %.2f",
		r.answerable, float64(r.first)/n, float64(r.five)/n, r.reciprocal/n, 1-float64(r.kept)/n,
		r.unanswerable, float64(r.refused)/float64(max(r.unanswerable, 1)))
}

func TestEvalSearch(t *testing.T) {
	enc, err := embed.New()
	if err != nil {
		t.Fatal(err)
	}
	ix, err := Open(t.Context(), content.Library{content.Builtin()}, enc, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var fit, report recall
	byStyle := map[string]*recall{}
	for _, j := range queries(t) {
		res, err := ix.Search(t.Context(), j.Query, 30, content.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		if byStyle[j.Style] == nil {
			byStyle[j.Style] = &recall{}
		}
		byStyle[j.Style].add(j, res)
		if j.reporting() {
			report.add(j, res)
		} else {
			fit.add(j, res)
		}
	}
	fmt.Println("fitting half:  ", fit)
	fmt.Println("reporting half:", report)
	for style, r := range byStyle {
		fmt.Printf("  %-14s %s\n", style, r)
	}
	n := float64(report.answerable)
	if float64(report.first)/n < 0.66 || float64(report.five)/n < 0.84 || float64(report.kept)/n < 0.88 {
		t.Error("reporting half: below the floor of recall@1 0.66, recall@5 0.84, kept 0.88")
	}
}
