package interviewer

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"viva/content"
)

// Plan is what an interview will ask. It holds the questions whole, so that an
// interview stands by itself when the bank changes.
type Plan struct {
	Questions   []content.Question `json:"questions"`
	FollowUps   int                `json:"follow_ups"` // at most so many a question
	Exam        bool               `json:"exam,omitzero"`
	Seed        uint64             `json:"seed,omitzero"`     // chooses what the interviewer says; 0: the session's id does
	Titles      map[string]string  `json:"titles,omitzero"`   // of the topics, for people
	Minutes     int                `json:"minutes,omitzero"`  // after so many no further question is begun; 0: no limit
	Model       string             `json:"model,omitzero"`    // that grades; "": the estimator does
	BaseURL     string             `json:"base_url,omitzero"` // of the model's endpoint; "": the usual one
	BankVersion string             `json:"bank_version,omitzero"`
}

// PlanOptions says how a plan is made.
type PlanOptions struct {
	Questions int       // how many; fewer where there are fewer
	Minutes   int       // as many as fit into this time, instead of Questions; 0: no limit
	FollowUps int       // at most so many a question
	Exam      bool      // feedback only at the end
	Order     Order     // whether the candidates' order counts
	Seed      uint64    // the same number gives the same plan, whatever the past; 0: a new one each time
	Past      []Past    // what was asked before
	Now       time.Time // that the past is seen from
	Version   string    // of the banks
}

// Order says what the order of a plan's candidates means.
type Order int

// Candidates are mixed, asked nearest first, or asked exactly as they stand. All
// but the last leave out a question that is related to another one of the plan, as
// long as there are others.
const (
	Mixed Order = iota
	Ranked
	Exact
)

// MakePlan chooses questions from the candidates. Mixed ones come from many topics
// and levels: about half are due again, where any are, and come first; the others
// were never asked or, where there are none left, longest ago.
func MakePlan(candidates []content.Question, o PlanOptions) Plan {
	p := Plan{FollowUps: o.FollowUps, Exam: o.Exam, Seed: o.Seed, Minutes: o.Minutes, BankVersion: o.Version}
	c := newChoice(o)
	switch {
	case o.Order == Exact:
		c.questions = slices.Clone(candidates[:min(o.Questions, len(candidates))])
	case o.Order == Ranked:
		c.ranked(candidates)
	case o.Seed != 0:
		c.fill(shuffled(candidates, o.Seed), c.room, manner{near: 1 << 20, topic: 1})
	default:
		c.scheduled(candidates, o)
	}
	p.Questions = c.questions
	return p
}

func shuffled(candidates []content.Question, seed uint64) []content.Question {
	pool := slices.Clone(candidates)
	rng := rand.New(rand.NewPCG(seed, 0))
	rng.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	return pool
}

// choice is the questions of a plan as they are being chosen.
type choice struct {
	questions []content.Question
	taken     int                        // of room, by questions
	room      int                        // in questions, or in seconds
	size      func(content.Question) int // what a question takes of the room
}

func newChoice(o PlanOptions) choice {
	if o.Minutes == 0 {
		return choice{room: o.Questions, size: func(content.Question) int { return 1 }}
	}
	followUps := o.FollowUps
	if o.Exam {
		followUps = 0
	}
	return choice{room: 60 * o.Minutes, size: func(q content.Question) int { return int(Estimate(q, followUps).Seconds()) }}
}

// ranked takes the first ones that are not related, then the first of the rest,
// and leaves them in their order.
func (c *choice) ranked(candidates []content.Question) {
	c.fill(candidates, c.room, manner{near: never})
	c.fill(candidates, c.room, manner{near: 1})
	place := map[string]int{}
	for i, q := range candidates {
		place[q.Key()] = i
	}
	slices.SortFunc(c.questions, func(a, b content.Question) int { return cmp.Compare(place[a.Key()], place[b.Key()]) })
}

