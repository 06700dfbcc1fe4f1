//go:build eval

package grade_test

import (
	"fmt"
	"testing"
)

// TestEvalBank grades the bank against itself: a reference answer makes its own
// points, a true wording trips over no mistake, and a mistake's wording is found.
func TestEvalBank(t *testing.T) {
	lib, estimate := builtinEstimator(t)
	weak, tripped, truths, unseen, errors := 0, 0, 0, 0, 0
	for _, q := range lib.Questions() {
		g := estimate(q, q.Answer)
		if *g.Score < 75 || len(g.Mistakes) > 0 {
			weak++
			fmt.Printf("  %s: its reference scores %d with %d mistakes\n", q.ID, *g.Score, len(g.Mistakes))
		}
		for _, p := range q.Points {
			for _, s := range p.Say {
				truths++
				if g := estimate(q, s); len(g.Mistakes) > 0 {
					tripped++
					fmt.Printf("  %s: %q trips over %q\n", q.ID, s, g.Mistakes[0].Claim)
				}
			}
		}
		for _, m := range q.Mistakes {
			for _, s := range m.Say {
				errors++
				if len(estimate(q, s).Mistakes) == 0 {
					unseen++
				}
			}
		}
	}
	fmt.Printf("references below 75 or with a mistake: %d of %d; true wordings that trip: %d of %d; mistakes unseen: %d of %d\n",
		weak, len(lib.Questions()), tripped, truths, unseen, errors)
	if weak > 3 || tripped > 5 || unseen > 18 {
		t.Error("the bank is at odds with itself: above the limit of 3 references, 5 true wordings, 18 mistakes")
	}
}
