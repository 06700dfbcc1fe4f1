package kernel

import (
	"encoding/binary"
	"math"
)

// floatsGo multiplies three rows by two columns at a time: of six sums the compiler keeps all in
// registers, of eight it does not, and takes twice as long.
func floatsGo(p *Product) {
	last := p.Rows - 1
	for r := 0; r < p.Rows; r += 3 {
		var x, dst [3][]float32
		for i := range x { // past the last row that one again
			row := min(r+i, last)
			x[i], dst[i] = p.X[row*p.XStride:][:p.Inputs], p.Dst[row*p.DstStride:][:Width]
		}
		for c := 0; c < Width; c += 2 {
			sums := threeByTwo(&x, p.Weights[c:], (*[2]float32)(p.Bias[c:]))
			for i := range dst {
				dst[i][c], dst[i][c+1] = sums[i][0], sums[i][1]
			}
		}
	}
}

func threeByTwo(x *[3][]float32, weights []float32, bias *[2]float32) [3][2]float32 {
	a := x[0]
	b, c := x[1][:len(a)], x[2][:len(a)]
	a0, a1 := bias[0], bias[1]
	b0, b1, c0, c1 := a0, a1, a0, a1
	for k, u := range a {
		v, w := b[k], c[k]
		pair := (*[2]float32)(weights[k*Width:])
		y, z := pair[0], pair[1]
		a0 += u * y
		a1 += u * z
		b0 += v * y
		b1 += v * z
		c0 += w * y
		c1 += w * z
	}
	return [3][2]float32{{a0, a1}, {b0, b1}, {c0, c1}}
}

// expandGo makes a panel's weights float32, eight at a time because the processor takes half as long
// again for one by one.
func expandGo(p *Product) {
	to, packed := p.Weights, p.packed
	for ; len(packed) > 0; packed = packed[panelBlock:] {
		var scales [Width]float32
		for i := range scales {
			scales[i] = math.Float32frombits(binary.LittleEndian.Uint32(packed[4*i:]))
		}
		values := packed[4*Width : panelBlock]
		for ; len(values) > 0; values, to = values[Width:], to[Width:] {
			for i := 0; i < Width; i += 8 {
				scale(to[i:], values[i:], (*[8]float32)(scales[i:]))
			}
		}
	}
}

func scale(dst []float32, values []byte, scales *[8]float32) {
	b, d := binary.LittleEndian.Uint64(values), (*[8]float32)(dst)
	d[0] = float32(int8(b)) * scales[0]
	d[1] = float32(int8(b>>8)) * scales[1]
	d[2] = float32(int8(b>>16)) * scales[2]
	d[3] = float32(int8(b>>24)) * scales[3]
	d[4] = float32(int8(b>>32)) * scales[4]
	d[5] = float32(int8(b>>40)) * scales[5]
	d[6] = float32(int8(b>>48)) * scales[6]
	d[7] = float32(int8(b>>56)) * scales[7]
}

// expGo is eˣ for -80 ≤ x ≤ 0: a power of two, which is written straight into the exponent, times a
// polynomial for the rest.
func expGo(x float32) float32 {
	const (
		toBinary = 1 / math.Ln2
		rounding = 3 << 22 // beyond this float32 has no fractions
		ln2High  = 0.693359375
		ln2Low   = math.Ln2 - ln2High
	)
	z := x*toBinary + rounding
	n := z - rounding
	x -= n * ln2High
	x -= n * ln2Low
	var y float32 = 1.9875691500e-4
	y = y*x + 1.3981999507e-3
	y = y*x + 8.3334519073e-3
	y = y*x + 4.1665795894e-2
	y = y*x + 1.6666665459e-1
	y = y*x + 5.0000001201e-1
	y = y*x + 1
	y = y*x + 1
	return math.Float32frombits(math.Float32bits(y) + math.Float32bits(z)<<23)
}

func geluGo(x []float32) {
	const (
		p  = 0.3275911 / math.Sqrt2
		c1 = 0.254829592 / 2
		c2 = -0.284496736 / 2
		c3 = 1.421413741 / 2
		c4 = -1.453152027 / 2
		c5 = 1.061405429 / 2
	)
	for i, v := range x {
		a := min(max(v, -v), 12.5)
		t := 1 / (1 + p*a)
		x[i] = max(v, 0) - a*expGo(-0.5*a*a)*t*(c1+t*(c2+t*(c3+t*(c4+t*c5))))
	}
}

func softmaxGo(rows []float32, width int, scale float32) {
	for ; len(rows) > 0; rows = rows[width:] {
		row := rows[:width]
		top := row[0]
		for _, v := range row {
			top = max(top, v)
		}
		var sum float32
		for i, v := range row {
			row[i] = expGo(max((v-top)*scale, -80))
			sum += row[i]
		}
		for i := range row {
			row[i] /= sum
		}
	}
}

func addNormGo(n *normalisation) {
	rows, change, gain, bias := n.rows, n.change, n.gain, n.bias
	for ; len(rows) > 0; rows, change = rows[n.width:], change[n.width:] {
		row := rows[:n.width]
		var sum, squares float32
		for i := range row {
			row[i] += change[i]
			sum += row[i]
		}
		mean := sum * n.inverse
		for _, v := range row {
			squares += (v - mean) * (v - mean)
		}
		factor := 1 / float32(math.Sqrt(float64(squares*n.inverse+n.least)))
		for i, v := range row {
			row[i] = (v-mean)*factor*gain[i] + bias[i]
		}
	}
}

func dotGo(a, b []float32) float32 {
	var s, t, u, v float32
	for len(a) >= 4 && len(b) >= 4 {
		s += a[0] * b[0]
		t += a[1] * b[1]
		u += a[2] * b[2]
		v += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i := range a {
		s += a[i] * b[i]
	}
	return (s + t) + (u + v)
}

func scanGo(s *scan) {
	for i := range s.count {
		row := s.rows[i*s.stride:][:len(s.query)]
		var product, square int32
		for j, b := range row {
			v := int32(int8(b))
			product += v * int32(s.query[j])
			square += v * v
		}
		s.sums[2*i], s.sums[2*i+1] = product, square
	}
}
