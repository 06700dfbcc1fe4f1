package index

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"viva/content"
)

// When an answer strays to a neighbour's subject. With these, none of the 60
// excellent and good answers of interviewer/grade/testdata/graded strays.
const (
	strayAt        = 0.55 // a sentence as near as this to a neighbour's passage,
	strayLead      = 0.20 // and nearer to it by this much than to any of its own question
	strayWords     = 4    // in sentences of at least so many words
	maxNeighbours  = 2
	straySentences = 60 // of an answer are looked at
)

// ErrNotIndexed reports a question that the index does not hold.
var ErrNotIndexed = errors.New("the question is not in the index")

// Retrieve returns what an answer to q is graded against: the entry that the
// index holds for q and, where sentences of the answer stray, at most two
// passages of the neighbours they stray to, each stating a fact.
func (ix *Index) Retrieve(ctx context.Context, q content.Question, answer string) (content.Reference, error) {
	own, ok := ix.places[q.Key()]
	if !ok {
		return content.Reference{}, fmt.Errorf("retrieve %q: %w", q.Key(), ErrNotIndexed)
	}
	ref := content.Reference{Question: ix.questions[own]}
	var sentences []string
	for _, s := range content.Sentences(answer) {
		if len(strings.Fields(s)) >= strayWords && len(sentences) < straySentences {
			sentences = append(sentences, s)
		}
	}
	vectors, err := ix.Embed(ctx, sentences)
	if err != nil {
		return content.Reference{}, fmt.Errorf("retrieve %q: %w", q.Key(), err)
	}
	seen := map[string]bool{}
	for _, v := range vectors {
		if p := ix.stray(ix.scan(v), own); p.Text != "" && !seen[p.Text] && len(ref.Neighbours) < maxNeighbours {
			seen[p.Text] = true
			ref.Neighbours = append(ref.Neighbours, p)
		}
	}
	return ref, nil
}

// stray returns the neighbour's fact that a sentence is about rather than about
// the question own, or the zero Passage. The cosines are the sentence's.
func (ix *Index) stray(cosines []float32, own int) content.Passage {
	nearest, near, ours := -1, float32(-1), float32(-1)
	for i, cosine := range cosines {
		if ix.wordings[i].owner == own {
			ours = max(ours, cosine)
		} else if cosine > near && ix.fact(i).Text != "" {
			nearest, near = i, cosine
		}
	}
	if nearest < 0 || near < strayAt || near-ours < strayLead {
		return content.Passage{}
	}
	return ix.fact(nearest)
}

// fact returns the passage that states what wording i is about, which is a
// point's own text, and nothing for ways of asking, which state none.
func (ix *Index) fact(i int) content.Passage {
	w := ix.wordings[i]
	if w.Kind != content.PassagePoint && w.Kind != content.PassageSay {
		return content.Passage{}
	}
	point, ok := ix.questions[w.owner].Point(w.Part)
	if !ok {
		return content.Passage{}
	}
	return content.Passage{Question: w.Question, Kind: content.PassagePoint, Part: w.Part, Text: point.Text}
}
