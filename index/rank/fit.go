package rank

import "math"

// Case is one judged choice. With [Logistic] in mind, the choices are two: the
// signals, and as many zeros.
type Case struct {
	Choices []Signals
	Right   []bool // of each choice; at least one
}

const (
	maxSteps  = 100
	maxHalves = 30   // of a step
	closeBy   = 1e-9 // a step that gains less is the last
)

// Fit returns the weights that make the right choices of the cases most likely,
// by Newton's method. The ridge, a penalty on the squares of the weights of signals
// that are scaled to a spread of one, keeps signals that say the same from
// cancelling each other out; 0.001 is a little. The cases must have signals, all
// equally many.
func Fit(cases []Case, ridge float64) Weights {
	f := fit{cases: cases, scale: spreads(cases), ridge: ridge}
	w := make(Weights, len(f.scale))
	best := f.likelihood(w)
	for range maxSteps {
		gradient, curvature := f.slopes(w)
		next, reached := f.climb(w, solve(curvature, gradient), best)
		if reached-best < closeBy {
			break
		}
		w, best = next, reached
	}
	return f.scaled(w)
}

// fit is what stays the same while weights are sought. The weights are those of
// signals divided by scale.
type fit struct {
	cases []Case
	scale []float64
	ridge float64
}

// scaled turns the weights into those of the signals as they are.
func (f fit) scaled(w Weights) Weights {
	s := make(Weights, len(w))
	for i := range w {
		s[i] = w[i] / f.scale[i]
	}
	return s
}

// climb goes from w in the direction of step, halving it until the likelihood rises.
func (f fit) climb(w Weights, step []float64, from float64) (next Weights, reached float64) {
	for range maxHalves {
		next = make(Weights, len(w))
		for i := range w {
			next[i] = w[i] + step[i]
			step[i] /= 2
		}
		if reached = f.likelihood(next); reached > from {
			return next, reached
		}
	}
	return w, from
}

// likelihood is the mean log likelihood of the right choices, less the penalty.
func (f fit) likelihood(w Weights) float64 {
	sum := 0.0
	scaled := f.scaled(w)
	for _, c := range f.cases {
		all, _ := c.shares(scaled)
		right := 0.0
		for j, share := range all {
			if c.Right[j] {
				right += share
			}
		}
		sum += math.Log(math.Max(right, 1e-300))
	}
	sum /= float64(len(f.cases))
	for _, x := range w {
		sum -= f.ridge * x * x
	}
	return sum
}

// spreads is the standard deviation of each signal, 1 for one that never changes.
func spreads(cases []Case) []float64 {
	n := len(cases[0].Choices[0])
	sums, squares, count := make([]float64, n), make([]float64, n), 0.0
	for _, c := range cases {
		for _, s := range c.Choices {
			count++
			for i, x := range s {
				sums[i] += x
				squares[i] += x * x
			}
		}
	}
	scale := make([]float64, n)
	for i := range scale {
		mean := sums[i] / count
		scale[i] = math.Sqrt(max(squares[i]/count-mean*mean, 0))
		if scale[i] < 1e-9 {
			scale[i] = 1
		}
	}
	return scale
}

// slopes is the gradient of the likelihood at w, and how strongly it bends there:
// the curvature of the choice among all, which is positive definite even where
// several choices are right.
func (f fit) slopes(w Weights) (gradient []float64, curvature [][]float64) {
	n := len(w)
	gradient, curvature = make([]float64, n), make([][]float64, n)
	for i := range n {
		gradient[i] = -2 * f.ridge * w[i]
		curvature[i] = make([]float64, n)
		curvature[i][i] = 2 * f.ridge
	}
	scaled := f.scaled(w)
	for _, c := range f.cases {
		all, right := c.shares(scaled)
		mean := make([]float64, n)
		for j, s := range c.Choices {
			for i, x := range s {
				mean[i] += all[j] * x
				gradient[i] += (right[j] - all[j]) * x / f.scale[i] / float64(len(f.cases))
			}
		}
		for j, s := range c.Choices {
			f.bend(curvature, s, mean, all[j]/float64(len(f.cases)))
		}
	}
	return gradient, curvature
}

// bend adds one choice's share of the curvature.
func (f fit) bend(curvature [][]float64, s Signals, mean []float64, share float64) {
	if share < 1e-12 {
		return
	}
	for i := range s {
		di := share * (s[i] - mean[i]) / f.scale[i]
		for k := range s {
			curvature[i][k] += di * (s[k] - mean[k]) / f.scale[k]
		}
	}
}

// shares is the softmax over all choices, and that over the right ones alone.
func (c Case) shares(w Weights) (all, right []float64) {
	all, right = make([]float64, len(c.Choices)), make([]float64, len(c.Choices))
	for j, s := range c.Choices {
		all[j] = w.Sum(s)
		right[j] = math.Inf(-1)
		if c.Right[j] {
			right[j] = all[j]
		}
	}
	Softmax(all)
	Softmax(right)
	return all, right
}

// solve returns x with m·x = b for a symmetric positive definite m, by Cholesky's
// decomposition. It writes to m.
func solve(m [][]float64, b []float64) []float64 {
	n := len(b)
	x := make([]float64, n)
	copy(x, b)
	for i := range n {
		for j := range i + 1 {
			sum := m[i][j]
			for k := range j {
				sum -= m[i][k] * m[j][k]
			}
			if i == j {
				m[i][i] = math.Sqrt(max(sum, 1e-12))
			} else {
				m[i][j] = sum / m[j][j]
			}
		}
	}
	for i := range n {
		for k := range i {
			x[i] -= m[i][k] * x[k]
		}
		x[i] /= m[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= m[k][i] * x[k]
		}
		x[i] /= m[i][i]
	}
	return x
}
