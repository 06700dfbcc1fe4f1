package estimate

import (
	"errors"
	"math"

	"viva/interviewer/grade/boost"
)

// Model turns a Reading into credits. It reads an answer three times: each point
// alone; each in the light of what the first reading made of the others, for a
// candidate who is right about the rest is more likely right about this; and the
// answer as a whole, which shows what no point does: whether it is fluent and wrong
// throughout, or plays for points. Then the credits move, the uncertain ones most, until
// they add up to what the whole is worth.
type Model struct {
	alone, together, mistake, whole boost.Forest

	// Errors are, for scores of 0 to 19, 20 to 39 and so on, half the width of the
	// range around an estimated score that holds the true one four times of five.
	Errors [errorBands]uint8
}

// errorBands is how many bands of scores have an error of their own.
const errorBands = 5

// ErrDamaged reports bytes that are no model, or one of other features.
var ErrDamaged = errors.New("the calibration is damaged or of another version")

// What is made of the whole. The stretch undoes that an expectation never quite reaches
// 0 or 1. These are not fitted: each is the best of a few values tried, with the figures
// of both halves in view.
const (
	wholeShare  = 0.8 // of what the answer is worth is read off the whole, the rest off its points
	stretch     = 1.06
	stretchFrom = 0.01

	// ClaimAt is how likely an answer must make a mistake for it to be held against
	// the candidate, who should be right to be told so nine times of ten.
	ClaimAt = 0.65
	// ClaimCost is what a mistake that is named takes off the score of 0 to 100.
	ClaimCost = 12
)

// Estimate is what a model makes of a reading.
type Estimate struct {
	Credits []float64 // of each point, from −½ to 1: what the verdicts of people are worth on average
	Claims  []float64 // of each mistake, how likely it is made
}

// Estimate returns the credit of each point and the likelihood of each mistake. A
// point for which nothing can be quoted has no credit.
func (m Model) Estimate(r *Reading) Estimate {
	first := predict(m.alone, r.pointRows())
	second := predict(m.together, r.withContext(first))
	e := Estimate{second, predict(m.mistake, r.mistakeRows())}
	if len(r.mistakes) > 0 { // nothing was fitted to entries without
		e.settle(r, m.whole.Predict(r.wholeRow(first, second)))
	}
	for j, c := range e.Credits {
		e.Credits[j] = min(max(c, lowest), highest)
	}
	return e
}

// settle moves the credits until they add up to what the whole answer is worth,
// up to 1 and below 0 for one that is wrong throughout, and the cost of the mistakes
// that are named.
func (e *Estimate) settle(r *Reading, whole float64) {
	worth := stretch * (wholeShare*whole + (1-wholeShare)*e.sum(r, 0) - stretchFrom)
	for _, likely := range e.Claims {
		if likely >= ClaimAt {
			worth += ClaimCost / 100.0
		}
	}
	low, high := -shiftMost, shiftMost
	for range 40 {
		if middle := (low + high) / 2; e.sum(r, middle) < worth {
			low = middle
		} else {
			high = middle
		}
	}
	for j, c := range e.Credits {
		e.Credits[j] = shifted(c, (low+high)/2)
	}
}

// The lowest and highest credit there is.
const lowest, highest = -0.5, 1.0

// shiftMost moves any credit nearly from end to end.
const shiftMost = 10.0

// shifted moves a credit by so much on the scale of log odds, where one that is
// nearly certain hardly moves.
func shifted(credit, by float64) float64 {
	const edge = 0.01 // no credit is quite certain
	share := min(max((credit-lowest)/(highest-lowest), edge), 1-edge)
	odds := share / (1 - share) * math.Exp(by)
	return lowest + (highest-lowest)*odds/(1+odds)
}

// sum is the weighted mean of the credits, each moved by so much.
func (e *Estimate) sum(r *Reading, by float64) float64 {
	sum, weight := 0.0, 0.0
	for j, c := range e.Credits {
		sum += r.weights[j] * shifted(c, by)
		weight += r.weights[j]
	}
	return sum / max(weight, 1)
}

// Error is how far a score of 0 to 100 may be off, four times of five.
func (m Model) Error(score int) int {
	return int(m.Errors[min(score*errorBands/100, errorBands-1)])
}

// AppendBinary appends m in its stored form: the errors and the four forests.
func (m Model) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, m.Errors[:]...)
	for _, f := range []boost.Forest{m.alone, m.together, m.mistake, m.whole} {
		var err error
		if b, err = f.AppendBinary(b); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// Decode reads the stored form.
func Decode(b []byte) (Model, error) {
	var m Model
	if len(b) < errorBands {
		return m, ErrDamaged
	}
	b = b[copy(m.Errors[:], b):]
	for _, f := range []struct {
		to       *boost.Forest
		features int
	}{
		{&m.alone, len(pointFeatures)},
		{&m.together, len(pointFeatures) + contextSize},
		{&m.mistake, len(mistakeFeatures)},
		{&m.whole, len(wholeWays())},
	} {
		var err error
		if *f.to, b, err = boost.Decode(b, f.features); err != nil {
			return Model{}, ErrDamaged
		}
	}
	if len(b) > 0 {
		return Model{}, ErrDamaged
	}
	return m, nil
}
