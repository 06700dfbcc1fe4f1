package estimate

import (
	"math"
	"strings"

	"viva/content"
	"viva/interviewer/grade/words"
)

// answer is what is known of the answer as a whole.
type answer struct {
	lean      float64 // mean lead of the points over the mistakes
	worst     float64 // largest lead of a mistake over the points
	accused   float64 // share of clauses that lie nearer to a mistake
	onTopic   float64 // mean closeness of the clauses to a point
	best      float64 // closest any clause comes to a point or mistake
	echo      float64 // mean lead of the question over the points
	substance float64 // log of the different words it shares with the entry
	asking    float64 // share of sentences that ask
	talk      float64 // share of words about answering
	familiar  float64 // share of meaning words that the entry knows
	covered   float64 // mean over the points of the best closeness
	strange   float64 // numbers that no point and no wording names
}

// leanMost is how much a single clause may move the answer's lean.
const leanMost = 0.1

// talk are the words of someone who speaks of the answer and not of the subject.
var talk = words.Set(`answer answers explain discuss discussed mention cover covers covered consider considered considerations
	important importance aspects topic topics various depends requirements approach best practices practice overall essential
	crucial key factors candidate question interviewer interview points concepts understand understanding knowledge tradeoffs
	solution solutions robust leverage ensure holistic comprehensive thorough needs`)

func (r *Reading) readAnswer(s string, known map[string]int) answer {
	a := answer{worst: -1, best: -1}
	n := float64(max(len(r.near), 1))
	for _, c := range r.near {
		lead := c.truth.blend - max(c.falsehood.blend, stray)
		a.lean += min(max(lead, -leanMost), leanMost) / n
		a.worst = max(a.worst, c.falsehood.nearest-c.truth.nearest)
		if c.falsehood.nearest >= c.truth.nearest {
			a.accused += 1 / n
		}
		a.onTopic += c.truth.nearest / n
		a.best = max(a.best, c.truth.blend, c.falsehood.blend)
		a.echo += (c.question - c.truth.nearest) / n
	}
	for j := range r.points {
		_, most := r.closest(j)
		a.covered += most / float64(len(r.points))
	}
	r.readWords(&a, s, known)
	return a
}

// stray is how close a clause counts to come to some mistake at least.
const stray = 0.3

// readWords fills in what needs no vectors.
func (r *Reading) readWords(a *answer, s string, known map[string]int) {
	said := words.Tokens(s)
	shared := map[string]bool{}
	meaning, familiar := 0.0, 0.0
	for _, w := range said {
		if talk[w] {
			a.talk += 1 / float64(len(said))
		}
		if words.IsGlue(w) {
			continue
		}
		meaning++
		if known[w] > 0 {
			familiar++
			shared[w] = true
		}
	}
	a.substance = math.Log(1 + float64(len(shared)))
	a.familiar = familiar / max(meaning, 1)
	sentences := content.Sentences(s)
	for _, sentence := range sentences {
		if strings.HasSuffix(strings.TrimSpace(sentence), "?") {
			a.asking += 1 / float64(len(sentences))
		}
	}
	for _, t := range r.texts {
		for n := range t.numbers {
			if !r.knowsNumber(n) {
				a.strange++
			}
		}
	}
}

func (r *Reading) knowsNumber(n string) bool {
	for _, g := range append(append([]group{}, r.points...), r.question...) {
		if g.numbers[n] {
			return true
		}
	}
	return false
}

// closest returns the clause that comes closest to a point, and how close; -1
// when there is none.
func (r *Reading) closest(point int) (clause int, most float64) {
	clause, most = -1, -1
	for i, n := range r.near {
		if c := n.points[point].nearest; c > most {
			clause, most = i, c
		}
	}
	return clause, most
}
