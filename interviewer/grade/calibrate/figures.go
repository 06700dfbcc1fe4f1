package calibrate

import (
	"cmp"
	"math"
	"slices"

	"viva/interviewer/grade"
)

// Outcome is a graded answer with what a grader made of it.
type Outcome struct {
	Answer
	Got grade.Grade // with a score
}

func (o Outcome) score() float64 { return float64(*o.Got.Score) }

// Correlation is Pearson's, between the scores people gave and the grader's;
// NaN where either never varies.
func Correlation(os []Outcome) float64 {
	var x, y []float64
	for _, o := range os {
		x, y = append(x, float64(o.Score)), append(y, o.score())
	}
	return Pearson(x, y)
}

// Pearson is the correlation of two series of one length.
func Pearson(x, y []float64) float64 {
	mx, my := Mean(x), Mean(y)
	var sxy, sxx, syy float64
	for i := range x {
		sxy += (x[i] - mx) * (y[i] - my)
		sxx += (x[i] - mx) * (x[i] - mx)
		syy += (y[i] - my) * (y[i] - my)
	}
	return sxy / math.Sqrt(sxx*syy)
}

// Mean of the values; NaN for none.
func Mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// apart is how far apart two scores must lie for their order to matter.
const apart = 10

// Ordered is the share of pairs, of answers to one question that people scored
// ten points apart or more, that the grader puts in the right order; a tie counts
// half. NaN where there are no such pairs.
func Ordered(os []Outcome) float64 {
	right, pairs := 0.0, 0.0
	for i, a := range os {
		for _, b := range os[i+1:] {
			if a.Question != b.Question || math.Abs(float64(a.Score-b.Score)) < apart {
				continue
			}
			pairs++
			switch cmp.Compare(a.Score, b.Score) * cmp.Compare(*a.Got.Score, *b.Got.Score) {
			case 1:
				right++
			case 0:
				right += 0.5
			}
		}
	}
	return right / pairs
}

// ByStyle groups the grader's scores by style.
func ByStyle(os []Outcome) map[string][]float64 {
	by := map[string][]float64{}
	for _, o := range os {
		by[o.Style] = append(by[o.Style], o.score())
	}
	return by
}

// Agreement is how a grader's verdicts stand to people's.
type Agreement struct {
	Points   int     // verdicts compared
	Alike    float64 // share that are the same
	Kappa    float64 // Cohen's weighted kappa: 1 agrees fully, 0 as chance would
	FalseYes float64 // share of the points that people call missed or contradicted and the grader met
}

// Verdicts compares verdicts, with kappa weighted by the square of the distance
// between their credits (Cohen 1968).
func Verdicts(os []Outcome) Agreement {
	var a Agreement
	var people, program []float64
	no, yes := 0.0, 0.0
	for _, o := range os {
		for _, p := range o.Got.Points {
			want, ok := o.Points[p.ID]
			if !ok {
				continue
			}
			a.Points++
			people, program = append(people, want.Credit()), append(program, p.Verdict.Credit())
			if want == p.Verdict {
				a.Alike++
			}
			if want == grade.Missed || want == grade.Contradicted {
				no++
				if p.Verdict == grade.Met {
					yes++
				}
			}
		}
	}
	a.Alike /= float64(a.Points)
	a.FalseYes = yes / no
	a.Kappa = kappa(people, program)
	return a
}

// kappa is 1 less the mean squared distance over what chance would give.
func kappa(x, y []float64) float64 {
	seen, chance := 0.0, 0.0
	for i := range x {
		seen += (x[i] - y[i]) * (x[i] - y[i])
	}
	count := func(v []float64) map[float64]float64 {
		n := map[float64]float64{}
		for _, c := range v {
			n[c]++
		}
		return n
	}
	ys := count(y)
	for a, n := range count(x) {
		for b, m := range ys {
			chance += n * m / float64(len(x)) * (a - b) * (a - b)
		}
	}
	return 1 - seen/chance
}

// Shifts returns, for each style of twins, how much higher the grader scores a
// twin than the answer that says the same.
func Shifts(os []Outcome) map[string][]float64 {
	type key struct{ question, style string }
	base := map[key]Outcome{}
	for _, o := range os {
		base[key{o.Question, o.Style}] = o
	}
	by := map[string][]float64{}
	for _, o := range os {
		if b, ok := base[key{o.Question, o.Twin}]; ok && o.Twin != "" {
			by[o.Style] = append(by[o.Style], o.score()-b.score())
		}
	}
	return by
}

// Within is the share of answers whose score by people lies within the grader's ±.
func Within(os []Outcome) float64 {
	n := 0.0
	for _, o := range os {
		if o.Got.PlusMinus == nil || math.Abs(o.score()-float64(o.Score)) <= float64(*o.Got.PlusMinus) {
			n++
		}
	}
	return n / float64(len(os))
}

// Quantile returns the value below which the share q of the values lies.
func Quantile(v []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[min(int(q*float64(len(s))), len(s)-1)]
}
