package interviewer

import (
	"math/rand/v2"
	"slices"

	"viva/content"
)

// Plan is what an interview will ask. It holds the questions whole, so that an
// interview stands by itself when the bank changes.
type Plan struct {
	Questions   []content.Question `json:"questions"`
	FollowUps   int                `json:"follow_ups"` // at most so many a question
	Exam        bool               `json:"exam,omitzero"`
	Titles      map[string]string  `json:"titles,omitzero"` // of the topics, for people
	BankVersion string             `json:"bank_version,omitzero"`
}

// PlanOptions says how a plan is made.
type PlanOptions struct {
	Questions int    // how many; fewer where there are fewer
	FollowUps int    // at most so many a question
	Exam      bool   // feedback only at the end
	InOrder   bool   // take the candidates as they come instead of mixing them
	Seed      uint64 // the same number gives the same plan; 0: a new one each time
	Version   string // of the banks
}

// MakePlan chooses questions from the candidates. Unless they are to be taken
// in order, it mixes topics and leaves out a question that is related to one
// already chosen, as long as there are others.
func MakePlan(candidates []content.Question, o PlanOptions) Plan {
	p := Plan{FollowUps: o.FollowUps, Exam: o.Exam, BankVersion: o.Version}
	pool := slices.Clone(candidates)
	if o.InOrder {
		p.Questions = pool[:min(o.Questions, len(pool))]
		return p
	}
	seed := o.Seed
	if seed == 0 {
		seed = rand.Uint64()
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	rng.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	for len(p.Questions) < o.Questions && len(pool) > 0 {
		i := p.next(pool)
		p.Questions = append(p.Questions, pool[i])
		pool = slices.Delete(pool, i, i+1)
	}
	return p
}

// next returns the place in pool of the question that suits the plan best: the
// first one whose topic came up least and that is related to none chosen.
func (p Plan) next(pool []content.Question) int {
	best, bestCost := 0, -1
	for i, q := range pool {
		cost := 0
		for _, chosen := range p.Questions {
			if chosen.Topic == q.Topic && q.Topic != "" {
				cost++
			}
			if chosen.Bank == q.Bank && (slices.Contains(chosen.Related, q.ID) || slices.Contains(q.Related, chosen.ID)) {
				cost += len(pool) + len(p.Questions) // worse than any topic
			}
		}
		if bestCost < 0 || cost < bestCost {
			best, bestCost = i, cost
		}
	}
	return best
}
