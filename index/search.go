package index

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"viva/content"
	"viva/index/rank"
)

// MaxQuery is the longest query taken, in bytes.
const MaxQuery = 16 << 10

// Errors of a query that cannot be searched for.
var (
	ErrEmptyQuery = errors.New("the query holds no word to search for")
	ErrLongQuery  = errors.New("the query is longer than 16 kB: a sentence or two find more")
)

// Results is what a query found.
type Results struct {
	Query  string
	Mended string // the query with its slips of the pen mended, as it was searched for; "" where there were none
	Found  bool   // something in the bank answers the query
	Hits   []Hit
}

// Hit is one question with what speaks for it.
type Hit struct {
	Question content.Question
	Score    float64         // confidence that this is the question meant, from 0 to 1
	Passage  content.Passage // what of it comes nearest, to be shown
}

// Search returns the limit questions that answer the query best and pass the
// filter, best first, ties by key; fewer only where the bank holds fewer. Of a long
// query all words count, and the meaning of as much as the encoder reads.
func (ix *Index) Search(ctx context.Context, query string, limit int, filter content.Filter) (Results, error) {
	r := Results{Query: query}
	switch {
	case len(query) > MaxQuery:
		return r, ErrLongQuery
	case !strings.ContainsFunc(query, isWord):
		return r, ErrEmptyQuery
	}
	mended, changed := ix.words.speller.Mend(query)
	if changed {
		r.Mended = mended
	}
	e, err := ix.evidence(ctx, mended)
	if err != nil {
		return r, fmt.Errorf("search: %w", err)
	}
	candidates := ix.order(e, filter)
	if len(candidates) == 0 {
		return r, nil
	}
	answered := ix.answered(e, candidates[0].sum)
	r.Found = answered >= ix.ranking.Least
	if named := slices.IndexFunc(candidates, func(c candidate) bool { return ix.isName(query, c.place) }); named >= 0 {
		c := candidates[named]
		c.share, answered, r.Found, r.Mended = 1, 1, true, ""
		candidates = slices.Insert(slices.Delete(candidates, named, named+1), 0, c)
		for i := range candidates[1:] {
			candidates[1+i].share = 0
		}
	}
	for _, c := range candidates[:min(max(limit, 0), len(candidates))] {
		shown := ix.shown(&e.tallies[c.place], c.place)
		r.Hits = append(r.Hits, Hit{ix.questions[c.place], answered * c.share, shown})
	}
	return r, nil
}

func isWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' ||
		r > unicode.MaxASCII && r != utf8.RuneError && !unicode.IsSpace(r)
}

// isName reports whether a query is nothing but the name of a question: its id, or
// its number in the built-in list.
func (ix *Index) isName(query string, place int) bool {
	q := ix.questions[place]
	name := strings.TrimSpace(query)
	return name == q.ID || name == q.Key() || q.Number != 0 && name == strconv.Itoa(q.Number)
}

// candidate is a question that may be meant.
type candidate struct {
	place int
	sum   float64 // of its weighted signals
	share float64 // of the probability that it is the one meant, given that one is
}

// order sorts the questions that pass the filter, the likeliest first.
func (ix *Index) order(e evidence, filter content.Filter) []candidate {
	var all []candidate
	var shares []float64
	for place, q := range ix.questions {
		if filter.Match(q) {
			sum := ix.ranking.Question.Sum(ix.signals(e, place))
			all = append(all, candidate{place: place, sum: sum})
			shares = append(shares, sum)
		}
	}
	rank.Softmax(shares)
	for i := range all {
		all[i].share = shares[i]
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		if c := cmp.Compare(b.sum, a.sum); c != 0 {
			return c
		}
		return strings.Compare(ix.questions[a.place].Key(), ix.questions[b.place].Key()) // which is costly
	})
	return all
}

// answered is the probability that a bank whose best question has this sum
// answers the query.
func (ix *Index) answered(e evidence, best float64) float64 {
	weights := ix.ranking.Found
	if ix.outside == 0 {
		weights = ix.ranking.Alone
	}
	return rank.Logistic(weights.Sum(ix.found(e, best)))
}

// shown is what a hit shows of its question: the point that comes nearest, and
// where there are no points the answer or else the question.
func (ix *Index) shown(t *tally, place int) content.Passage {
	q := ix.questions[place]
	if point, ok := q.Point(t.factText.Part); ok {
		return content.Passage{Question: q.Key(), Kind: content.PassagePoint, Part: point.ID, Text: point.Text}
	}
	if q.Answer != "" {
		return content.Passage{Question: q.Key(), Kind: content.PassageAnswer, Text: q.Answer}
	}
	return content.Passage{Question: q.Key(), Kind: content.PassageQuestion, Text: q.Text}
}

// Wanted says which hits are wanted.
type Wanted struct {
	Limit   int
	Least   float64  // confidence, summed over the texts, below which a question is left out
	Without []string // keys of questions that are passed over
}

// Together returns the questions that several texts are about, best first: those
// that gather most confidence over all of them. A hit's Score is that sum, which may
// be above 1. Texts that the bank does not answer count only where it answers none,
// and texts that cannot be searched for never.
func (ix *Index) Together(ctx context.Context, texts []string, w Wanted) ([]Hit, error) {
	all, _, err := ix.searchAll(ctx, texts, content.Filter{})
	if err != nil {
		return nil, err
	}
	gathered := map[string]Hit{}
	for _, r := range all {
		for _, h := range r.Hits {
			key := h.Question.Key()
			h.Score += gathered[key].Score
			gathered[key] = h
		}
	}
	for _, key := range w.Without {
		delete(gathered, key)
	}
	maps.DeleteFunc(gathered, func(_ string, h Hit) bool { return h.Score < w.Least })
	hits := slices.SortedFunc(maps.Values(gathered), func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Question.Key(), b.Question.Key()))
	})
	return hits[:min(max(w.Limit, 0), len(hits))], nil
}

// InTurn returns the questions that several texts are about so that each text has
// its turn: first the best hit of each, the surest first, then the next best, and
// so on. found is false where the bank answers none of them; the texts count as in
// [Index.Together].
func (ix *Index) InTurn(ctx context.Context, texts []string, filter content.Filter) (hits []Hit, found bool, err error) {
	all, found, err := ix.searchAll(ctx, texts, filter)
	if err != nil {
		return nil, false, err
	}
	slices.SortStableFunc(all, func(a, b Results) int { return cmp.Compare(b.best(), a.best()) })
	taken := map[string]bool{}
	for n := range len(ix.questions) {
		for _, r := range all {
			if n < len(r.Hits) && !taken[r.Hits[n].Question.Key()] {
				taken[r.Hits[n].Question.Key()] = true
				hits = append(hits, r.Hits[n])
			}
		}
	}
	return hits, found, nil
}

// searchAll searches for each text that can be searched for. Where the bank answers
// some, which is found, the others are left out.
func (ix *Index) searchAll(ctx context.Context, texts []string, filter content.Filter) (all []Results, found bool, err error) {
	for _, text := range texts {
		r, err := ix.Search(ctx, text, len(ix.questions), filter)
		if errors.Is(err, ErrEmptyQuery) || errors.Is(err, ErrLongQuery) {
			continue
		}
		if err != nil {
			return nil, false, err
		}
		found = found || r.Found
		all = append(all, r)
	}
	if found {
		all = slices.DeleteFunc(all, func(r Results) bool { return !r.Found })
	}
	return all, found, nil
}

// best is the confidence of the first hit, 0 where there is none.
func (r Results) best() float64 {
	if len(r.Hits) == 0 {
		return 0
	}
	return r.Hits[0].Score
}
