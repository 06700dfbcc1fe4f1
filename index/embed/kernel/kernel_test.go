package kernel

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// near is how far apart the levels may be, and nan says that NaN is NaN.
var near = cmp.Options{cmpopts.EquateApprox(1e-5, 1e-4), cmpopts.EquateNaNs()}

// guard stands around what a function may write to.
const guard = 12345

// floats gives n values between -1 and 1, in a slice that ends where its memory does.
func floats(random *rand.Rand, n int) []float32 {
	values := make([]float32, n)
	for i := range values {
		values[i] = 2*random.Float32() - 1
	}
	return values
}

// guarded gives n values with guards after them, and a check that those still stand.
func guarded(t *testing.T, n int) (values []float32, check func()) {
	t.Helper()
	all := slices.Repeat([]float32{guard}, n+64)
	return all[:n:n], func() {
		t.Helper()
		for i, v := range all[n:] {
			if v != guard {
				t.Fatalf("value %d of %d was written", n+i, n)
			}
		}
	}
}

// matrix gives a random matrix: packed, and its rows as float32.
func matrix(random *rand.Rand, inputs, outputs int) (w Linear, plain []float32) {
	var stored []byte
	for range outputs * inputs / Block {
		scale := random.Float32() / 100
		stored = binary.LittleEndian.AppendUint32(stored, math.Float32bits(scale))
		for range Block {
			v := int8(random.Uint32())
			stored = append(stored, byte(v))
			plain = append(plain, float32(v)*scale)
		}
	}
	return Linear{Inputs: inputs, Outputs: outputs, Packed: Pack(stored, inputs), Bias: floats(random, outputs)}, plain
}

func TestMultiply(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, shape := range []struct{ inputs, outputs int }{{64, 32}, {128, 96}, {384, 64}, {1536, 32}} {
		w, plain := matrix(random, shape.inputs, shape.outputs)
		if len(w.Packed) != PackedSize(shape.inputs, shape.outputs) {
			t.Fatalf("Pack gives %d bytes, PackedSize %d", len(w.Packed), PackedSize(shape.inputs, shape.outputs))
		}
		for _, rows := range []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 23, 24, 25, 26, 37, 128, 255, 256} {
			x := floats(random, rows*shape.inputs)
			want := make([]float32, rows*shape.outputs)
			for i := range want {
				row, out := i/shape.outputs, i%shape.outputs
				sum := float64(w.Bias[out])
				for k, v := range x[row*shape.inputs:][:shape.inputs] {
					sum += float64(v) * float64(plain[out*shape.inputs+k])
				}
				want[i] = float32(sum)
			}
			for _, l := range Levels() {
				got, check := guarded(t, len(want))
				l.Multiply(got, x, w, make([]float32, shape.inputs*Width))
				check()
				if diff := cmp.Diff(want, got, near); diff != "" {
					t.Fatalf("%v: Multiply of %d rows, %v (-want +got):\n%s", l, rows, shape, diff)
				}
			}
		}
	}
}

func TestPanelOfRowsThatLieApart(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, inputs := range []int{1, 2, 7, 32, 33, 256} {
		for _, rows := range []int{1, 2, 5, 6, 7, 12, 13, 40} {
			p := Product{
				X: floats(random, (rows-1)*300+inputs), XStride: 300, DstStride: 50, Rows: rows, Inputs: inputs,
				Weights: floats(random, inputs*Width), Bias: floats(random, Width),
			}
			var want []float32
			for _, l := range slices.Backward(Levels()) {
				got, check := guarded(t, (rows-1)*50+Width)
				p.Dst = got
				l.Panel(p)
				check()
				if want == nil {
					want = got
				}
				if diff := cmp.Diff(want, got, near); diff != "" {
					t.Fatalf("%v: Panel of %d rows, %d inputs (-portable +got):\n%s", l, rows, inputs, diff)
				}
			}
		}
	}
}

