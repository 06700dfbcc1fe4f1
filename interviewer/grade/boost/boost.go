// Package boost holds small ensembles of regression trees: it fits them by
// stochastic gradient boosting on squared error (Friedman 2002), evaluates them,
// and stores them in a few kilobytes.
//
// A feature may be declared monotone: then a higher value of it never lowers
// (or never raises) the prediction, all else equal. The constraint is kept the
// way XGBoost does: a split that would break it is refused, and both sides are
// held to their side of the middle between them from there on.
package boost

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Forest is a fitted ensemble. The zero value predicts 0.
type Forest struct {
	Base  float64 // the prediction before any tree
	Trees []Tree
}

// Tree is a binary tree in one slice; the root comes first.
type Tree []Node

// Node sends a row with row[Feature] ≤ Threshold to Left, else to Right. A leaf
// has Feature −1 and adds Value.
type Node struct {
	Feature     int16
	Left, Right uint16
	Threshold   float32
	Value       float32
}

// Predict sums the leaves that row falls into. The row must be as long as those
// the forest was fitted on.
func (f Forest) Predict(row []float64) float64 {
	sum := f.Base
	for _, t := range f.Trees {
		sum += t.value(row)
	}
	return sum
}

func (t Tree) value(row []float64) float64 {
	n := &t[0]
	for n.Feature >= 0 {
		if float32(row[n.Feature]) <= n.Threshold {
			n = &t[n.Left]
		} else {
			n = &t[n.Right]
		}
	}
	return float64(n.Value)
}

// Options say how to fit.
type Options struct {
	Trees    int
	Depth    int     // splits on the way to a leaf
	Rate     float64 // what share of each tree's step is taken
	MinLeaf  float64 // weight of the rows in a leaf
	Ridge    float64 // pulls each leaf towards 0, in weight of rows
	Rows     float64 // share of the rows each tree sees; 0: all
	Features float64 // share of the features each tree sees; 0: all
	Monotone []int   // per feature 1: never falls, −1: never rises, 0: free; nil: all free
	Seed     uint64
}

// Sample is a row of features with what should be predicted for it.
type Sample struct {
	Row    []float64
	Target float64
	Weight float64
}

// Fit returns the ensemble that predicts the samples' targets. All rows must be
// equally long. The same samples and options give the same forest.
func Fit(samples []Sample, o Options) Forest {
	f := &fitter{o: o, samples: samples, rest: make([]float64, len(samples)), rng: rand.New(rand.NewPCG(o.Seed, 1))}
	if len(samples) == 0 {
		return Forest{}
	}
	var sum, weight float64
	for _, s := range samples {
		sum, weight = sum+s.Weight*s.Target, weight+s.Weight
	}
	forest := Forest{Base: sum / weight}
	for i, s := range samples {
		f.rest[i] = s.Target - forest.Base
	}
	f.bin()
	for range o.Trees {
		t := f.tree()
		forest.Trees = append(forest.Trees, t)
		for i, s := range samples {
			f.rest[i] -= t.value(s.Row)
		}
	}
	return forest
}

// bins is how many values of a feature are told apart.
const bins = 64

type fitter struct {
	o       Options
	samples []Sample
	rest    []float64 // what the trees so far leave to predict
	edges   [][]float32
	binned  [][]uint8 // [feature][sample]
	rng     *rand.Rand
}

// bin cuts each feature at its quantiles.
func (f *fitter) bin() {
	for j := range f.samples[0].Row {
		values := make([]float32, len(f.samples))
		for i, s := range f.samples {
			values[i] = float32(s.Row[j])
		}
		sorted := slices.Clone(values)
		slices.Sort(sorted)
		var edges []float32
		for b := 1; b < bins; b++ {
			v := sorted[b*(len(sorted)-1)/bins]
			if v < sorted[len(sorted)-1] && (len(edges) == 0 || v > edges[len(edges)-1]) {
				edges = append(edges, v)
			}
		}
		row := make([]uint8, len(values))
		for i, v := range values {
			at, _ := slices.BinarySearch(edges, v)
			row[i] = uint8(at)
		}
		f.edges, f.binned = append(f.edges, edges), append(f.binned, row)
	}
}

