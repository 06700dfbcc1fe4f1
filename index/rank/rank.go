package rank

import "math"

// Signals is what speaks for one choice, in the order of the weights.
type Signals []float64

// Weights says how much each signal counts.
type Weights []float64

// Sum is the weighted sum of the signals. Both must be as long.
func (w Weights) Sum(s Signals) float64 {
	sum := 0.0
	for i, x := range s {
		sum += w[i] * x
	}
	return sum
}

// Softmax turns sums into shares that add up to 1, in place. A sum that is no
// number gets no share; where none is one, nobody does.
func Softmax(sums []float64) {
	top := math.Inf(-1)
	for _, x := range sums {
		if x > top && !math.IsInf(x, 1) {
			top = x
		}
	}
	total := 0.0
	for i, x := range sums {
		sums[i] = 0
		if e := math.Exp(x - top); e > 0 {
			sums[i] = e
			total += e
		}
	}
	for i := range sums {
		sums[i] /= max(total, math.SmallestNonzeroFloat64)
	}
}

// Logistic turns a sum into a probability.
func Logistic(sum float64) float64 { return 1 / (1 + math.Exp(-sum)) }
