package embed

import (
	"encoding/binary"
	"math"

	"viva/index/embed/kernel"
)

// best is what the arithmetic of every vector is done with.
var best = kernel.Best()

// Dot is the inner product of two vectors of the same width; of unit vectors, the cosine of the angle
// between them. It panics if the widths differ.
func Dot(a, b []float32) float32 {
	if len(a) != len(b) {
		panic("inner product of vectors that differ in width")
	}
	return best.Dot(a, b)
}

// Cosines sets each dst to the cosine of the angle between query, a unit vector, and one of many vectors
// of int8 values: those at rows[i*stride:], as many as query has. A vector of zeros gives 0. It is
// within 1e-5 of Dot, and several times faster.
func Cosines(dst, query []float32, rows []byte, stride int) {
	best.Cosines(dst, query, rows, stride)
}

// unit brings v to length 1.
func unit(v []float32) {
	length := float32(math.Sqrt(float64(best.Dot(v, v))))
	for i := range v {
		v[i] /= length
	}
}

// expand writes row i of t to dst, which must be as wide. Eight values at a time because the processor
// takes half as long again for one by one.
func (t table) expand(dst []float32, i int) {
	blocks := t[i*rowSize:]
	for ; len(dst) > 0; dst, blocks = dst[blockValues:], blocks[blockSize:] {
		scale := math.Float32frombits(binary.LittleEndian.Uint32(blocks))
		values := (*[blockValues]float32)(dst)
		bytes := (*[blockValues]byte)(blocks[4:])
		for j := 0; j < blockValues; j += 8 {
			b := binary.LittleEndian.Uint64(bytes[j:])
			values[j] = float32(int8(b)) * scale
			values[j+1] = float32(int8(b>>8)) * scale
			values[j+2] = float32(int8(b>>16)) * scale
			values[j+3] = float32(int8(b>>24)) * scale
			values[j+4] = float32(int8(b>>32)) * scale
			values[j+5] = float32(int8(b>>40)) * scale
			values[j+6] = float32(int8(b>>48)) * scale
			values[j+7] = float32(int8(b>>56)) * scale
		}
	}
}