// tree fits one tree to what is left, on a share of the rows and features.
func (f *fitter) tree() Tree {
	var rows, features []int
	for i := range f.samples {
		if f.o.Rows == 0 || f.rng.Float64() < f.o.Rows {
			rows = append(rows, i)
		}
	}
	for j := range f.edges {
		if f.o.Features == 0 || f.rng.Float64() < f.o.Features {
			features = append(features, j)
		}
	}
	var t Tree
	f.grow(&t, growth{rows, features, 0, math.Inf(-1), math.Inf(1)})
	return t
}

// growth is a node to be grown: its rows, and the bounds of its value.
type growth struct {
	rows, features []int
	depth          int
	low, high      float64
}

// grow appends the node and those below it, and returns where it stands.
func (f *fitter) grow(t *Tree, g growth) uint16 {
	at := len(*t)
	*t = append(*t, Node{Feature: -1, Value: float32(f.o.Rate * f.total(g.rows).value(f.o.Ridge, g))})
	if g.depth == f.o.Depth {
		return uint16(at)
	}
	s, ok := f.best(g)
	if !ok {
		return uint16(at)
	}
	left, right := g, g
	left.depth, right.depth = g.depth+1, g.depth+1
	left.rows, right.rows = f.part(g.rows, s)
	if way := f.way(s.feature); way != 0 {
		middle := (s.left.value(f.o.Ridge, g) + s.right.value(f.o.Ridge, g)) / 2
		if way > 0 {
			left.high, right.low = middle, middle
		} else {
			left.low, right.high = middle, middle
		}
	}
	n := Node{Feature: int16(s.feature), Threshold: f.edges[s.feature][s.edge]}
	n.Left = f.grow(t, left)
	n.Right = f.grow(t, right)
	(*t)[at] = n
	return uint16(at)
}

func (f *fitter) way(feature int) int {
	if f.o.Monotone == nil {
		return 0
	}
	return f.o.Monotone[feature]
}

// moment is the weight of some rows and the weighted sum of what they leave.
type moment struct{ weight, sum float64 }

func (m moment) value(ridge float64, g growth) float64 {
	return min(max(m.sum/(m.weight+ridge), g.low), g.high)
}

// gain is the squared error that value takes away.
func (m moment) gain(ridge float64, g growth) float64 {
	v := m.value(ridge, g)
	return 2*v*m.sum - v*v*(m.weight+ridge)
}

func (f *fitter) total(rows []int) (m moment) {
	for _, i := range rows {
		m.weight += f.samples[i].Weight
		m.sum += f.samples[i].Weight * f.rest[i]
	}
	return m
}

type split struct {
	feature, edge int
	left, right   moment
}

// best finds the split that takes away the most error.
func (f *fitter) best(g growth) (best split, ok bool) {
	all := f.total(g.rows)
	most := all.gain(f.o.Ridge, g) + 1e-9
	for _, j := range g.features {
		var in [bins]moment
		for _, i := range g.rows {
			b := f.binned[j][i]
			in[b].weight += f.samples[i].Weight
			in[b].sum += f.samples[i].Weight * f.rest[i]
		}
		var left moment
		for e := range f.edges[j] {
			left.weight, left.sum = left.weight+in[e].weight, left.sum+in[e].sum
			right := moment{all.weight - left.weight, all.sum - left.sum}
			if left.weight < f.o.MinLeaf || right.weight < f.o.MinLeaf {
				continue
			}
			if way := float64(f.way(j)); way*(right.value(f.o.Ridge, g)-left.value(f.o.Ridge, g)) < 0 {
				continue
			}
			if gain := left.gain(f.o.Ridge, g) + right.gain(f.o.Ridge, g); gain > most {
				most, best, ok = gain, split{j, e, left, right}, true
			}
		}
	}
	return best, ok
}

// part sends rows left or right.
func (f *fitter) part(rows []int, s split) (left, right []int) {
	for _, i := range rows {
		if int(f.binned[s.feature][i]) <= s.edge {
			left = append(left, i)
		} else {
			right = append(right, i)
		}
	}
	return left, right
}
