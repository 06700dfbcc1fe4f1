package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

const (
	nosplit      = attr.NOSPLIT
	constantData = attr.RODATA | attr.NOPTR
)

// The shape of a panel; package kernel describes it.
const (
	width  = 32
	block  = 64
	scales = 4 * width // bytes of a block's scales, which come first
)

// products emits the two functions that multiply a tile: one takes int8 weights, one float32.
func (l *level) products() {
	l.start("packed", "multiplies the rows of a tile with a panel of int8 weights.", "func(p *Product)")
	l.tiles(l.packedInputs)
	l.start("floats", "multiplies the rows of a tile with a panel of float32 weights.", "func(p *Product)")
	l.tiles(l.floatInputs)
}

// tile is what the code of one height of a tile holds in registers. Its columns are two vectors wide.
type tile struct {
	sums   [][2]reg.VecVirtual
	x      []reg.GPVirtual // of each third row where its next value is
	stride reg.GPVirtual   // from one row of x to the next, in bytes
	half   reg.GPVirtual   // the first column
}

// tiles emits the code for every height, and the choice among them.
func (l *level) tiles(inputs func(t *tile)) {
	rows := l.field("Rows")
	names := make([]string, l.height+1)
	for h := 1; h <= l.height; h++ {
		names[h] = l.label(fmt.Sprintf("height%d_", h))
	}
	for h := 1; h < l.height; h++ {
		l.CMPQ(rows, operand.Imm(uint64(h)))
		l.JE(operand.LabelRef(names[h]))
	}
	for h := l.height; h > 0; h-- {
		l.Label(names[h])
		l.tile(h, inputs)
	}
}

// tile emits the code for h rows: once for all columns of a panel, or, with vectors of eight, twice for
// half of them.
func (l *level) tile(h int, inputs func(t *tile)) {
	t := &tile{half: l.GP64()}
	l.XORQ(t.half, t.half)
	again := l.label("half")
	l.Label(again)

	bias := l.slice("Bias")
	t.stride = l.field("XStride")
	l.SHLQ(operand.Imm(2), t.stride)
	for r := range h {
		t.sums = append(t.sums, [2]reg.VecVirtual{})
		for v := range t.sums[r] {
			t.sums[r][v] = l.load(operand.Mem{Base: bias, Index: t.half, Scale: 4, Disp: v * l.bytes()})
		}
		if r == 0 {
			t.x = append(t.x, l.slice("X"))
		} else if r%3 == 0 {
			next := l.GP64()
			l.LEAQ(operand.Mem{Base: t.x[r/3-1], Index: t.stride, Scale: 2}, next)
			l.ADDQ(t.stride, next)
			t.x = append(t.x, next)
		}
	}
	inputs(t)

	dst, stride := l.slice("Dst"), l.field("DstStride")
	l.LEAQ(operand.Mem{Base: dst, Index: t.half, Scale: 4}, dst)
	l.SHLQ(operand.Imm(2), stride)
	for r := range h {
		for v, sum := range t.sums[r] {
			l.VMOVUPS(sum, at(dst, v*l.bytes()))
		}
		if r+1 < h {
			l.ADDQ(stride, dst)
		}
	}
	if 2*l.lanes < width {
		l.ADDQ(operand.Imm(uint64(2*l.lanes)), t.half)
		l.CMPQ(t.half, operand.Imm(width))
		l.JL(operand.LabelRef(again))
	}
	l.finish()
}

// packedInputs emits the loops over all blocks and all inputs of a block.
func (l *level) packedInputs(t *tile) {
	blocks, weights, factors := l.field("Inputs"), l.slice("packed"), l.GP64()
	l.SHRQ(operand.Imm(6), blocks) // 64 inputs each
	l.LEAQ(operand.Mem{Base: weights, Index: t.half, Scale: 4}, factors)
	l.LEAQ(operand.Mem{Base: weights, Index: t.half, Scale: 1, Disp: scales}, weights)
	l.loop(blocks, func() {
		factor := [2]operand.Op{at(factors, 0), at(factors, l.bytes())}
		if l.lanes == 16 { // else there are no registers left for them
			factor[0], factor[1] = l.load(at(factors, 0)), l.load(at(factors, l.bytes()))
		}
		inputs := l.GP64()
		l.MOVQ(operand.U32(block), inputs)
		l.loop(inputs, func() {
			l.step(t, l.scaled(weights, factor))
			l.ADDQ(operand.Imm(width), weights)
		})
		l.ADDQ(operand.Imm(scales), weights)
		l.ADDQ(operand.U32(scales+block*width), factors)
	})
}

// scaled gives the weights of one input as float32, two vectors of them.
func (l *level) scaled(weights reg.Register, factor [2]operand.Op) (w [2]operand.Op) {
	for v := range w {
		f := l.vector()
		l.VPMOVSXBD(at(weights, v*l.lanes), f)
		l.VCVTDQ2PS(f, f)
		l.VMULPS(factor[v], f, f)
		w[v] = f
	}
	return w
}

// floatInputs emits the loop over all inputs.
func (l *level) floatInputs(t *tile) {
	inputs, weights := l.field("Inputs"), l.slice("Weights")
	l.LEAQ(operand.Mem{Base: weights, Index: t.half, Scale: 4}, weights)
	l.loop(inputs, func() {
		l.step(t, [2]operand.Op{l.load(at(weights, 0)), l.load(at(weights, l.bytes()))})
		l.ADDQ(operand.U32(4*width), weights)
	})
}

// step adds to each row's sums its value of one input times the weights, and moves on to the next.
func (l *level) step(t *tile, weights [2]operand.Op) {
	for r, sums := range t.sums {
		x := operand.Mem{Base: t.x[r/3]}
		if r%3 > 0 {
			x.Index, x.Scale = t.stride, uint8(r%3)
		}
		value := l.vector()
		l.VBROADCASTSS(x, value)
		for v, sum := range sums {
			l.VFMADD231PS(weights[v], value, sum)
		}
	}
	for _, x := range t.x {
		l.ADDQ(operand.Imm(4), x)
	}
}

// expand emits the function that makes a panel's weights float32.
func (l *level) expand() {
	l.start("expand", "writes the int8 weights of a panel to its float32 weights.", "func(p *Product)")
	blocks, from, to := l.field("Inputs"), l.slice("packed"), l.slice("Weights")
	l.SHRQ(operand.Imm(6), blocks)
	l.loop(blocks, func() {
		var factor []reg.VecVirtual
		for v := range width / l.lanes {
			factor = append(factor, l.load(at(from, v*l.bytes())))
		}
		l.ADDQ(operand.U32(scales), from)
		inputs := l.GP64()
		l.MOVQ(operand.U32(block), inputs)
		l.loop(inputs, func() {
			for v := range factor {
				f := l.vector()
				l.VPMOVSXBD(at(from, v*l.lanes), f)
				l.VCVTDQ2PS(f, f)
				l.VMULPS(factor[v], f, f)
				l.VMOVUPS(f, at(to, v*l.bytes()))
			}
			l.ADDQ(operand.Imm(width), from)
			l.ADDQ(operand.U32(4*width), to)
		})
	})
	l.finish()
}
