package embed

import (
	"context"
	"math"

	"github.com/viterin/vek/vek32"
)

// model is a BERT encoder: rows of Dim numbers, one a token, that six layers rewrite in turn.
type model struct {
	words     matrix // a row for each id
	positions matrix // a row for each place in the text
	norm      layerNorm
	layers    [layerCount]layer
}

// layer lets every token look at all others (attention), then thinks about each alone (feed-forward).
// Both blocks add to the rows and then bring them to scale.
type layer struct {
	query, key, value, join linear
	joinNorm                layerNorm
	widen, narrow           linear
	finalNorm               layerNorm
}

// linear maps rows of one width to rows of another.
type linear struct {
	weight matrix
	bias   []float32
}

// layerNorm brings a row to mean 0 and variance 1, then to the gain and bias learnt for each column.
type layerNorm struct{ gain, bias []float32 }

// buffers holds the rows of one text, [token][column], and what its layers need beside them.
type buffers struct {
	rows              []float32
	query, key, value []float32
	heads             []float32 // what the attention heads found
	change            []float32 // what a block adds to rows
	wide, tails       []float32 // within the feed-forward block
	weights, columns  []float32 // within an attention head
}

func newBuffers(tokens int) *buffers {
	rows := func(width int) []float32 { return make([]float32, tokens*width) }
	return &buffers{
		rows:  rows(Dim),
		query: rows(Dim), key: rows(Dim), value: rows(Dim),
		heads:  rows(Dim),
		change: rows(Dim),
		wide:   rows(wideDim), tails: make([]float32, wideDim),
		weights: make([]float32, padded(tokens)), columns: make([]float32, headDim*padded(tokens)),
	}
}

// vector gives the unit vector of the text with these ids, or nil once ctx is done.
func (m *model) vector(ctx context.Context, ids []int32) []float32 {
	b := newBuffers(len(ids))
	m.lookUp(b.rows, ids)
	for i := range m.layers {
		if ctx.Err() != nil {
			return nil
		}
		m.layers[i].apply(b)
	}
	return pool(b.rows)
}

// lookUp fills rows with what is known of each token before it has seen the others.
func (m *model) lookUp(rows []float32, ids []int32) {
	place := make([]float32, Dim)
	for i, id := range ids {
		row := rows[i*Dim : (i+1)*Dim]
		m.words.expand(row, int(id))
		m.positions.expand(place, i)
		vek32.Add_Inplace(row, place)
	}
	m.norm.apply(rows)
}

func (l *layer) apply(b *buffers) {
	l.query.apply(b.query, b.rows)
	l.key.apply(b.key, b.rows)
	l.value.apply(b.value, b.rows)
	for head := range headCount {
		attend(b, head)
	}
	l.join.apply(b.change, b.heads)
	vek32.Add_Inplace(b.rows, b.change)
	l.joinNorm.apply(b.rows)

	l.widen.apply(b.wide, b.rows)
	gelu(b.wide, b.tails)
	l.narrow.apply(b.change, b.wide)
	vek32.Add_Inplace(b.rows, b.change)
	l.finalNorm.apply(b.rows)
}

func (l linear) apply(dst, x []float32) {
	matmul(dst, x, l.weight, l.bias)
}

func (n layerNorm) apply(rows []float32) {
	for ; len(rows) > 0; rows = rows[Dim:] {
		row := rows[:Dim]
		vek32.SubNumber_Inplace(row, vek32.Mean(row))
		variance := float64(vek32.Dot(row, row)) / Dim
		vek32.MulNumber_Inplace(row, float32(1/math.Sqrt(variance+1e-12)))
		vek32.Mul_Inplace(row, n.gain)
		vek32.Add_Inplace(row, n.bias)
	}
}

// attend gives each token, for one head, the mean of all tokens' values, weighted by how well its
// query fits their keys.
func attend(b *buffers, head int) {
	tokens := len(b.rows) / Dim
	part := func(rows []float32, token int) []float32 {
		at := token*Dim + head*headDim
		return rows[at : at+headDim]
	}
	width := padded(tokens)
	for t := range tokens {
		for c, v := range part(b.value, t) {
			b.columns[c*width+t] = v
		}
	}
	for t := range tokens {
		query := part(b.query, t)
		for u := range tokens {
			b.weights[u] = vek32.Dot(query, part(b.key, u))
		}
		softmax(b.weights[:tokens])
		found := part(b.heads, t)
		for c := range found {
			found[c] = vek32.Dot(b.weights, b.columns[c*width:(c+1)*width])
		}
	}
}

// padded rounds up to what vek32.Dot takes at one step; the buffers' zeros beyond n count nothing.
func padded(n int) int {
	return (n + 31) &^ 31
}

// softmax turns the scores of one query into weights that add up to 1.
func softmax(scores []float32) {
	vek32.SubNumber_Inplace(scores, vek32.Max(scores))
	vek32.MulNumber_Inplace(scores, float32(1/math.Sqrt(headDim)))
	exp(scores)
	vek32.DivNumber_Inplace(scores, vek32.Sum(scores))
}

// gelu sets each x to x·Φ(x), Φ being the normal distribution function, row by row of tails' length.
//
// With a = |x|, Φ(-a) is the tail that Abramowitz and Stegun, 7.1.26, approximate to 8e-8 by a
// polynomial in t = 1/(1+pa) times exp(-a²/2); x·Φ(x) is max(x, 0) - a·Φ(-a) for either sign.
func gelu(x, tails []float32) {
	const (
		p  = 0.3275911 / math.Sqrt2
		c1 = 0.254829592 / 2
		c2 = -0.284496736 / 2
		c3 = 1.421413741 / 2
		c4 = -1.453152027 / 2
		c5 = 1.061405429 / 2
	)
	for ; len(x) > 0; x = x[len(tails):] {
		row := x[:len(tails)]
		vek32.Mul_Into(tails, row, row)
		vek32.MulNumber_Inplace(tails, -0.5)
		exp(tails)
		for i, v := range row {
			positive := max(v, 0)
			a := 2*positive - v
			t := 1 / (1 + p*a)
			row[i] = positive - a*tails[i]*t*(c1+t*(c2+t*(c3+t*(c4+t*c5))))
		}
	}
}

// exp sets each x, none above 0, to eˣ. What lies below -80 is taken as -80, which is as good as
// nothing, because vek's Exp gives huge numbers between -88 and -104.
func exp(x []float32) {
	vek32.MaximumNumber_Inplace(x, -80)
	vek32.Exp_Inplace(x)
}

// pool adds up the rows and brings the sum to length 1; the mean would have the same direction.
func pool(rows []float32) []float32 {
	sum := make([]float32, Dim)
	for ; len(rows) > 0; rows = rows[Dim:] {
		vek32.Add_Inplace(sum, rows[:Dim])
	}
	vek32.DivNumber_Inplace(sum, vek32.Norm(sum))
	return sum
}
