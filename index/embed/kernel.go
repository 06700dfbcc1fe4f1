package embed

import (
	"encoding/binary"
	"math"

	"github.com/viterin/vek/vek32"
)

// Dot is the inner product of two vectors of the same width; of unit vectors, the cosine of the angle
// between them. It panics if the widths differ or are zero.
func Dot(a, b []float32) float32 {
	return vek32.Dot(a, b)
}

// matmul sets each row of dst to the product of w and the same row of x, plus bias.
//
// It takes nearly all of the encoder's time, so its loops are ordered for the cache: a row of w is
// expanded once, into a buffer that stays in the first level, and there meets all rows of x. Matrices
// kept as float32 would save a text of a dozen tokens a quarter of its time, but cost 42 MB, and at
// start-up as much time as such a text: a search has only one.
func matmul(dst, x []float32, w matrix, bias []float32) {
	var buffer [wideDim]float32
	row := buffer[:w.cols]
	for out := range w.rows {
		w.expand(row, out)
		at := out
		for in := x; len(in) > 0; in = in[w.cols:] {
			dst[at] = vek32.Dot(in[:w.cols], row) + bias[out]
			at += w.rows
		}
	}
}

// expand writes row i of m to dst, which must be as wide. Eight values at a time because the processor
// takes half as long again for one by one.
func (m matrix) expand(dst []float32, i int) {
	blocks := m.blocks[i*m.cols/blockValues*blockSize:]
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
