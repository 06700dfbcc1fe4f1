package embed

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"viva/index/embed/kernel"
)

// TestAttend compares with the definition, for texts of less and of more than one panel, on buffers that
// held a longer text before.
func TestAttend(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, level := range kernel.Levels() {
		m := &model{level: level}
		for _, tokens := range []int{100, 2, 33, 32, 7} {
			b := m.buffersFor(tokens)
			for i := range b.asked {
				b.asked[i] = 4*random.Float32() - 2
			}
			for head := range headCount {
				attend(b, head)
			}
			if diff := cmp.Diff(attention(b), b.heads, cmpopts.EquateApprox(0, 1e-5)); diff != "" {
				t.Errorf("%v: attend of %d tokens (-want +got):\n%s", level, tokens, diff)
			}
			m.spare.Put(b)
		}
	}
}

// attention is what attend should write to heads.
func attention(b *buffers) []float32 {
	part := func(token, head, which int) []float32 {
		return b.asked[token*askDim+which*Dim+head*headDim:][:headDim]
	}
	var all []float32
	for t := range b.tokens {
		for head := range headCount {
			var sum float64
			found := make([]float64, headDim)
			for u := range b.tokens {
				weight := math.Exp(float64(Dot(part(t, head, 0), part(u, head, 1))) / math.Sqrt(headDim))
				sum += weight
				for i, v := range part(u, head, 2) {
					found[i] += weight * float64(v)
				}
			}
			for _, v := range found {
				all = append(all, float32(v/sum))
			}
		}
	}
	return all
}

func TestDot(t *testing.T) {
	if got := Dot([]float32{1, 2, 3}, []float32{4, 5, 6}); got != 32 {
		t.Errorf("Dot = %v, want 32", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("Dot of vectors that differ in width: no panic")
		}
	}()
	Dot([]float32{1, 2}, []float32{3})
}

func TestCosines(t *testing.T) {
	const stride = Dim + 8
	random := rand.New(rand.NewPCG(3, 4))
	query, rows := make([]float32, Dim), make([]byte, 5*stride)
	for i := range query {
		query[i] = random.Float32() - 0.5
	}
	unit(query)
	for i := range rows {
		rows[i] = byte(random.Uint32())
	}
	var want []float32
	for row := rows; len(row) > 0; row = row[stride:] {
		v := make([]float32, Dim)
		for i := range v {
			v[i] = float32(int8(row[i]))
		}
		unit(v)
		want = append(want, Dot(query, v))
	}
	got := make([]float32, len(want))
	Cosines(got, query, rows, stride)
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-5)); diff != "" {
		t.Errorf("Cosines (-Dot +got):\n%s", diff)
	}
}
