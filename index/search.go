package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"viva/content"
)

// MaxQuery is the longest query taken, in bytes.
const MaxQuery = 16 << 10

// Errors of a query that cannot be searched for.
var (
	ErrEmptyQuery = errors.New("the query holds no word to search for")
	ErrLongQuery  = errors.New("the query is longer than 16 kB: a sentence or two find more")
)

// Weights of the vote and of the confidence, chosen on one half of
// testdata/queries.jsonl and reported on the other by TestEvalSearch.
const (
	factShare      = 0.9  // weight of a point and its wordings, which other questions state too, beside other passages
	confidenceAt   = 0.46 // vote at which half of the first hits are right
	confidenceStep = 0.09 // how fast confidence grows around it
	rivalStep      = 0.08 // how fast it falls for a hit whose vote is below the first one's
	surest         = 0.99 // no confidence is higher
	foundAt        = 0.41 // confidence from which on the bank answers the query
)

// Results is what a query found.
type Results struct {
	Query string
	Found bool // something in the bank answers the query
	Hits  []Hit
}

// Hit is one question with what speaks for it.
type Hit struct {
	Question content.Question
	Score    float64         // confidence that this is the question meant, from 0 to 1
	Passage  content.Passage // the passage that matched best
}

// Search returns the limit questions nearest in meaning that pass the filter,
// best first, ties by key; fewer only where the bank holds fewer.
func (ix *Index) Search(ctx context.Context, query string, limit int, filter content.Filter) (Results, error) {
	r := Results{Query: query}
	switch {
	case len(query) > MaxQuery:
		return r, ErrLongQuery
	case !strings.ContainsFunc(query, isWord):
		return r, ErrEmptyQuery
	}
	vectors, err := ix.Embed(ctx, []string{query})
	if err != nil {
		return r, fmt.Errorf("search: %w", err)
	}
	passages, err := ix.nearest(ctx, vectors[0])
	if err != nil {
		return r, fmt.Errorf("search: %w", err)
	}
	r.Hits = ix.vote(passages, filter)
	r.Hits = r.Hits[:min(max(limit, 0), len(r.Hits))]
	r.Found = len(r.Hits) > 0 && r.Hits[0].Score >= foundAt
	return r, nil
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127
}

// near is one passage's cosine with what is looked for.
type near struct {
	passage
	cosine float64
}

// nearest returns the cosine of every passage: the whole entries first, then
// the wordings, both in the order of the bank.
func (ix *Index) nearest(ctx context.Context, vector []float32) ([]near, error) {
	if len(ix.entries) == 0 {
		return nil, nil
	}
	found, err := ix.store.QueryEmbedding(ctx, vector, len(ix.entries), nil, nil)
	if err != nil {
		return nil, err
	}
	all := make([]near, len(ix.entries), len(ix.entries)+len(ix.wordings))
	for _, f := range found { // in no order where they are alike
		i, err := strconv.Atoi(f.ID)
		if err != nil {
			return nil, fmt.Errorf("the store holds a document %q", f.ID)
		}
		all[i] = near{ix.entries[i], float64(f.Similarity)}
	}
	for i, cosine := range ix.scan([][]float32{vector})[0] {
		all = append(all, near{ix.wordings[i], float64(cosine)})
	}
	return all, nil
}

// voters is how many of a question's passages vote: one near passage may be
// chance, three are a subject.
const voters = 3

// vote gives each question that passes the filter the mean of its best passage
// and of the next two, and sorts by it.
func (ix *Index) vote(passages []near, filter content.Filter) []Hit {
	best := make([][voters]near, len(ix.questions)) // the nearest first
	for _, n := range passages {
		if n.Kind == content.PassagePoint || n.Kind == content.PassageSay {
			n.cosine *= factShare
		}
		of := &best[n.owner]
		for i := range of {
			if of[i].Text == "" || n.cosine > of[i].cosine {
				n, of[i] = of[i], n
			}
		}
	}
	var hits []Hit
	for i, q := range ix.questions {
		if filter.Match(q) && best[i][0].Text != "" {
			vote := (best[i][0].cosine + (best[i][1].cosine+best[i][2].cosine)/2) / 2
			hits = append(hits, Hit{Question: q, Score: vote, Passage: best[i][0].Passage})
		}
	}
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Question.Key(), b.Question.Key()))
	})
	calibrate(hits)
	return hits
}

// calibrate turns the votes of sorted hits into confidences: for the first, the
// share of such first hits that were right; for the others, the less of that
// the further they are behind. The order stays.
func calibrate(hits []Hit) {
	if len(hits) == 0 {
		return
	}
	first := hits[0].Score
	top := surest / (1 + math.Exp(-(first-confidenceAt)/confidenceStep))
	for i := range hits {
		hits[i].Score = top * math.Exp((hits[i].Score-first)/rivalStep)
	}
}
