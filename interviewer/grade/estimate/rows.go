package estimate

import (
	"math"

	"viva/interviewer/grade/boost"
)

// pointRows returns the features of the points; nil for one that nothing can be
// quoted for.
func (r *Reading) pointRows() [][]float64 {
	rows := make([][]float64, len(r.points))
	for j := range rows {
		rows[j] = r.pointRow(j)
	}
	return rows
}

// contextSize is how many features context adds.
const contextSize = 4

// contextWays are the ways of context: what is right about the others never lowers a point.
var contextWays = [contextSize]int{1, 1, 0, 0}

// context is what the first reading made of a point and of the others: its own
// credit, the weighted mean of the others' (its own where it is the only one), the
// highest and the lowest.
func (r *Reading) context(first []float64, point int) []float64 {
	sum, weight := 0.0, 0.0
	top, bottom := first[point], first[point]
	for j, c := range first {
		top, bottom = max(top, c), min(bottom, c)
		if j != point {
			sum, weight = sum+r.weights[j]*c, weight+r.weights[j]
		}
	}
	others := first[point]
	if weight > 0 {
		others = sum / weight
	}
	return []float64{first[point], others, top, bottom}
}

// withContext returns the rows of the second reading.
func (r *Reading) withContext(first []float64) [][]float64 {
	rows := r.pointRows()
	for j, row := range rows {
		if row != nil {
			rows[j] = append(row, r.context(first, j)...)
		}
	}
	return rows
}

func (r *Reading) mistakeRows() [][]float64 {
	rows := make([][]float64, len(r.mistakes))
	for i := range rows {
		rows[i], _ = r.mistakeRow(i)
	}
	return rows
}

// predict gives each row its prediction, and 0 where there is none.
func predict(f boost.Forest, rows [][]float64) []float64 {
	out := make([]float64, len(rows))
	for i, row := range rows {
		if row != nil {
			out[i] = f.Predict(row)
		}
	}
	return out
}

// wholeRow is the answer as a whole: how each feature of the points, and of the
// mistakes, lies over all of them, and what the first two readings made of the points.
func (r *Reading) wholeRow(first, second []float64) []float64 {
	rows := r.pointRows()
	var row []float64
	for f := range pointFeatures {
		row = append(row, overview(column(rows, f), r.weights)...)
	}
	mistakes := r.mistakeRows()
	even := make([]float64, len(mistakes))
	for i := range even {
		even[i] = 1
	}
	for f := range mistakeFeatures {
		row = append(row, overview(column(mistakes, f), even)...)
	}
	row = append(row, overview(first, r.weights)...)
	return append(row, overview(second, r.weights)...)
}

// wholeWays are the ways of wholeRow: the mean and the lowest go the way of the feature.
func wholeWays() []int {
	var all []int
	add := func(way int) { all = append(all, way, way, 0) }
	for _, w := range ways(pointFeatures) {
		add(w)
	}
	for range mistakeFeatures {
		add(0)
	}
	add(1)
	add(1)
	return all
}

// column is one feature of all rows, 0 where there is no row.
func column(rows [][]float64, f int) []float64 {
	out := make([]float64, len(rows))
	for i, row := range rows {
		if row != nil {
			out[i] = row[f]
		}
	}
	return out
}

// overview is the weighted mean of values, the lowest, and how far they spread;
// all 0 for none.
func overview(values, weights []float64) []float64 {
	if len(values) == 0 {
		return []float64{0, 0, 0}
	}
	sum, squares, weight, bottom := 0.0, 0.0, 0.0, math.Inf(1)
	for i, v := range values {
		sum, squares, weight = sum+weights[i]*v, squares+weights[i]*v*v, weight+weights[i]
		bottom = min(bottom, v)
	}
	mean := sum / weight
	return []float64{mean, bottom, math.Sqrt(max(squares/weight-mean*mean, 0))}
}
