package rank

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestSoftmaxSharesAddUpToOne(t *testing.T) {
	t.Parallel()
	sums := []float64{1000, 1001, math.Inf(-1), math.NaN()}
	Softmax(sums)
	if math.Abs(sums[0]+sums[1]-1) > 1e-12 || math.Abs(sums[1]/sums[0]-math.E) > 1e-9 || sums[2] != 0 || sums[3] != 0 {
		t.Errorf("shares %v, want 0.27, 0.73, 0, 0", sums)
	}
}

// drawn are choices made as a model with the weights from makes them.
func drawn(from Weights, n int) []Case {
	rng := rand.New(rand.NewPCG(1, 2))
	var cases []Case
	for range n {
		c := Case{Right: make([]bool, 5)}
		shares := make([]float64, 5)
		for j := range 5 {
			s := Signals{rng.NormFloat64(), 10 * rng.NormFloat64(), rng.NormFloat64()}
			c.Choices = append(c.Choices, s)
			shares[j] = from.Sum(s)
		}
		Softmax(shares)
		at := rng.Float64()
		for j, share := range shares {
			if at -= share; at < 0 || j == 4 {
				c.Right[j] = true
				break
			}
		}
		cases = append(cases, c)
	}
	return cases
}

func TestFitFindsTheWeightsThatMadeTheChoices(t *testing.T) {
	t.Parallel()
	want := Weights{2, -0.1, 0}
	got := Fit(drawn(want, 4000), 1e-6)
	for i, tolerance := range []float64{0.15, 0.015, 0.1} {
		if math.Abs(got[i]-want[i]) > tolerance {
			t.Errorf("weights %v, want about %v", got, want)
		}
	}
}

func TestFitTakesSeveralRightChoicesAndConstantSignals(t *testing.T) {
	t.Parallel()
	var cases []Case
	for i := range 300 {
		x := float64(i%10) / 10
		answered := i%10 >= 5 // with one slip in thirty
		if i%30 == 0 {
			answered = !answered
		}
		cases = append(cases, Case{Choices: []Signals{{1, x}, {0, 0}, {0, 0}}, Right: []bool{answered, !answered, !answered}})
	}
	w := Fit(cases, 1e-4)
	if low, high := Logistic(w.Sum(Signals{1, 0})), Logistic(w.Sum(Signals{1, 0.9})); low > 0.3 || high < 0.7 || math.IsNaN(w[0]) {
		t.Errorf("weights %v give %.2f and %.2f, want a low and a high probability", w, low, high)
	}
}
