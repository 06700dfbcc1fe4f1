// Package kernel has the arithmetic that takes a sentence encoder's time: products of rows of float32
// with int8 weights, the few functions over rows between them, and the scan of many int8 vectors.
//
// Each function is a method of a [Level], the instructions it may use: AVX-512, AVX2 with FMA, or what
// plain Go compiles to. [Best] picks the level of the processor; their results differ in rounding alone.
// gen writes the assembly.
//
// A product goes panel by panel, a panel being all inputs of 32 outputs, and within it tile by tile:
//
//	    x, rows                w, a panel of 32 outputs        dst
//	  ┌──── inputs ───┐        ┌─ 32 ─┐                  ┌─────┬─ 32 ─┬─────┐
//	h │ a b c …       │        │ w0   │ a                │     │ tile │     │ h
//	  ├───────────────┤   ×    │ w1   │ b           =    ├─────┼──────┼─────┤
//	h │               │        │ w2   │ c                │     │      │     │
//	  └───────────────┘        │ …    │                  └─────┴──────┴─────┘
//	                           └──────┘
//
// The sums of a tile stay in registers, h×32 of them with AVX-512 and h×16 with AVX2, while the inputs
// pass by: the weights of one input are loaded once for h rows, and each value of x once for all columns
// of the tile. h is at most 12 and 6, which is as much as the registers hold. The panel is read from its
// start to its end and comes from the second level of the cache, or further, without a wait.
//
// In memory a panel lies in just that order. It is cut in blocks of 64 inputs:
//
//	32 float32   what the weights are to be multiplied with, one an output
//	64 × 32 int8 the weights, for each input those of the 32 outputs
//
// With few rows a tile makes the weights float32 as it goes; with many the panel is first expanded into
// a scratch buffer, once for all its tiles.
package kernel

import "slices"

const (
	// Width is how many outputs a panel has.
	Width = 32
	// Block is how many inputs of an output share a scale.
	Block = 64

	rowBlock   = 4 + Block           // bytes of a block in a matrix that is stored row by row
	panelBlock = Width * (4 + Block) // and in a panel
)

// Level is a set of instructions. The zero Level is that of plain Go.
type Level uint8

const (
	portable Level = iota
	avx2
	avx512
)

// Portable is the Level that every processor has.
func Portable() Level { return portable }

// Best is the fastest Level that this processor has.
func Best() Level { return Levels()[0] }

func (l Level) String() string {
	return [...]string{portable: "portable", avx2: "avx2", avx512: "avx512"}[l]
}

// Linear maps rows of Inputs values to rows of Outputs, which are multiples of [Block] and [Width].
// Packed is what [Pack] gives.
type Linear struct {
	Inputs, Outputs int
	Packed          []byte
	Bias            []float32
}

// PackedSize is how many bytes a packed matrix has.
func PackedSize(inputs, outputs int) int {
	return inputs / Block * outputs / Width * panelBlock
}

// Pack brings the blocks of a matrix that is stored row by row, a row for each output, into the order in
// which they are read. Such a block is a little-endian float32, the scale, and the 64 int8 it multiplies.
func Pack(rows []byte, inputs int) []byte {
	perRow := inputs / Block
	var packed []byte
	for panel := range slices.Chunk(rows, Width*perRow*rowBlock) {
		block := func(output, i int) []byte { return panel[(output*perRow+i)*rowBlock:][:rowBlock] }
		for i := range perRow {
			for output := range Width {
				packed = append(packed, block(output, i)[:4]...)
			}
			for input := range Block {
				for output := range Width {
					packed = append(packed, block(output, i)[4+input])
				}
			}
		}
	}
	return packed
}

// Product is the product of some rows with one panel of float32 weights. To each sum it adds a bias.
type Product struct {
	Dst, X             []float32 // the rows, from the first column on that takes part
	DstStride, XStride int       // from one row to the next
	Rows, Inputs       int
	Weights            []float32 // for each input those of the Width outputs
	Bias               []float32 // Width of them

	packed []byte // int8 weights, to be used in place of Weights unless nil
}

// Panel sets Dst, in each row Width columns of it.
func (l Level) Panel(p Product) {
	l.tiles(p)
}

// Multiply sets each row of dst to the product of w and the same row of x, plus w's bias. It may write to
// scratch, which has space for a panel: w.Inputs*Width values.
func (l Level) Multiply(dst, x []float32, w Linear, scratch []float32) {
	p := Product{
		XStride: w.Inputs, DstStride: w.Outputs,
		Rows: len(x) / w.Inputs, Inputs: w.Inputs, X: x,
		Weights: scratch[:w.Inputs*Width],
	}
	size := PackedSize(w.Inputs, Width)
	for o := 0; o < w.Outputs && p.Rows > 0; o += Width {
		p.Dst, p.Bias = dst[o:], w.Bias[o:o+Width]
		p.packed = w.Packed[o/Width*size:][:size]
		_ = p.packed[size-1]
		if p.Rows > l.direct() {
			expand(l, &p)
			p.packed = nil
		}
		l.tiles(p)
	}
}

// direct is up to how many rows it is faster to expand the weights again for each tile, as measured.
func (l Level) direct() int {
	return 2 * l.height()
}

// height is the most rows of a tile.
func (l Level) height() int {
	return [...]int{portable: 0, avx2: 6, avx512: 12}[l]
}

// tiles cuts p into tiles of about the same height: seven rows and six take less time than twelve and
// one. Plain Go has its own way.
func (l Level) tiles(p Product) {
	if p.Rows == 0 {
		return
	}
	// The assembly does not look, and has no way to multiply nothing.
	_ = p.Dst[(p.Rows-1)*p.DstStride+Width-1]
	_ = p.X[(p.Rows-1)*p.XStride+p.Inputs-1]
	_ = p.Weights[p.Inputs*Width-1]
	_ = p.Bias[Width-1]
	left, height := p.Rows, l.height()
	if l == portable {
		height = left
	}
	for tiles := (left + height - 1) / height; tiles > 0; tiles-- {
		p.Rows = (left + tiles - 1) / tiles
		multiply(l, &p)
		if left -= p.Rows; left > 0 {
			p.X, p.Dst = p.X[p.Rows*p.XStride:], p.Dst[p.Rows*p.DstStride:]
		}
	}
}
