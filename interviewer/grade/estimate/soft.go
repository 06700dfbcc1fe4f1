package estimate

import (
	"math"
	"slices"
)

// A sentence's vector blurs its words: two sentences about one thing come out
// close whatever they say of it. So the words are compared as well, softly, as
// BERTScore does (Zhang et al. 2020) but over vectors that know no context: each
// token of a wording looks for the token of the answer that is nearest in
// meaning. How near they come, weighed by rarity, is the recall of the wording;
// the other way round it is its precision.

// tokens are a text's token ids.
type tokens []int32

// lexicon holds the vectors and the rarity of the tokens of an entry and an answer.
type lexicon struct {
	split   Split
	vectors map[int32][]float32
	rarity  map[int32]float64
	near    map[[2]int32]float64
}

func newLexicon(split Split) *lexicon {
	return &lexicon{split: split, vectors: map[int32][]float32{}, rarity: map[int32]float64{}, near: map[[2]int32]float64{}}
}

func (x *lexicon) read(text string) tokens {
	ids, vectors := x.split(text)
	for i, id := range ids {
		x.vectors[id] = vectors[i]
	}
	return ids
}

// weigh gives each token of the wordings its rarity among them.
func (x *lexicon) weigh(wordings []tokens) {
	in := map[int32]float64{}
	for _, w := range wordings {
		seen := map[int32]bool{}
		for _, id := range w {
			if !seen[id] {
				seen[id] = true
				in[id]++
			}
		}
	}
	for id, n := range in {
		x.rarity[id] = math.Log(1 + float64(len(wordings))/n)
	}
}

// weight of a token; one that no wording holds is as rare as can be.
func (x *lexicon) weight(id int32) float64 {
	if w, ok := x.rarity[id]; ok {
		return w
	}
	return rarest
}

// rarest is the weight of a token of the answer that no wording holds: about that
// of a token which stands in one wording of sixty.
const rarest = 4

// likeness is the cosine of two tokens.
func (x *lexicon) likeness(a, b int32) float64 {
	if a > b {
		a, b = b, a
	}
	c, ok := x.near[[2]int32{a, b}]
	if !ok {
		c = Cosine(x.vectors[a], x.vectors[b])
		x.near[[2]int32{a, b}] = c
	}
	return c
}

// nearest gives for each token of want the likeness of the token of have that is
// nearest to it.
func (x *lexicon) nearest(want, have tokens) []float64 {
	out := make([]float64, len(want))
	for i, a := range want {
		out[i] = -1
		for _, b := range have {
			out[i] = max(out[i], x.likeness(a, b))
		}
	}
	return out
}

// recall is the mean likeness of want's tokens to what have holds; 0 for none.
func (x *lexicon) recall(want, have tokens) float64 {
	return x.mean(want, x.nearest(want, have))
}

func (x *lexicon) mean(of tokens, values []float64) float64 {
	sum, total := 0.0, 0.0
	for i, id := range of {
		sum += x.weight(id) * values[i]
		total += x.weight(id)
	}
	if total == 0 {
		return 0
	}
	return sum / total
}

// saidAt is the likeness at which a token counts as said.
const saidAt = 0.6

// said is the share of want's tokens that have holds, in these or like words.
func (x *lexicon) said(want tokens, nearest []float64) float64 {
	hit := make([]float64, len(nearest))
	for i, v := range nearest {
		if v > saidAt {
			hit[i] = 1
		}
	}
	return x.mean(want, hit)
}

// soft is how the words of an answer stand to a point.
type soft struct {
	anywhere     float64 // recall of the best wording in the whole answer
	text         float64 // recall of the point's own text there
	sentence     float64 // recall of the best wording in the best sentence
	lead         float64 // that, less the recall of the best mistake in that sentence
	precision    float64 // of that sentence by the best wording
	precise      float64 // that, less its precision by the best mistake
	said, stated float64 // share of the best wording, and of the text, that is said at all
}

// strayRecall is what a sentence has in common with some mistake at least.
const strayRecall = 0.4

// softly compares an answer's words with those of each point. The mistakes in a
// sentence are measured once.
func (r *Reading) softly(split Split, sentences []string) {
	x := newLexicon(split)
	var all tokens
	var said, wordings []tokens
	for _, s := range sentences {
		t := x.read(s)
		said, all = append(said, t), append(all, t...)
	}
	read := func(groups []group) [][]tokens {
		var out [][]tokens
		for _, g := range groups {
			var ts []tokens
			for _, w := range g.wordings {
				ts = append(ts, x.read(w.raw))
			}
			wordings = append(wordings, ts...)
			out = append(out, ts)
		}
		return out
	}
	points, mistakes := read(r.points), read(r.mistakes)
	read(r.question)
	x.weigh(wordings)
	recalled := slices.Repeat([]float64{strayRecall}, len(said))
	precise := slices.Clone(recalled)
	for _, g := range mistakes {
		for _, w := range g {
			for i, s := range said {
				recalled[i] = max(recalled[i], x.recall(w, s))
				precise[i] = max(precise[i], x.recall(s, w))
			}
		}
	}
	for _, g := range points {
		p := soft{sentence: -1}
		at := -1
		for k, w := range g {
			near := x.nearest(w, all)
			wide, hit := x.mean(w, near), x.said(w, near)
			p.anywhere, p.said = max(p.anywhere, wide), max(p.said, hit)
			if k == 0 {
				p.text, p.stated = wide, hit
			}
			for i, s := range said {
				if c := x.recall(w, s); c > p.sentence {
					p.sentence, at = c, i
				}
			}
		}
		if at >= 0 {
			for _, w := range g {
				p.precision = max(p.precision, x.recall(said[at], w))
			}
			p.lead, p.precise = p.sentence-recalled[at], p.precision-precise[at]
		}
		r.soft = append(r.soft, p)
	}
}