// scheduled takes what the past makes due, then what is new, then what was asked
// longest ago.
func (c *choice) scheduled(candidates []content.Question, o PlanOptions) {
	last := lastAsked(o.Past)
	var fresh, asked []content.Question
	for _, q := range shuffled(candidates, rand.Uint64()) {
		if last[q.Key()].IsZero() {
			fresh = append(fresh, q)
		} else {
			asked = append(asked, q)
		}
	}
	slices.SortStableFunc(asked, func(a, b content.Question) int { return last[a.Key()].Compare(last[b.Key()]) })
	c.fill(Pick(candidates, Due(o.Past, o.Now)), (c.room+1)/2, manner{near: never, topic: 1})
	c.fill(fresh, c.room, manner{near: never, topic: 1 << 10, level: 1})
	c.fill(asked, c.room, manner{near: never})
	c.fill(append(fresh, asked...), c.room, manner{near: 1})
}

// Pick returns the candidates that have these keys, in the order of the keys.
func Pick(candidates []content.Question, keys []string) []content.Question {
	byKey := make(map[string]content.Question, len(candidates))
	for _, q := range candidates {
		byKey[q.Key()] = q
	}
	var picked []content.Question
	for _, key := range keys {
		if q, ok := byKey[key]; ok {
			picked = append(picked, q)
		}
	}
	return picked
}

// manner is what it costs to take a question that is related to a chosen one, or
// shares its topic or level.
type manner struct{ near, topic, level int }

// never is the cost of what is not taken at all.
const never = -1

// fill takes from the pool what costs least, the first among equals, until enough
// of the room is taken.
func (c *choice) fill(pool []content.Question, enough int, m manner) {
	pool = slices.Clone(pool)
	for c.taken < enough {
		i := c.cheapest(pool, m)
		if i < 0 {
			return
		}
		c.questions = append(c.questions, pool[i])
		c.taken += c.size(pool[i])
		pool = slices.Delete(pool, i, i+1)
	}
}

// cheapest returns the place in pool of the question to take, or -1. The first of
// all is taken even where it does not fit.
func (c *choice) cheapest(pool []content.Question, m manner) int {
	best, bestCost := -1, 0
	for i, q := range pool {
		if len(c.questions) > 0 && c.taken+c.size(q) > c.room {
			continue
		}
		cost, ok := c.cost(q, m)
		if ok && (best < 0 || cost < bestCost) {
			best, bestCost = i, cost
		}
	}
	return best
}

// cost weighs what q has in common with the questions chosen; ok is false when it
// is one of them, or must not be taken.
func (c *choice) cost(q content.Question, m manner) (cost int, ok bool) {
	for _, chosen := range c.questions {
		if chosen.ID == q.ID && chosen.Bank == q.Bank {
			return 0, false
		}
		if related(chosen, q) {
			if m.near == never {
				return 0, false
			}
			cost += m.near
		}
		if chosen.Topic == q.Topic && q.Topic != "" {
			cost += m.topic
		}
		if chosen.Level == q.Level && q.Level != "" {
			cost += m.level
		}
	}
	return cost, true
}

// related reports whether one of the two names the other as a neighbour.
func related(a, b content.Question) bool {
	return a.Bank == b.Bank && (slices.Contains(a.Related, b.ID) || slices.Contains(b.Related, a.ID))
}

// What a question takes, measured in time: about 3 to 5 minutes with one
// follow-up. Thinking and answering take longer on a higher level, and so do
// reading and saying more points.
const (
	easyTime     = 3 * time.Minute
	coreTime     = 3*time.Minute + 30*time.Second
	hardTime     = 4 * time.Minute
	pointTime    = 15 * time.Second // for each point over the fewest, up to pointTimes of them
	fewestPoints = 3
	pointTimes   = 4
	followUpTime = time.Minute
)

// Estimate is about how long a question takes with its follow-ups and the
// reading of its grade.
func Estimate(q content.Question, followUps int) time.Duration {
	d := coreTime
	switch q.Level {
	case "foundation":
		d = easyTime
	case "advanced":
		d = hardTime
	}
	d += pointTime * time.Duration(min(max(len(q.Points)-fewestPoints, 0), pointTimes))
	return d + followUpTime*time.Duration(followUps-1)
}
