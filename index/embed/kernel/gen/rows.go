package main

import (
	"math"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// exp emits eˣ for -80 ≤ x ≤ 0, as expGo in package kernel has it. It uses x up.
func (l *level) exp(x reg.VecVirtual) reg.VecVirtual {
	const (
		rounding = 3 << 22
		ln2High  = 0.693359375
	)
	z, n := l.load(l.constant(rounding)), l.vector()
	l.VFMADD231PS(l.constant(1/math.Ln2), x, z)
	l.VSUBPS(l.constant(rounding), z, n)
	l.VFNMADD231PS(l.constant(ln2High), n, x)
	l.VFNMADD231PS(l.constant(math.Ln2-ln2High), n, x)
	y := l.polynomial(x, 1.9875691500e-4,
		1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1, 1)
	l.VPSLLD(operand.Imm(23), z, z)
	l.VPADDD(z, y, y)
	return y
}

// polynomial emits first·xⁿ + … + the last of rest.
func (l *level) polynomial(x reg.VecVirtual, first float32, rest ...float32) reg.VecVirtual {
	y := l.load(l.constant(first))
	for _, c := range rest {
		l.VFMADD213PS(l.constant(c), x, y)
	}
	return y
}

// gelu emits what geluGo in package kernel does, for whole vectors. The order of operands lets NaN pass.
func (l *level) gelu() {
	l.start("gelu", "sets n values, whole vectors of them, to x·Φ(x).", "func(x *float32, n int)")
	x, n := l.Load(l.Param("x"), l.GP64()), l.Load(l.Param("n"), l.GP64())
	zero, one, limit := l.zero(), l.load(l.constant(1)), l.load(l.constant(12.5))
	l.vectors(n, func() {
		v := l.load(at(x, 0))
		a, e, t := l.vector(), l.vector(), l.load(l.constant(1))
		l.VSUBPS(v, zero, a)
		l.VMAXPS(v, a, a)
		l.VMINPS(a, limit, a)
		l.VMULPS(a, a, e)
		l.VMULPS(l.constant(-0.5), e, e)
		e = l.exp(e)
		l.VFMADD231PS(l.constant(0.3275911/math.Sqrt2), a, t)
		l.VDIVPS(t, one, t)
		y := l.polynomial(t, 1.061405429/2, -1.453152027/2, 1.421413741/2, -0.284496736/2, 0.254829592/2)
		l.VMULPS(a, e, e)
		l.VMULPS(t, y, y)
		l.VMAXPS(v, zero, v)
		l.VFNMADD231PS(e, y, v)
		l.VMOVUPS(v, at(x, 0))
		l.ADDQ(operand.Imm(uint64(l.bytes())), x)
	})
	l.finish()
}

// vectors emits body for each of the vectors that n values make, at least one. It uses n up.
func (l *level) vectors(n reg.Register, body func()) {
	top := l.label("vectors")
	l.Label(top)
	body()
	l.SUBQ(operand.Imm(uint64(l.lanes)), n)
	l.JG(operand.LabelRef(top))
}

// across emits what brings all lanes of v together with a binary operation, and gives the result in the
// lowest lane. It uses v up.
func (l *level) across(v reg.VecVirtual, operation func(...operand.Op)) reg.Register {
	y, x, high := v.AsY(), v.AsX(), l.XMM()
	if l.lanes == 16 {
		upper := l.YMM()
		l.VEXTRACTF64X4(operand.Imm(1), v, upper)
		operation(upper, y, y)
	}
	l.VEXTRACTF128(operand.Imm(1), y, high)
	operation(high, x, x)
	l.VPERMILPS(operand.Imm(0b01_00_11_10), x, high)
	operation(high, x, x)
	l.VPERMILPS(operand.Imm(0b10_11_00_01), x, high)
	operation(high, x, x)
	return x
}

// everywhere gives a vector whose lanes all hold x.
func (l *level) everywhere(x operand.Op) reg.VecVirtual {
	v := l.vector()
	l.VBROADCASTSS(x, v)
	return v
}

// softmax emits what softmaxGo in package kernel does, for rows of whole vectors.
func (l *level) softmax() {
	l.start("softmax", "makes weights of each row, whole vectors wide.", "func(x *float32, rows, width int, scale float32)")
	x, rows, width := l.Load(l.Param("x"), l.GP64()), l.Load(l.Param("rows"), l.GP64()), l.Load(l.Param("width"), l.GP64())
	s := l.XMM()
	l.Load(l.Param("scale"), s)
	factor, limit, one := l.everywhere(s), l.load(l.constant(-80)), l.load(l.constant(1))
	row := func(body func(place reg.Register)) {
		place, left := l.GP64(), l.GP64()
		l.MOVQ(x, place)
		l.MOVQ(width, left)
		l.vectors(left, func() {
			body(place)
			l.ADDQ(operand.Imm(uint64(l.bytes())), place)
		})
	}
	l.loop(rows, func() {
		highest := l.load(at(x, 0))
		row(func(place reg.Register) { l.VMAXPS(at(place, 0), highest, highest) })
		top := l.everywhere(l.across(highest, l.VMAXPS))
		sum := l.zero()
		row(func(place reg.Register) {
			v := l.load(at(place, 0))
			l.VSUBPS(top, v, v)
			l.VMULPS(factor, v, v)
			l.VMAXPS(v, limit, v)
			e := l.exp(v)
			l.VADDPS(e, sum, sum)
			l.VMOVUPS(e, at(place, 0))
		})
		share := l.everywhere(l.across(sum, l.VADDPS))
		l.VDIVPS(share, one, share)
		row(func(place reg.Register) {
			v := l.vector()
			l.VMULPS(at(place, 0), share, v)
			l.VMOVUPS(v, at(place, 0))
		})
		l.LEAQ(operand.Mem{Base: x, Index: width, Scale: 4}, x)
	})
	l.finish()
}

// addNorm emits what addNormGo in package kernel does, for rows of whole vectors.
func (l *level) addNorm() {
	l.start("addNorm", "adds the change to each row, whole vectors wide, and normalises it.", "func(p *normalisation)")
	rows, change, gain, bias := l.slice("rows"), l.slice("change"), l.slice("gain"), l.slice("bias")
	count, width := l.field("count"), l.field("width")
	inverse, least := l.XMM(), l.XMM()
	l.Load(l.Dereference(l.Param("p")).Field("inverse"), inverse)
	l.Load(l.Dereference(l.Param("p")).Field("least"), least)
	i := l.GP64()
	row := func(body func(in func(reg.Register) operand.Mem)) {
		left := l.GP64()
		l.MOVQ(width, left)
		l.XORQ(i, i)
		l.vectors(left, func() {
			body(func(r reg.Register) operand.Mem { return operand.Mem{Base: r, Index: i, Scale: 1} })
			l.ADDQ(operand.Imm(uint64(l.bytes())), i)
		})
	}
	l.loop(count, func() {
		sum := l.zero()
		row(func(in func(reg.Register) operand.Mem) {
			v := l.load(in(rows))
			l.VADDPS(in(change), v, v)
			l.VMOVUPS(v, in(rows))
			l.VADDPS(v, sum, sum)
		})
		mean := l.across(sum, l.VADDPS)
		l.VMULSS(inverse, mean, mean)
		means := l.everywhere(mean)
		squares := l.zero()
		row(func(in func(reg.Register) operand.Mem) {
			v := l.load(in(rows))
			l.VSUBPS(means, v, v)
			l.VFMADD231PS(v, v, squares)
		})
		variance, one := l.across(squares, l.VADDPS), l.XMM()
		l.VFMADD213SS(least, inverse, variance)
		l.VSQRTSS(variance, variance, variance)
		l.VMOVSS(l.constant(1), one)
		l.VDIVSS(variance, one, one)
		factor := l.everywhere(one)
		row(func(in func(reg.Register) operand.Mem) {
			v := l.load(in(rows))
			l.VSUBPS(means, v, v)
			l.VMULPS(in(gain), v, v)
			b := l.load(in(bias))
			l.VFMADD213PS(b, factor, v)
			l.VMOVUPS(v, in(rows))
		})
		l.ADDQ(i, rows)
		l.ADDQ(i, change)
	})
	l.finish()
}
