package main

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// dot emits the inner product of whole vectors, four at a time as long as there are four.
func (l *level) dot() {
	l.start("dot", "is the inner product of n values, whole vectors of them.", "func(a, b *float32, n int) float32")
	a, b, n := l.Load(l.Param("a"), l.GP64()), l.Load(l.Param("b"), l.GP64()), l.Load(l.Param("n"), l.GP64())
	sums := []reg.VecVirtual{l.zero(), l.zero(), l.zero(), l.zero()}
	add := func(sums []reg.VecVirtual) {
		for i, sum := range sums {
			l.VFMADD231PS(at(b, i*l.bytes()), l.load(at(a, i*l.bytes())), sum)
		}
		l.ADDQ(operand.U32(len(sums)*l.bytes()), a)
		l.ADDQ(operand.U32(len(sums)*l.bytes()), b)
		l.SUBQ(operand.U32(len(sums)*l.lanes), n)
	}
	four, one, end := l.label("four"), l.label("one"), l.label("end")
	l.Label(four)
	l.CMPQ(n, operand.U32(4*l.lanes))
	l.JL(operand.LabelRef(one))
	add(sums)
	l.JMP(operand.LabelRef(four))
	l.Label(one)
	l.CMPQ(n, operand.Imm(uint64(l.lanes)))
	l.JL(operand.LabelRef(end))
	add(sums[:1])
	l.JMP(operand.LabelRef(one))
	l.Label(end)
	l.VADDPS(sums[1], sums[0], sums[0])
	l.VADDPS(sums[3], sums[2], sums[2])
	l.VADDPS(sums[2], sums[0], sums[0])
	l.Store(l.across(sums[0], l.VADDPS), l.ReturnIndex(0))
	l.finish()
}

// scan emits the inner products of int8 rows, 32 values wide or a multiple, with a query and with
// themselves: integers, of which pairs of products are added up at once.
func (l *level) scan() {
	l.start("scan", "sets two sums for each row: its inner product with the query and with itself.", "func(p *scan)")
	query, rows, sums := l.slice("query"), l.slice("rows"), l.slice("sums")
	width, count, stride := l.GP64(), l.field("count"), l.field("stride")
	l.Load(l.Dereference(l.Param("p")).Field("query").Len(), width)
	l.loop(count, func() {
		product, square, i := l.zero(), l.zero(), l.GP64()
		l.XORQ(i, i)
		top := l.label("columns")
		l.Label(top)
		values, part := l.vector(), l.vector()
		l.VPMOVSXBW(operand.Mem{Base: rows, Index: i, Scale: 1}, values)
		l.VPMADDWD(operand.Mem{Base: query, Index: i, Scale: 2}, values, part)
		l.VPMADDWD(values, values, values)
		l.VPADDD(part, product, product)
		l.VPADDD(values, square, square)
		l.ADDQ(operand.Imm(uint64(2*l.lanes)), i)
		l.CMPQ(i, width)
		l.JL(operand.LabelRef(top))

		y, other := product.AsY(), square.AsY()
		if l.lanes == 16 {
			for _, v := range []reg.VecVirtual{product, square} {
				upper := l.YMM()
				l.VEXTRACTI64X4(operand.Imm(1), v, upper)
				l.VPADDD(upper, v.AsY(), v.AsY())
			}
		}
		l.VPHADDD(other, y, y)
		high, x := l.XMM(), product.AsX()
		l.VEXTRACTI128(operand.Imm(1), y, high)
		l.VPADDD(high, x, x)
		l.VPHADDD(x, x, x)
		l.VMOVQ(x, at(sums, 0))
		l.ADDQ(operand.Imm(8), sums)
		l.ADDQ(stride, rows)
	})
	l.finish()
}
