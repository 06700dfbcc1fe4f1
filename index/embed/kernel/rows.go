package kernel

import "math"

// vector is a number of values that every level's vectors divide.
const vector = 16

// GELU sets each x to x·Φ(x), Φ being the normal distribution function.
//
// With a = |x|, Φ(-a) is the tail that Abramowitz and Stegun, 7.1.26, approximate to 8e-8 by a
// polynomial in t = 1/(1+pa) times exp(-a²/2); x·Φ(x) is max(x, 0) - a·Φ(-a) for either sign. Beyond 12.5
// nothing is left of the tail.
func (l Level) GELU(x []float32) {
	whole := len(x) / vector * vector
	if whole > 0 {
		gelu(l, x[:whole])
	}
	geluGo(x[whole:])
}

// Softmax multiplies each row of width values by scale and turns it into positive weights that add up
// to 1. A width that is no multiple of 16 takes longer.
func (l Level) Softmax(rows []float32, width int, scale float32) {
	if width%vector != 0 {
		l = portable
	}
	if len(rows) >= width {
		softmax(l, rows[:len(rows)/width*width], width, scale)
	}
}

// Norm brings a row to mean 0 and variance 1, then to the gain and bias learnt for each column.
type Norm struct{ Gain, Bias []float32 }

// normalisation is a Norm at work on count rows.
type normalisation struct {
	rows, change, gain, bias []float32
	count, width             int
	inverse                  float32 // of width
	least                    float32 // is added to a variance, lest it be zero
}

// AddNorm adds change to rows and then brings each row of them to n.
func (l Level) AddNorm(rows, change []float32, n Norm) {
	width := len(n.Gain)
	count := len(rows) / width
	if count == 0 {
		return
	}
	if width%vector != 0 {
		l = portable
	}
	addNorm(l, &normalisation{
		rows: rows[:count*width], change: change[:count*width], gain: n.Gain, bias: n.Bias[:width],
		count: count, width: width, inverse: 1 / float32(width), least: 1e-12,
	})
}

// Dot is the inner product of a and b. It panics if b is shorter than a.
func (l Level) Dot(a, b []float32) (sum float32) {
	b = b[:len(a):len(b)]
	whole := len(a) / vector * vector
	if whole > 0 {
		sum = dot(l, a[:whole], b[:whole])
	}
	return sum + dotGo(a[whole:], b[whole:])
}

// scan is one step of Cosines: of each of count rows the inner product with query and with itself.
type scan struct {
	sums          []int32 // two a row
	query         []int16
	rows          []byte
	count, stride int
}

const (
	scanStep  = 32 // values that a scan takes at once
	scanBatch = 64 // rows of one step
)

// Cosines sets each dst to the cosine of the angle between query, which is a unit vector, and a row of
// int8 values: those that lie at rows[i*stride:], as many as query has. A row of zeros gives 0.
//
// It multiplies integers, to which it rounds query: 15 bits of its largest value, at 384 columns. So it
// gives the same cosines at every level, within 1e-5.
func (l Level) Cosines(dst, query []float32, rows []byte, stride int) {
	width := len(query)
	if len(dst) == 0 || width == 0 {
		return
	}
	last := rows[(len(dst)-1)*stride:]
	_ = last[width-1] // the assembly does not look
	if width%scanStep != 0 {
		l = portable
	}
	integers := make([]int16, width)
	unit := round(integers, query)
	var sums [2 * scanBatch]int32
	for at := 0; at < len(dst); at += scanBatch {
		count := min(scanBatch, len(dst)-at)
		scanRows(l, &scan{sums: sums[:], query: integers, rows: rows[at*stride:], count: count, stride: stride})
		for i := range count {
			product, square := float64(sums[2*i]), float64(sums[2*i+1])
			dst[at+i] = 0
			if square > 0 {
				dst[at+i] = float32(product * unit / math.Sqrt(square))
			}
		}
	}
}

// round sets dst to whole multiples of unit that are close to x, and so small that no sum of products
// with int8 values overflows 32 bits.
func round(dst []int16, x []float32) (unit float64) {
	var top float64
	for _, v := range x {
		top = max(top, math.Abs(float64(v)))
	}
	if !(top > 0) || math.IsInf(top, 0) {
		clear(dst)
		return top
	}
	unit = top / float64(min(math.MaxInt16, math.MaxInt32/(128*len(x))))
	for i, v := range x {
		dst[i] = int16(math.RoundToEven(float64(v) / unit))
	}
	return unit
}
