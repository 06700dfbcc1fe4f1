package estimate

import (
	"strings"

	"viva/interviewer/grade/words"
)

// text is what is known of a clause or wording without an encoder.
type text struct {
	raw       string
	stems     map[string]bool // of the words that carry meaning
	all       map[string]bool // of all words
	numbers   map[string]bool
	negations int
	order     map[[2]string]bool // which stem stands before which
	words     int
}

// readText reads a text.
func readText(s string) text {
	t := text{
		raw:   s,
		stems: words.Stems(s), all: words.AllStems(s), numbers: words.Numbers(s),
		negations: words.Negations(s), order: map[[2]string]bool{}, words: len(strings.Fields(s)),
	}
	content := words.Content(s)
	for i, a := range content {
		for _, b := range content[i+1 : min(i+orderReach, len(content))] {
			if a, b := words.Stem(a), words.Stem(b); a != b {
				t.order[[2]string{a, b}] = true
			}
		}
	}
	return t
}

// orderReach is how many words apart two still stand in an order.
const orderReach = 7

// share is how much of the rarity of want's stems have holds, from 0 to 1.
func (r *Reading) share(want, have map[string]bool) float64 {
	sum, found := 0.0, 0.0
	for s := range want {
		sum += r.rarity[s]
		if have[s] {
			found += r.rarity[s]
		}
	}
	if sum == 0 {
		return 0
	}
	return found / sum
}

// overlap is the largest share of a wording's stems that said holds.
func (r *Reading) overlap(g group, said text) float64 {
	most := 0.0
	for _, w := range g.wordings {
		most = max(most, r.share(w.stems, said.stems))
	}
	return most
}

// foreign is the share of said's rarity that no wording of g holds, though some
// other group does.
func (r *Reading) foreign(g group, said text) float64 {
	sum, strange := 0.0, 0.0
	for s := range said.stems {
		sum += r.rarity[s]
		if !g.stems[s] {
			strange += r.rarity[s]
		}
	}
	if sum == 0 {
		return 0
	}
	return strange / sum
}

// sameOrder counts the pairs of stems that said has in the order of a wording,
// less those it has the other way round. A pair that a wording has both ways tells nothing.
func (g group) sameOrder(said text) float64 {
	score := 0
	seen := map[[2]string]bool{}
	for _, w := range g.wordings {
		for p := range w.order {
			turned := [2]string{p[1], p[0]}
			if w.order[turned] || seen[p] || seen[turned] || said.order[p] == said.order[turned] {
				continue
			}
			seen[p] = true
			if said.order[p] {
				score++
			} else {
				score--
			}
		}
	}
	return float64(score)
}

// denial is 1 where said denies and the wording nearest in words does not, or
// the other way round, else 0.
func (r *Reading) denial(g group, said text) float64 {
	best, most := text{}, -1.0
	for _, w := range g.wordings {
		if s := r.share(w.stems, said.stems); s > most {
			best, most = w, s
		}
	}
	if (best.negations > 0) != (said.negations > 0) {
		return 1
	}
	return 0
}

// opposed counts words of said whose opposite g uses and said does not.
func (g group) opposed(said text) float64 {
	all := map[string]bool{}
	for _, w := range g.wordings {
		union(all, w.all)
	}
	return float64(words.Opposed(said.all, all))
}

// numbers compares the numbers said with those of g: 1 where they share one, −1
// where both name numbers and share none, else 0.
func (g group) sameNumbers(said text) float64 {
	if len(g.numbers) == 0 || len(said.numbers) == 0 {
		return 0
	}
	for n := range said.numbers {
		if g.numbers[n] {
			return 1
		}
	}
	return -1
}
