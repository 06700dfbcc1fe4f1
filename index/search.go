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
	wholeShare     = 0.5  // weight of the entry as a whole beside its best passage
	confidenceAt   = 0.36 // vote at which half of the first hits are right
	confidenceStep = 0.04 // how fast confidence grows around it
	rivalStep      = 0.08 // how fast it falls for a hit whose vote is below the first one's
	surest         = 0.99 // no confidence is higher
	foundAt        = 0.5  // confidence from which on the bank answers the query
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
	near, err := ix.nearest(ctx, vectors[0])
	if err != nil {
		return r, fmt.Errorf("search: %w", err)
	}
	r.Hits = ix.vote(near, filter)
	r.Hits = r.Hits[:min(max(limit, 0), len(r.Hits))]
	r.Found = len(r.Hits) > 0 && r.Hits[0].Score >= foundAt
	return r, nil
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127
}

// near is one passage's cosine with what is looked for.
type near struct {
	passage int
	cosine  float64
}

// nearest returns all passages, nearest first, ties in the order of the bank.
func (ix *Index) nearest(ctx context.Context, vector []float32) ([]near, error) {
	n := ix.collection.Count()
	if n == 0 {
		return nil, nil
	}
	found, err := ix.collection.QueryEmbedding(ctx, vector, n, nil, nil)
	if err != nil {
		return nil, err
	}
	out := make([]near, 0, len(found))
	for _, f := range found {
		if i, err := strconv.Atoi(f.ID); err == nil { // an entry's document is no passage
			out = append(out, near{i, float64(f.Similarity)})
		}
	}
	slices.SortStableFunc(out, func(a, b near) int {
		return cmp.Or(cmp.Compare(b.cosine, a.cosine), cmp.Compare(a.passage, b.passage))
	})
	return out, nil
}

// vote gives each question that passes the filter its best passage's cosine and
// a share of its question's and answer's, and sorts by the sum.
func (ix *Index) vote(nearest []near, filter content.Filter) []Hit {
	best := make([]near, len(ix.questions))
	whole := make([]float64, len(ix.questions))
	for i := range best {
		best[i].cosine, whole[i] = math.Inf(-1), math.Inf(-1)
	}
	for _, n := range nearest {
		i := ix.owner[n.passage]
		if n.cosine > best[i].cosine {
			best[i] = n
		}
		if k := ix.passages[n.passage].Kind; k == content.PassageQuestion || k == content.PassageAnswer {
			whole[i] = max(whole[i], n.cosine)
		}
	}
	var hits []Hit
	for i, q := range ix.questions {
		if !filter.Match(q) || math.IsInf(best[i].cosine, -1) {
			continue
		}
		sum := (best[i].cosine + wholeShare*whole[i]) / (1 + wholeShare)
		hits = append(hits, Hit{Question: q, Score: sum, Passage: ix.passages[best[i].passage]})
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
