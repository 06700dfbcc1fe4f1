package index

import (
	"context"
	_ "embed" // the weights
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"viva/content"
	"viva/index/lexical"
	"viva/index/rank"
)

// What speaks for a question, in the order of the weights: cosines of the query
// with its passages, and BM25 scores of its words.
const (
	nearestWording = iota // cosine of the nearest way of asking
	nearWordings          // mean cosine of the eight nearest
	allTexts              // mean cosine of all passages but the answer
	answerText            // cosine of the nearest piece of the answer
	nearestFact           // cosine of the nearest point or wording of a point
	nameLikeness          // of the query and its id, from 0 to 1
	wordingWords          // score of the words of all ways of asking
	allWords              // score of all words
	questionSignals
)

// What speaks for the query having an answer in the bank at all.
const (
	constant     = iota // 1
	bestQuestion        // the weighted sum of the best question's signals
	queryLength         // logarithm of how many terms the query says, and one
	outsideNear         // mean cosine of the three nearest wordings of the nearest subject outside the bank
	outsideWords        // score of the words of the subject outside the bank that has most of them
	foundSignals
)

// several and few are how many near wordings make a subject: one may be chance.
const (
	several = 8
	few     = 3
)

// Ranking is how the signals are weighed. It is fitted by [Index.Fit] and kept in
// ranking.json.
type Ranking struct {
	Question rank.Weights `json:"question"` // of the signals of a question
	Found    rank.Weights `json:"found"`    // of the signals of a query; their last ones are of subjects outside the bank
	Alone    rank.Weights `json:"alone"`    // the same without those, for banks of which nobody knows what lies outside
	Least    float64      `json:"least"`    // probability that there is an answer from which on one is given
}

//go:embed ranking.json
var ranking []byte

func builtinRanking() (Ranking, error) {
	var r Ranking
	if err := json.Unmarshal(ranking, &r); err != nil {
		return r, fmt.Errorf("read weights of the ranking: %w", err)
	}
	if len(r.Question) != questionSignals || len(r.Found) != foundSignals || len(r.Alone) != outsideNear {
		return r, fmt.Errorf("read weights of the ranking: %d, %d and %d: run go generate ./index", len(r.Question), len(r.Found), len(r.Alone))
	}
	return r, nil
}

// tally gathers the cosines of an owner's passages.
type tally struct {
	nearest  [several]float64 // cosines of its ways of asking, best first
	asked    int              // how many of these there are
	sum      float64          // of all cosines but the answer's
	texts    float64          // how many these are
	answers  int
	answer   float64
	facts    int
	fact     float64
	factText content.Passage // the point or wording of a point that is nearest
}

func (t *tally) add(p content.Passage, cosine float64) {
	switch p.Kind {
	case content.PassageAnswer:
		t.answers++
		t.answer = max(t.answer, cosine)
		return
	case content.PassagePoint, content.PassageSay:
		t.facts++
		if cosine > t.fact || t.factText.Text == "" {
			t.fact, t.factText = cosine, p
		}
	default:
		t.asked++
		for i := range t.nearest {
			if cosine > t.nearest[i] {
				cosine, t.nearest[i] = t.nearest[i], cosine
			}
		}
	}
	t.texts++
}

// mean is the mean cosine of the n nearest ways of asking.
func (t *tally) mean(n int) float64 {
	n = min(n, t.asked)
	sum := 0.0
	for _, c := range t.nearest[:n] {
		sum += c
	}
	return sum / math.Max(float64(n), 1)
}

// evidence is what a query and the index have in common.
type evidence struct {
	tallies []tally // of each owner
	match   lexical.Match
	terms   []lexical.Term // of the query
}

func (ix *Index) evidence(ctx context.Context, query string) (evidence, error) {
	vectors, err := ix.Embed(ctx, []string{query})
	if err != nil {
		return evidence{}, err
	}
	vector := vectors[0]
	for _, x := range vector {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return evidence{}, fmt.Errorf("the encoder made no vector of %.40q", query)
		}
	}
	e := evidence{tallies: make([]tally, len(ix.questions)+ix.outside), match: ix.words.Match(query), terms: lexical.Terms(query)}
	if err := ix.tallyEntries(ctx, e.tallies, vector); err != nil {
		return evidence{}, err
	}
	for i, cosine := range ix.scan(vector) {
		w := &ix.wordings[i]
		t := &e.tallies[w.owner]
		t.sum += float64(cosine)
		t.add(w.Passage, float64(cosine))
	}
	return e, nil
}

// tallyEntries adds what the store finds, which comes in no order.
func (ix *Index) tallyEntries(ctx context.Context, tallies []tally, vector []float32) error {
	if len(ix.entries) == 0 {
		return nil
	}
	found, err := ix.store.QueryEmbedding(ctx, vector, len(ix.entries), nil, nil)
	if err := errors.Join(err, ctx.Err()); err != nil { // it stops without one
		return err
	}
	cosines := make([]float64, len(ix.entries))
	for _, f := range found {
		i, err := strconv.Atoi(f.ID)
		if err != nil {
			return fmt.Errorf("the store holds a document %q", f.ID)
		}
		cosines[i] = float64(f.Similarity)
	}
	for i, e := range ix.entries {
		t := &tallies[e.owner]
		t.add(e.Passage, cosines[i])
		if e.Kind == content.PassageQuestion {
			t.sum += cosines[i]
		}
	}
	return nil
}

// signals are those of the question at a place. Where a bank has no answers or no
// points, the nearest text that it has stands in, so that it loses nothing to one
// that has.
func (ix *Index) signals(e evidence, place int) rank.Signals {
	t := &e.tallies[place]
	s := make(rank.Signals, questionSignals)
	s[nearestWording] = t.nearest[0]
	s[nearWordings] = t.mean(several)
	s[allTexts] = t.sum / math.Max(t.texts, 1)
	s[answerText], s[nearestFact] = t.answer, t.fact
	if t.answers == 0 {
		s[answerText] = max(t.fact, t.nearest[0])
	}
	if t.facts == 0 {
		s[nearestFact] = max(t.answer, t.nearest[0])
	}
	doc := ix.words.docs[place]
	s[nameLikeness] = lexical.Likeness(e.terms, ix.words.names[place])
	s[wordingWords] = e.match.Scores[lexical.Wordings][doc]
	s[allWords] = e.match.Scores[lexical.Whole][doc]
	return s
}

// found are the signals of the query, given the best question's sum.
func (ix *Index) found(e evidence, best float64) rank.Signals {
	s := rank.Signals{1, best, math.Log1p(float64(e.match.Terms))}
	if ix.outside == 0 {
		return s
	}
	s = append(s, 0, 0)
	for owner := len(ix.questions); owner < len(e.tallies); owner++ {
		s[outsideNear] = max(s[outsideNear], e.tallies[owner].mean(few))
		s[outsideWords] = max(s[outsideWords], e.match.Scores[lexical.Wordings][ix.words.docs[owner]])
	}
	return s
}