func TestPanelRefusesWhatIsTooShort(t *testing.T) {
	full := func() Product {
		return Product{
			Dst: make([]float32, 2*Width), DstStride: Width, X: make([]float32, 6), XStride: 3,
			Rows: 2, Inputs: 3, Weights: make([]float32, 3*Width), Bias: make([]float32, Width),
		}
	}
	for name, cut := range map[string]func(p *Product){
		"Dst":     func(p *Product) { p.Dst = p.Dst[:len(p.Dst)-1] },
		"X":       func(p *Product) { p.X = p.X[:len(p.X)-1] },
		"Weights": func(p *Product) { p.Weights = p.Weights[:len(p.Weights)-1] },
		"Inputs":  func(p *Product) { p.Inputs = 0 },
		"Bias":    func(p *Product) { p.Bias = p.Bias[:len(p.Bias)-1] },
	} {
		for _, l := range Levels() {
			p := full()
			cut(&p)
			func() {
				defer func() {
					if recover() == nil {
						t.Errorf("%v: Panel with too little %s: no panic", l, name)
					}
				}()
				l.Panel(p)
			}()
		}
	}
}

func TestGELU(t *testing.T) {
	var x, want []float32
	for v := -20.0; v < 20; v += 1.0 / 64 {
		x = append(x, float32(v))
		want = append(want, float32(v*(1+math.Erf(v/math.Sqrt2))/2))
	}
	inf := float32(math.Inf(1))
	x, want = append(x, inf, 1e30, -inf, -1e30, float32(math.NaN())), append(want, inf, 1e30, 0, 0, float32(math.NaN()))
	for _, l := range Levels() {
		for _, from := range []int{0, 1, 15, len(x) - 5, len(x)} {
			got, check := guarded(t, len(x)-from)
			copy(got, x[from:])
			l.GELU(got)
			check()
			if diff := cmp.Diff(want[from:], got, cmpopts.EquateApprox(1e-6, 1e-6), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("%v: GELU from %d (-want +got):\n%s", l, from, diff)
			}
		}
	}
}

func TestSoftmaxOfScoresFarApart(t *testing.T) {
	for _, l := range Levels() {
		for _, gap := range []float32{0, 10, 80, 87, 104, 1e4, 1e30, float32(math.Inf(1))} {
			for _, width := range []int{4, 16, 48, 100} {
				scores := slices.Repeat([]float32{3, 3 - gap}, width) // two rows
				l.Softmax(scores, width, 1)
				small := float32(math.Exp(-float64(gap)))
				total := float32(width/2) * (1 + small)
				want := slices.Repeat([]float32{1 / total, small / total}, width)
				if diff := cmp.Diff(want, scores, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
					t.Errorf("%v: Softmax with a gap of %v (-want +got):\n%s", l, gap, diff)
				}
			}
		}
	}
}

func TestSoftmaxOfManyRows(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, width := range []int{1, 16, 32, 31, 256} {
		scores := floats(random, 7*width)
		if width == 32 {
			scores[2*width+9] = float32(math.NaN()) // spoils its row alone
		}
		want := slices.Clone(scores)
		Portable().Softmax(want, width, 9)
		for _, l := range Levels() {
			got, check := guarded(t, len(scores))
			copy(got, scores)
			l.Softmax(got, width, 9)
			check()
			if diff := cmp.Diff(want, got, near); diff != "" {
				t.Errorf("%v: Softmax of width %d (-portable +got):\n%s", l, width, diff)
			}
		}
	}
}

func TestAddNorm(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for _, width := range []int{1, 16, 48, 50, 384} {
		rows, change := floats(random, 5*width), floats(random, 5*width)
		rows[3*width] = float32(math.NaN())
		n := Norm{Gain: floats(random, width), Bias: floats(random, width)}
		var want []float32
		for at := 0; at < len(rows); at += width {
			var mean, variance float64
			for i := at; i < at+width; i++ {
				mean += float64(rows[i]+change[i]) / float64(width)
			}
			for i := at; i < at+width; i++ {
				d := float64(rows[i]+change[i]) - mean
				variance += d * d / float64(width)
			}
			for i := at; i < at+width; i++ {
				v := (float64(rows[i]+change[i]) - mean) / math.Sqrt(variance+1e-12)
				want = append(want, float32(v)*n.Gain[i-at]+n.Bias[i-at])
			}
		}
		for _, l := range Levels() {
			got, check := guarded(t, len(rows))
			copy(got, rows)
			l.AddNorm(got, change, n)
			check()
			if diff := cmp.Diff(want, got, near); diff != "" {
				t.Errorf("%v: AddNorm of width %d (-want +got):\n%s", l, width, diff)
			}
		}
	}
}

