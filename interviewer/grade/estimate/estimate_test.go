package estimate

import (
	"errors"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// calibrated is the model that the program carries.
func calibrated(t *testing.T) Model {
	t.Helper()
	data, err := os.ReadFile("../calibration.bin")
	if err != nil {
		t.Fatal(err)
	}
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// randomRow makes a row of plausible measures.
func randomRow(rng *rand.Rand, n int) []float64 {
	row := make([]float64, n)
	for i := range row {
		row[i] = 1.2*rng.Float64() - 0.2
	}
	return row
}

// A better match never lowers a credit, a nearer mistake never raises it: in each of
// the readings, all else equal.
func TestABetterMatchNeverCosts(t *testing.T) {
	t.Parallel()
	m, rng := calibrated(t), rand.New(rand.NewPCG(3, 4))
	for name, reading := range map[string]struct {
		predict func([]float64) float64
		ways    []int
	}{
		"each point alone":    {m.alone.Predict, ways(pointFeatures)},
		"points together":     {m.together.Predict, append(ways(pointFeatures), contextWays[:]...)},
		"the answer as whole": {m.whole.Predict, wholeWays()},
		"a mistake":           {m.mistake.Predict, ways(mistakeFeatures)},
	} {
		if !slices.Contains(reading.ways, 1) {
			t.Errorf("%s: nothing is monotone", name)
		}
		for range 3000 {
			row := randomRow(rng, len(reading.ways))
			at := rng.IntN(len(row))
			before := reading.predict(row)
			row[at] += rng.Float64() / 2
			if after := reading.predict(row); float64(reading.ways[at])*(after-before) < -1e-9 {
				t.Fatalf("%s: feature %d, which goes %+d: %v after %v", name, at, reading.ways[at], after, before)
			}
		}
	}
}

func TestSettledCreditsAddUpToWhatTheAnswerIsWorth(t *testing.T) {
	t.Parallel()
	r := &Reading{weights: []float64{3, 2, 1}}
	for _, whole := range []float64{0.2, 0.5, 0.9} {
		e := Estimate{Credits: []float64{0.9, 0.4, 0.1}, Claims: []float64{0.9}}
		before := e.sum(r, 0)
		e.settle(r, whole)
		want := stretch*(wholeShare*whole+(1-wholeShare)*before-stretchFrom) + ClaimCost/100.0
		got := (3*e.Credits[0] + 2*e.Credits[1] + e.Credits[2]) / 6
		if want <= 0.98 && (got < want-0.01 || got > want+0.01) {
			t.Errorf("an answer worth %v: the credits %v add up to %.3f, want %.3f", whole, e.Credits, got, want)
		}
		if e.Credits[0] < e.Credits[1] || e.Credits[1] < e.Credits[2] {
			t.Errorf("an answer worth %v: the credits %v changed their order", whole, e.Credits)
		}
	}
}

func TestDecodeRefusesAnotherModel(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../calibration.bin")
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"nothing": nil, "a part": data[:len(data)/2], "more": append(slices.Clone(data), 0)} {
		if _, err := Decode(b); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: error %v, want ErrDamaged", name, err)
		}
	}
}

func TestEveryBandOfScoresHasAnError(t *testing.T) {
	t.Parallel()
	if e := calibrated(t).Errors; slices.Max(e[:]) == 0 || slices.Max(e[:]) > 50 {
		t.Errorf("errors by band %v: want some, and none over half the scale", e)
	}
}

func BenchmarkEstimateOfAPoint(b *testing.B) {
	data, err := os.ReadFile("../calibration.bin")
	if err != nil {
		b.Fatal(err)
	}
	m, err := Decode(data)
	if err != nil {
		b.Fatal(err)
	}
	row := randomRow(rand.New(rand.NewPCG(1, 2)), len(pointFeatures))
	for b.Loop() {
		m.alone.Predict(row)
	}
}
