package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"viva/content"
	"viva/index/embed"
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
	doc, err := ix.collection.GetByID(ctx, entryID(q.Key()))
	if err != nil {
		return content.Reference{}, fmt.Errorf("retrieve %q: %w", q.Key(), ErrNotIndexed)
	}
	own, err := strconv.Atoi(doc.Metadata["question"])
	if err != nil {
		return content.Reference{}, fmt.Errorf("retrieve %q: %w", q.Key(), err)
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
		if p := ix.stray(v, own); p.Text != "" && !seen[p.Text] && len(ref.Neighbours) < maxNeighbours {
			seen[p.Text] = true
			ref.Neighbours = append(ref.Neighbours, p)
		}
	}
	return ref, nil
}

// stray returns the neighbour's fact that a sentence is about rather than about
// the question own, or the zero Passage.
func (ix *Index) stray(sentence []float32, own int) content.Passage {
	nearest, near, ours := -1, math.Inf(-1), math.Inf(-1)
	for i, v := range ix.vectors {
		cosine := float64(embed.Dot(sentence, v))
		if ix.owner[i] == own {
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

// fact returns the passage that states what passage i is about: a point's own
// text for its wordings, and nothing for questions, which state none.
func (ix *Index) fact(i int) content.Passage {
	p := ix.passages[i]
	switch p.Kind {
	case content.PassageSay:
		if point, ok := ix.questions[ix.owner[i]].Point(p.Part); ok {
			p.Kind, p.Text = content.PassagePoint, point.Text
			return p
		}
	case content.PassagePoint, content.PassageAnswer:
		return p
	}
	return content.Passage{}
}
