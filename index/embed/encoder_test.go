package embed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"viva/index/embed/kernel"
)

var shared = sync.OnceValues(New)

// encoder gives the one Encoder of these tests.
func encoder(t testing.TB) *Encoder {
	t.Helper()
	e, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// golden reads a file of testdata.
func golden[T any](t *testing.T, name string) (entries []T) {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &entries); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return entries
}

func TestVectorsAreThoseOfTheModel(t *testing.T) {
	entries := golden[struct {
		Text   string
		Vector []float32
	}](t, "reference.json")
	texts := make([]string, len(entries))
	for i, entry := range entries {
		texts[i] = entry.Text
	}
	batch, err := encoder(t).Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	var lowest float32 = 1
	for i, entry := range entries {
		cosine := Dot(batch.Vectors[i], entry.Vector)
		if !(cosine > 0.999) {
			t.Errorf("cosine of the vector of %.60q and the model's = %v, want > 0.999", entry.Text, cosine)
		}
		lowest = min(lowest, cosine)
	}
	t.Logf("lowest cosine of %d: %.5f", len(entries), lowest)
}

func TestAllLevelsGiveTheSameVectors(t *testing.T) {
	texts := []string{"", "lambda cold start", strings.Repeat("long and longer ", 30), strings.Repeat("word ", 400)}
	var want [][]float32
	for _, level := range kernel.Levels() {
		e, err := open(minilm, level)
		if err != nil {
			t.Fatal(err)
		}
		batch, err := e.Embed(t.Context(), texts)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = batch.Vectors
		}
		if diff := cmp.Diff(want, batch.Vectors, cmpopts.EquateApprox(0, 1e-4)); diff != "" {
			t.Errorf("vectors of %v (-best +got):\n%s", level, diff)
		}
	}
}

func TestEveryTextHasAUnitVector(t *testing.T) {
	texts := []string{
		"", " \n\t ", "\x00", "\xff\xfe", "\u0301", "[PAD]", "[CLS][SEP]", "word", strings.Repeat("word ", 400),
	}
	batch, err := encoder(t).Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range batch.Vectors {
		if length := math.Sqrt(float64(Dot(v, v))); len(v) != Dim || !(math.Abs(length-1) < 1e-5) {
			t.Errorf("vector of %.20q has %d columns and length %v, want %d and 1", texts[i], len(v), length, Dim)
		}
	}
	if diff := cmp.Diff(batch.Vectors[0], batch.Vectors[1]); diff != "" {
		t.Errorf("white space has another vector than no text (-none +white):\n%s", diff)
	}
}

func TestATextHasTheSameVectorInAnyCompany(t *testing.T) {
	texts := []string{
		"lambda cold start", "a", strings.Repeat("long and longer ", 30), "OOMKilled", "", "lambda cold start",
	}
	var alone [][]float32
	for _, text := range texts {
		batch, err := encoder(t).Embed(t.Context(), []string{text})
		if err != nil {
			t.Fatal(err)
		}
		alone = append(alone, batch.Vectors...)
	}
	for _, cores := range []int{1, 4} {
		previous := runtime.GOMAXPROCS(cores)
		batch, err := encoder(t).Embed(t.Context(), texts)
		runtime.GOMAXPROCS(previous)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(alone, batch.Vectors); diff != "" {
			t.Errorf("on %d cores, in a batch (-alone +together):\n%s", cores, diff)
		}
	}
}

func TestLongTextsAreReportedCut(t *testing.T) {
	word := func(n int) string { return strings.Repeat("word ", n) }
	texts := []string{word(3), word(MaxTokens - 1), word(MaxTokens - 2), word(1000)}
	batch, err := encoder(t).Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	want := []Cut{{Text: 1, Tokens: 257, Kept: 256}, {Text: 3, Tokens: 1002, Kept: 256}}
	if diff := cmp.Diff(want, batch.Cut); diff != "" {
		t.Errorf("Cut (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(batch.Vectors[1], batch.Vectors[3]); diff != "" {
		t.Errorf("what was cut made a difference:\n%s", diff)
	}
	if got := encoder(t).Tokens(texts[3]); got != 1002 {
		t.Errorf("Tokens = %d, want 1002", got)
	}
}

func TestNoTextsGiveAnEmptyBatch(t *testing.T) {
	batch, err := encoder(t).Embed(t.Context(), nil)
	if err != nil || len(batch.Vectors) != 0 || batch.Cut != nil {
		t.Errorf("Embed(nil) = %v, %v, want nothing", batch, err)
	}
}

func TestEmbedStopsWhenTold(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	batch, err := encoder(t).Embed(ctx, []string{"a", "b", "c"})
	if !errors.Is(err, context.Canceled) || batch.Vectors != nil {
		t.Errorf("Embed after cancel = %v, %v, want no vectors and context.Canceled", batch, err)
	}
	if v := encoder(t).model.vector(ctx, []int32{startID, endID}); v != nil {
		t.Errorf("vector after cancel = %v, want nil", v)
	}
}

func TestUseFromManyGoroutines(t *testing.T) {
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if _, err := encoder(t).Embed(t.Context(), []string{"one", "two"}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEmbed(b *testing.B) {
	for _, level := range kernel.Levels() {
		e, err := open(minilm, level)
		if err != nil {
			b.Fatal(err)
		}
		for _, text := range []string{"how do i avoid a lambda cold start in production", strings.Repeat("word ", 126)} {
			b.Run(fmt.Sprintf("%v/%d", level, e.Tokens(text)), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := e.Embed(b.Context(), []string{text}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