func TestDot(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for n := range 150 {
		a, b := floats(random, n), floats(random, n)
		var want float64
		for i := range a {
			want += float64(a[i]) * float64(b[i])
		}
		for _, l := range Levels() {
			if got := l.Dot(a, b); math.Abs(float64(got)-want) > 1e-5 {
				t.Errorf("%v: Dot of %d values = %v, want %v", l, n, got, want)
			}
		}
	}
}

func TestCosines(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	for _, width := range []int{1, 32, 33, 384, 1024} {
		stride, count := width+8, 150
		rows := make([]byte, (count-1)*stride+width)
		for i := range rows {
			rows[i] = byte(random.Uint32())
		}
		clear(rows[70*stride:][:width])
		query := floats(random, width)
		length := float32(math.Sqrt(float64(Best().Dot(query, query))))
		for i := range query {
			query[i] /= length
		}
		want := cosines(query, rows, stride)
		var first []float32
		for _, l := range Levels() {
			got, check := guarded(t, count)
			l.Cosines(got, query, rows, stride)
			check()
			if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-5*max(1, float64(width)/384))); diff != "" {
				t.Errorf("%v: Cosines of width %d (-want +got):\n%s", l, width, diff)
			}
			if first == nil {
				first = got
			}
			if diff := cmp.Diff(first, got); diff != "" {
				t.Errorf("%v: Cosines differ from those of %v:\n%s", l, Best(), diff)
			}
		}
	}
}

// cosines is what Cosines should give.
func cosines(query []float32, rows []byte, stride int) (all []float32) {
	for ; len(rows) > 0; rows = rows[min(stride, len(rows)):] {
		var product, square float64
		for i, q := range query {
			v := float64(int8(rows[i]))
			product, square = product+v*float64(q), square+v*v
		}
		if square == 0 {
			square = 1
		}
		all = append(all, float32(product/math.Sqrt(square)))
	}
	return all
}

func TestCosinesOfTheLargestValues(t *testing.T) {
	query, rows := make([]float32, 384), slices.Repeat([]byte{0x80}, 384)
	for i := range query {
		query[i] = float32(-1 / math.Sqrt(384))
	}
	for _, l := range Levels() {
		got := make([]float32, 1)
		l.Cosines(got, query, rows, 384)
		if math.Abs(float64(got[0])-1) > 1e-6 {
			t.Errorf("%v: Cosines of parallel vectors = %v, want 1", l, got[0])
		}
	}
}

func BenchmarkMultiply(b *testing.B) {
	random := rand.New(rand.NewPCG(13, 14))
	w, _ := matrix(random, 384, 1536)
	for _, l := range Levels() {
		for _, rows := range []int{1, 4, 12, 24, 25, 48, 128} {
			x, dst, scratch := floats(random, rows*384), make([]float32, rows*1536), make([]float32, 384*Width)
			b.Run(fmt.Sprintf("%v/%d", l, rows), func(b *testing.B) {
				for b.Loop() {
					l.Multiply(dst, x, w, scratch)
				}
				b.ReportMetric(float64(b.N*rows*384*1536)/float64(b.Elapsed().Nanoseconds()), "mac/ns")
			})
		}
	}
}

func BenchmarkCosines(b *testing.B) {
	random := rand.New(rand.NewPCG(15, 16))
	const count, stride = 16000, 392
	rows, query, dst := make([]byte, count*stride), floats(random, 384), make([]float32, count)
	for i := range rows {
		rows[i] = byte(random.Uint32())
	}
	for _, l := range Levels() {
		b.Run(l.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				l.Cosines(dst, query, rows, stride)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*count), "ns/row")
		})
	}
}

func BenchmarkRows(b *testing.B) {
	random := rand.New(rand.NewPCG(17, 18))
	given, x := floats(random, 128*384), make([]float32, 128*384)
	change, n := make([]float32, len(x)), Norm{Gain: slices.Repeat([]float32{1}, 384), Bias: make([]float32, 384)}
	for _, l := range Levels() {
		for name, f := range map[string]func(){
			"gelu":    func() { l.GELU(x) },
			"softmax": func() { l.Softmax(x, 128, 0.2) },
			"norm":    func() { l.AddNorm(x, change, n) },
		} {
			b.Run(fmt.Sprintf("%v/%s", l, name), func(b *testing.B) {
				for b.Loop() {
					copy(x, given)
					f()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(x)), "ns/value")
			})
		}
	}
}
