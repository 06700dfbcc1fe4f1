package boost

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// samples are noisy rows whose target rises with the first feature, is a bump
// over the second, and knows nothing of the third.
func samples(n int, seed uint64) []Sample {
	rng := rand.New(rand.NewPCG(seed, 2))
	out := make([]Sample, n)
	for i := range out {
		row := []float64{rng.Float64(), rng.Float64(), rng.Float64()}
		bump := 0.0
		if math.Abs(row[1]-0.5) < 0.2 {
			bump = 1
		}
		out[i] = Sample{Row: row, Target: row[0] + bump + 0.2*rng.NormFloat64(), Weight: 1}
	}
	return out
}

func options() Options {
	return Options{Trees: 100, Depth: 3, Rate: 0.1, MinLeaf: 10, Ridge: 1, Rows: 0.7, Features: 0.7, Monotone: []int{1, 0, 0}, Seed: 7}
}

func TestFitFindsWhatTheTargetDependsOn(t *testing.T) {
	t.Parallel()
	f := Fit(samples(2000, 1), options())
	var wrong, all float64
	for _, s := range samples(500, 9) {
		wrong += (f.Predict(s.Row) - s.Target) * (f.Predict(s.Row) - s.Target)
		all += (s.Target - 0.9) * (s.Target - 0.9)
	}
	if wrong > 0.25*all {
		t.Errorf("%.2f of the variance is left, want a quarter at most: the noise is a sixth", wrong/all)
	}
}

func TestAMonotoneFeatureNeverLowersThePrediction(t *testing.T) {
	t.Parallel()
	f := Fit(samples(500, 3), options())
	rng := rand.New(rand.NewPCG(5, 6))
	for range 5000 {
		row := []float64{rng.Float64(), rng.Float64(), rng.Float64()}
		before := f.Predict(row)
		row[0] += rng.Float64()
		if after := f.Predict(row); after < before-1e-9 {
			t.Fatalf("a higher first feature predicts %v after %v", after, before)
		}
	}
}

func TestFitIsReproducible(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff(Fit(samples(300, 1), options()), Fit(samples(300, 1), options())); diff != "" {
		t.Errorf("two fits of one sample differ (-first +second):\n%s", diff)
	}
}

func TestFitOfNothingPredictsNothing(t *testing.T) {
	t.Parallel()
	if got := Fit(nil, options()).Predict([]float64{1, 2, 3}); got != 0 {
		t.Errorf("Predict = %v, want 0", got)
	}
}

func TestAForestSurvivesStorage(t *testing.T) {
	t.Parallel()
	f := Fit(samples(300, 1), options())
	b, err := f.AppendBinary(nil)
	if err != nil {
		t.Fatal(err)
	}
	got, rest, err := Decode(append(b, "tail"...), 3)
	if err != nil || string(rest) != "tail" {
		t.Fatalf("Decode: rest %q, error %v", rest, err)
	}
	if diff := cmp.Diff(f, got); diff != "" {
		t.Errorf("stored and read (-want +got):\n%s", diff)
	}
	for _, n := range []int{0, 11, 12, 20, len(b) - 1} {
		if _, _, err := Decode(b[:n], 3); !errors.Is(err, ErrDamaged) {
			t.Errorf("the first %d of %d bytes: error %v, want ErrDamaged", n, len(b), err)
		}
	}
	if _, _, err := Decode(b, 1); !errors.Is(err, ErrDamaged) {
		t.Errorf("a forest over more features than there are: error %v, want ErrDamaged", err)
	}
}

func FuzzDecode(f *testing.F) {
	b, err := Fit(samples(50, 1), options()).AppendBinary(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Fuzz(func(_ *testing.T, b []byte) {
		if forest, _, err := Decode(b, 3); err == nil {
			forest.Predict([]float64{0.1, 0.2, 0.3})
		}
	})
}

func BenchmarkPredict(b *testing.B) {
	f := Fit(samples(500, 1), options())
	for b.Loop() {
		f.Predict([]float64{0.3, 0.4, 0.5})
	}
}
