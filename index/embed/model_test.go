package embed

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestGelu(t *testing.T) {
	var x, want []float32
	for v := -20.0; v < 20; v += 1.0 / 64 {
		x = append(x, float32(v))
		want = append(want, float32(v*(1+math.Erf(v/math.Sqrt2))/2))
	}
	gelu(x, make([]float32, len(x)/4))
	if diff := cmp.Diff(want, x, cmpopts.EquateApprox(1e-6, 1e-6)); diff != "" {
		t.Errorf("gelu (-want +got):\n%s", diff)
	}
}

func TestSoftmaxOfScoresFarApart(t *testing.T) {
	for _, gap := range []float32{0, 10, 500, 545, 590, 1e4, 1e30} {
		scores := []float32{0, -gap, 0, -gap}
		softmax(scores)
		small := float32(math.Exp(-float64(gap) / math.Sqrt(headDim)))
		want := []float32{1 / (2 + 2*small), small / (2 + 2*small)}
		if diff := cmp.Diff(append(want, want...), scores, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
			t.Errorf("softmax with a gap of %v (-want +got):\n%s", gap, diff)
		}
	}
}

func TestLayerNorm(t *testing.T) {
	row, n := make([]float32, Dim), layerNorm{gain: make([]float32, Dim), bias: make([]float32, Dim)}
	for i := range row {
		row[i], n.gain[i], n.bias[i] = float32(i%2), 3, 1 // ±½ from its mean
	}
	n.apply(row)
	if diff := cmp.Diff([]float32{-2, 4}, row[:2], cmpopts.EquateApprox(0, 1e-5)); diff != "" {
		t.Errorf("layerNorm (-want +got):\n%s", diff)
	}
}

func TestMatmul(t *testing.T) {
	const rows, cols, tokens = 5, 2 * blockValues, 3
	random := rand.New(rand.NewPCG(1, 2))
	floats := func(n int) []float32 {
		values := make([]float32, n)
		for i := range values {
			values[i] = random.Float32() - 0.5
		}
		return values
	}
	w := matrix{rows: rows, cols: cols}
	weights, scales := make([]int8, rows*cols), floats(rows*cols/blockValues)
	for i := range weights {
		if i%blockValues == 0 {
			w.blocks = binary.LittleEndian.AppendUint32(w.blocks, math.Float32bits(scales[i/blockValues]))
		}
		weights[i] = int8(random.Uint32())
		w.blocks = append(w.blocks, byte(weights[i]))
	}
	bias, x, got := floats(rows), floats(tokens*cols), make([]float32, tokens*rows)
	matmul(got, x, w, bias)

	for i := range got {
		token, row := i/rows, i%rows
		want := bias[row]
		for col := range cols {
			at := row*cols + col
			want += x[token*cols+col] * float32(weights[at]) * scales[at/blockValues]
		}
		if math.Abs(float64(got[i]-want)) > 1e-3 {
			t.Errorf("matmul of token %d and row %d = %v, want %v", token, row, got[i], want)
		}
	}
}
