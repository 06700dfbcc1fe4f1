package grade

import (
	"math/rand/v2"
	"strings"
	"testing"

	"viva/content"
)

// randomNearness makes three clauses over two points and two mistakes.
func randomNearness(rng *rand.Rand) nearness {
	n := nearness{
		clauses:   []string{"the alpha one", "the beta one", "the gamma one"},
		column:    map[string]int{"a": 0, "b": 1},
		opposites: [][]bool{{true, false}, {true, true}},
	}
	for range n.clauses {
		n.points = append(n.points, []float64{rng.Float64(), rng.Float64()})
		n.mistakes = append(n.mistakes, []float64{rng.Float64(), rng.Float64()})
		n.accusable = append(n.accusable, rng.IntN(4) > 0)
	}
	n.lean = n.leaning()
	return n
}

func TestABetterMatchNeverCostsAndANearerMistakeNeverPays(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	e, ev := NewEstimator(nil, Normal), newEvidence("", "the alpha one the beta one the gamma one")
	outcome := func(n nearness) (a, b float64, mistakes int) {
		n.lean = n.leaning()
		a = e.judge(content.Point{ID: "a"}, n, ev).Credit
		b = e.judge(content.Point{ID: "b"}, n, ev).Credit
		return a, b, len(n.mistaken(make([]content.Mistake, 2)))
	}
	for range 2000 {
		n := randomNearness(rng)
		a, b, m := outcome(n)
		i, j, more := rng.IntN(3), rng.IntN(2), rng.Float64()/2
		n.points[i][j] += more
		if a2, b2, m2 := outcome(n); a2 < a || b2 < b || m2 > m {
			t.Fatalf("a better match: credits %v %v → %v %v, mistakes %d → %d", a, b, a2, b2, m, m2)
		}
		n.points[i][j] -= more
		n.mistakes[i][j] += more
		if a2, b2, m2 := outcome(n); a2 > a || b2 > b || m2 < m {
			t.Fatalf("a nearer mistake: credits %v %v → %v %v, mistakes %d → %d", a, b, a2, b2, m, m2)
		}
	}
}

func TestRespelt(t *testing.T) {
	t.Parallel()
	q := content.Question{Text: "What happens to an asynchronous event?", Answer: "Lambda keeps the event in a queue and tries the function again. It is not encrypted."}
	for name, test := range map[string]struct{ answer, want string }{
		"a misspelt answer is drawn to the entry": {"Lamda keps teh evnet in the qeue", "lambda keeps teh event in the queue"},
		"one slip among many words is left alone": {"Lambda keeps each evnet in the queue and tries it again", "lambda keeps each evnet in the queue and tries it again"},
		"a prefix is no slip":                     {"synchronous decrypted", "synchronous decrypted"},
	} {
		got := respelt([]string{test.answer}, test.answer, vocabulary(q))
		if strings.ToLower(got[0]) != test.want {
			t.Errorf("%s: %q, want %q", name, got[0], test.want)
		}
	}
}
