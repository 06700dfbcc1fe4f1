package estimate

import (
	"slices"

	"viva/interviewer/grade/boost"
)

// Example is a reading with what people made of the answer.
type Example struct {
	*Reading
	Question string    // answers to one question are left out together
	Weight   float64   // how much it counts
	Credits  []float64 // of the points, as people's verdicts are worth
	Made     []bool    // of the mistakes
	Worth    float64   // of the answer: its score from 0 to 1, or less than 0 where it is wrong throughout
}

// folds is how many times some of the questions are left out.
const folds = 5

// Fit fits a model to the examples. Beside it comes, for each example, what models
// fitted without its question make of it. The same examples give the same model.
func Fit(examples []Example) (Model, []Estimate) {
	f := fitting{examples: examples, fold: foldsOf(examples)}
	first := f.held(func(in []int) reader {
		forest := f.points(in, nil)
		return func(i int) []float64 { return predict(forest, examples[i].pointRows()) }
	})
	second := f.held(func(in []int) reader {
		forest := f.points(in, first)
		return func(i int) []float64 { return predict(forest, examples[i].withContext(first[i])) }
	})
	claims := f.held(func(in []int) reader {
		forest := f.mistakes(in)
		return func(i int) []float64 { return predict(forest, examples[i].mistakeRows()) }
	})
	whole := f.held(func(in []int) reader {
		forest := f.whole(in, first, second)
		return func(i int) []float64 { return []float64{forest.Predict(examples[i].wholeRow(first[i], second[i]))} }
	})
	held := make([]Estimate, len(examples))
	for i, e := range examples {
		held[i] = Estimate{second[i], claims[i]}
		held[i].settle(e.Reading, whole[i][0])
	}
	all := f.outside(-1)
	return Model{alone: f.points(all, nil), together: f.points(all, first), mistake: f.mistakes(all), whole: f.whole(all, first, second)}, held
}

// fitting is examples dealt out to folds.
type fitting struct {
	examples []Example
	fold     []int
}

// reader is a fitted forest that reads example i.
type reader func(i int) []float64

// held reads each example with what was fitted to the other folds.
func (f fitting) held(fit func(in []int) reader) [][]float64 {
	out := make([][]float64, len(f.examples))
	for k := range folds {
		read := fit(f.outside(k))
		for i := range out {
			if f.fold[i] == k {
				out[i] = read(i)
			}
		}
	}
	return out
}

// outside lists the examples outside fold k.
func (f fitting) outside(k int) []int {
	var in []int
	for i := range f.examples {
		if f.fold[i] != k {
			in = append(in, i)
		}
	}
	return in
}

// foldsOf deals the questions out to the folds.
func foldsOf(examples []Example) []int {
	var questions []string
	for _, e := range examples {
		questions = append(questions, e.Question)
	}
	slices.Sort(questions)
	questions = slices.Compact(questions)
	fold := make([]int, len(examples))
	for i, e := range examples {
		at, _ := slices.BinarySearch(questions, e.Question)
		fold[i] = at % folds
	}
	return fold
}

// options are those of all forests. A few others were tried, leaving questions out in
// turn, and hardly mattered.
func options(ways []int) boost.Options {
	return boost.Options{Trees: 300, Depth: 3, Rate: 0.04, MinLeaf: 40, Ridge: 10, Rows: 0.7, Features: 0.5, Monotone: ways, Seed: 1}
}

// points fits credits, in the light of first where it is given.
func (f fitting) points(in []int, first [][]float64) boost.Forest {
	var samples []boost.Sample
	for _, i := range in {
		e := f.examples[i]
		rows := e.pointRows()
		if first != nil {
			rows = e.withContext(first[i])
		}
		for j, row := range rows {
			if row != nil {
				samples = append(samples, boost.Sample{Row: row, Target: e.Credits[j], Weight: e.Weight * e.weights[j]})
			}
		}
	}
	w := ways(pointFeatures)
	if first != nil {
		w = append(w, contextWays[:]...)
	}
	return boost.Fit(samples, options(w))
}

// mistakes fits how likely a mistake is made.
func (f fitting) mistakes(in []int) boost.Forest {
	var samples []boost.Sample
	for _, i := range in {
		e := f.examples[i]
		for m, row := range e.mistakeRows() {
			if row == nil {
				continue
			}
			target := 0.0
			if e.Made[m] {
				target = 1
			}
			samples = append(samples, boost.Sample{Row: row, Target: target, Weight: e.Weight})
		}
	}
	o := options(ways(mistakeFeatures))
	o.MinLeaf = 20
	return boost.Fit(samples, o)
}

// whole fits what an answer is worth.
func (f fitting) whole(in []int, first, second [][]float64) boost.Forest {
	var samples []boost.Sample
	for _, i := range in {
		e := f.examples[i]
		samples = append(samples, boost.Sample{Row: e.wholeRow(first[i], second[i]), Target: e.Worth, Weight: e.Weight})
	}
	o := options(wholeWays())
	o.Trees, o.Rate, o.MinLeaf, o.Features = 400, 0.03, 20, 0.2
	return boost.Fit(samples, o)
}
