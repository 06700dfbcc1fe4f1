package embed

import (
	"context"
	"math"
	"sync"

	"viva/index/embed/kernel"
)

// model is a BERT encoder: rows of Dim numbers, one a token, that six layers rewrite in turn.
type model struct {
	words     table // a row for each id
	positions table // a row for each place in the text
	norm      kernel.Norm
	layers    [layerCount]layer

	level kernel.Level
	spare sync.Pool // of *buffers
}

// layer lets every token look at all others (attention), then thinks about each alone (feed-forward).
// Both blocks add to the rows and then bring them to scale.
type layer struct {
	ask           kernel.Linear // gives a token's query, key and value
	join          kernel.Linear
	joinNorm      kernel.Norm
	widen, narrow kernel.Linear
	finalNorm     kernel.Norm
}

// buffers holds the rows of one text, [token][column], and what its layers need beside them.
type buffers struct {
	level   kernel.Level
	tokens  int
	rows    []float32
	asked   []float32 // queries, keys and values
	heads   []float32 // what the attention heads found
	change  []float32 // what a block adds to rows
	wide    []float32 // within the feed-forward block
	scratch []float32 // within a product

	// Of one attention head.
	keys, values []float32 // as panels: of each 32 tokens the keys, of all tokens the values
	scores       []float32 // [token][padded token]

	zero [kernel.Width]float32
	mask [kernel.Width]float32 // for the last panel: -∞ where there is no token
}

// buffersFor gives buffers for a text, which go back to m.spare after it.
func (m *model) buffersFor(tokens int) *buffers {
	b, ok := m.spare.Get().(*buffers)
	if !ok {
		b = &buffers{level: m.level}
	}
	b.tokens = tokens
	for _, rows := range []struct {
		values *[]float32
		size   int
	}{
		{&b.rows, tokens * Dim}, {&b.heads, tokens * Dim}, {&b.change, tokens * Dim},
		{&b.asked, tokens * askDim}, {&b.wide, tokens * wideDim}, {&b.scratch, wideDim * kernel.Width},
		{&b.keys, padded(tokens) * headDim}, {&b.values, tokens * headDim}, {&b.scores, tokens * padded(tokens)},
	} {
		if cap(*rows.values) < rows.size {
			*rows.values = make([]float32, rows.size)
		}
		*rows.values = (*rows.values)[:rows.size]
	}
	for i := range b.mask {
		b.mask[i] = 0
		if padded(tokens)-kernel.Width+i >= tokens {
			b.mask[i] = float32(math.Inf(-1))
		}
	}
	clear(b.keys)
	return b
}

// padded rounds up to whole panels.
func padded(tokens int) int {
	return (tokens + kernel.Width - 1) / kernel.Width * kernel.Width
}

// vector gives the unit vector of the text with these ids, or nil once ctx is done.
func (m *model) vector(ctx context.Context, ids []int32) []float32 {
	b := m.buffersFor(len(ids))
	defer m.spare.Put(b)
	m.lookUp(b, ids)
	for i := range m.layers {
		if ctx.Err() != nil {
			return nil
		}
		m.layers[i].apply(b)
	}
	return pool(b.rows)
}

// lookUp fills the rows with what is known of each token before it has seen the others.
func (m *model) lookUp(b *buffers, ids []int32) {
	for i, id := range ids {
		m.words.expand(b.rows[i*Dim:][:Dim], int(id))
		m.positions.expand(b.change[i*Dim:][:Dim], i)
	}
	b.level.AddNorm(b.rows, b.change, m.norm)
}

func (l *layer) apply(b *buffers) {
	k := b.level
	k.Multiply(b.asked, b.rows, l.ask, b.scratch)
	for head := range headCount {
		attend(b, head)
	}
	k.Multiply(b.change, b.heads, l.join, b.scratch)
	k.AddNorm(b.rows, b.change, l.joinNorm)

	k.Multiply(b.wide, b.rows, l.widen, b.scratch)
	k.GELU(b.wide)
	k.Multiply(b.change, b.wide, l.narrow, b.scratch)
	k.AddNorm(b.rows, b.change, l.finalNorm)
}

// attend gives each token, for one head, the mean of all tokens' values, weighted by how well its
// query fits their keys. A head is as wide as a panel, so that both are products with panels: one with
// the keys of 32 tokens after another, one with the values of all.
func attend(b *buffers, head int) {
	tokens, width := b.tokens, padded(b.tokens)
	for t := range tokens {
		row := b.asked[t*askDim+head*headDim:]
		copy(b.values[t*headDim:][:headDim], row[2*Dim:])
		key, panel := row[Dim:][:headDim], b.keys[t/kernel.Width*kernel.Width*headDim:]
		for i, v := range key {
			panel[i*kernel.Width+t%kernel.Width] = v
		}
	}
	for u := 0; u < tokens; u += kernel.Width {
		bias := b.zero[:]
		if u+kernel.Width > tokens {
			bias = b.mask[:]
		}
		b.level.Panel(kernel.Product{
			Dst: b.scores[u:], DstStride: width, X: b.asked[head*headDim:], XStride: askDim,
			Rows: tokens, Inputs: headDim, Weights: b.keys[u*headDim:], Bias: bias,
		})
	}
	b.level.Softmax(b.scores, width, float32(1/math.Sqrt(headDim)))
	b.level.Panel(kernel.Product{
		Dst: b.heads[head*headDim:], DstStride: Dim, X: b.scores, XStride: width,
		Rows: tokens, Inputs: tokens, Weights: b.values, Bias: b.zero[:],
	})
}

// pool adds up the rows and brings the sum to length 1; the mean would have the same direction.
func pool(rows []float32) []float32 {
	sum := make([]float32, Dim)
	for ; len(rows) > 0; rows = rows[Dim:] {
		for i, v := range rows[:Dim] {
			sum[i] += v
		}
	}
	unit(sum)
	return sum
}
