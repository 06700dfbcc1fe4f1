//go:build eval

package grade_test

import (
	"fmt"
	"testing"
)

// sampled is one in how many entries has all its wordings graded; every entry's
// reference is.
const sampled = 4

// TestEvalBank grades the bank against itself: a reference answer makes its own
// points, a true wording trips over no mistake, and a mistake's wording is found.
func TestEvalBank(t *testing.T) {
	b := newBench(t)
	var weak, tripped, truths, unseen, errors int
	questions := b.lib.Questions()
	for i, q := range questions {
		g := b.grade(q.ID, q.Answer)
		if *g.Score < 75 || len(g.Mistakes) > 0 {
			weak++
			fmt.Printf("  %s: its reference scores %d with %d mistakes\n", q.ID, *g.Score, len(g.Mistakes))
		}
		if i%sampled != 0 {
			continue
		}
		for _, p := range q.Points {
			for _, s := range p.Say {
				truths++
				if g := b.grade(q.ID, s); len(g.Mistakes) > 0 {
					tripped++
					fmt.Printf("  %s: %q trips over %q\n", q.ID, s, g.Mistakes[0].Claim)
				}
			}
		}
		for _, m := range q.Mistakes {
			for _, s := range m.Say {
				errors++
				if len(b.grade(q.ID, s).Mistakes) == 0 {
					unseen++
				}
			}
		}
	}
	fmt.Printf("references below 75 or with a mistake: %d of %d; true wordings that trip: %d of %d; mistakes unseen: %d of %d\n",
		weak, len(questions), tripped, truths, unseen, errors)
	if share(weak, len(questions)) > 0.03 || share(tripped, truths) > 0.005 || share(unseen, errors) > 0.03 {
		t.Error("the bank is at odds with itself: above the limit of 3 % of references, 0.5 % of true wordings, 3 % of mistakes")
	}
}

func share(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
