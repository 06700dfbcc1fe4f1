package index

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"os"
	"slices"

	"viva/index/rank"
)

// Judged is a query with the question that answers it, "" when none does, and
// those that answer it as well.
type Judged struct {
	Query    string   `json:"query"`
	Question string   `json:"question"`
	Also     []string `json:"also,omitempty"`
	Style    string   `json:"style"` // symptom, keyword, typo, acronym, …
}

// Tuning reports whether the query belongs to the half that weights are fitted to;
// the other half says how good they are.
func (j Judged) Tuning() bool {
	h := fnv.New32a()
	h.Write([]byte(j.Query))
	return h.Sum32()%2 == 1
}

// ReadJudged reads judged queries, a JSON object a line.
func ReadJudged(path string) ([]Judged, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var all []Judged
	for dec := json.NewDecoder(bytes.NewReader(data)); dec.More(); {
		var j Judged
		if err := dec.Decode(&j); err != nil {
			return nil, fmt.Errorf("read %s: query %d: %w", path, len(all)+1, err)
		}
		all = append(all, j)
	}
	return all, nil
}

// Answers reports whether the question with the given id answers the query.
func (j Judged) Answers(id string) bool { return id == j.Question || slices.Contains(j.Also, id) }

const (
	ridge = 0.001 // of the fits
	kept  = 0.96  // share of the answerable queries that the threshold should keep
)

// Fit returns the weights that fit the judged queries best, and the threshold
// that refuses as many of the unanswerable as it can while it keeps the rest.
func (ix *Index) Fit(ctx context.Context, judged []Judged) (Ranking, error) {
	var r Ranking
	evidences := make([]evidence, len(judged))
	var cases []rank.Case
	for i, j := range judged {
		mended, _ := ix.words.speller.Mend(j.Query)
		e, err := ix.evidence(ctx, mended)
		if err != nil {
			return r, err
		}
		evidences[i] = e
		if j.Question == "" {
			continue
		}
		c := rank.Case{}
		for place, q := range ix.questions {
			c.Choices = append(c.Choices, ix.signals(e, place))
			c.Right = append(c.Right, j.Answers(q.ID))
		}
		cases = append(cases, c)
	}
	r.Question = rank.Fit(cases, ridge)
	var found, alone []rank.Case
	for i, j := range judged {
		e := evidences[i]
		best := math.Inf(-1)
		for place := range ix.questions {
			best = max(best, r.Question.Sum(ix.signals(e, place)))
		}
		s := ix.found(e, best)
		found = append(found, answerable(s, j.Question != ""))
		alone = append(alone, answerable(s[:outsideNear], j.Question != ""))
	}
	r.Found, r.Alone = rank.Fit(found, ridge), rank.Fit(alone, ridge)
	var chances []float64 // of the answerable
	for i, j := range judged {
		if j.Question != "" {
			chances = append(chances, rank.Logistic(r.Found.Sum(found[i].Choices[0])))
		}
	}
	slices.Sort(chances)
	r.Least = math.Round(1000*chances[int((1-kept)*float64(len(chances)))]) / 1000
	return r, nil
}

// answerable is the choice between an answer, for which s speaks, and none.
func answerable(s rank.Signals, yes bool) rank.Case {
	return rank.Case{Choices: []rank.Signals{s, make(rank.Signals, len(s))}, Right: []bool{yes, !yes}}
}
