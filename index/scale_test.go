//go:build eval

package index

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"viva/content"
	"viva/index/embed"
)

// random is an encoder whose vectors are random but the same for the same text.
type random struct{}

func (random) Name() string { return "random" }

func (random) Knows(string) bool { return true }

func (random) Width() int { return embed.Dim }

func (random) Embed(_ context.Context, texts []string) (embed.Batch, error) {
	var b embed.Batch
	for _, t := range texts {
		key := keyOf(t)
		rng := rand.New(rand.NewPCG(uint64(key[0])<<32|uint64(key[1])<<16|uint64(key[2]), uint64(key[3])<<32|uint64(key[4])))
		v := make([]float32, embed.Dim)
		for i := range v {
			v[i] = float32(rng.NormFloat64())
		}
		b.Vectors = append(b.Vectors, v)
	}
	return b, nil
}

func large(questions int) content.Library {
	rng := rand.New(rand.NewPCG(1, 1))
	text := func(words int) string {
		s := ""
		for range words {
			s += fmt.Sprintf("w%d ", int(rng.ExpFloat64()*800))
		}
		return s
	}
	b := &content.Bank{Name: "large"}
	for i := range questions {
		q := content.Question{Bank: "large", ID: fmt.Sprintf("q-%d", i), Text: text(12), Answer: text(100)}
		for range 3 {
			q.AskedAs = append(q.AskedAs, text(7))
		}
		for j := range 5 {
			q.Points = append(q.Points, content.Point{ID: fmt.Sprint(j), Text: text(14), Weight: 2})
		}
		b.Questions = append(b.Questions, q)
	}
	return content.Library{b}
}

// TestEvalScale opens a bank of 10,000 questions, 100,000 passages, whose vectors
// are made at once, to see what the index itself costs.
func TestEvalScale(t *testing.T) {
	lib, o := large(10_000), Options{Cache: filepath.Join(t.TempDir(), "v.vec")}
	open := func() (*Index, time.Duration) {
		start := time.Now()
		ix, err := Open(t.Context(), lib, random{}, o)
		if err != nil {
			t.Fatal(err)
		}
		return ix, time.Since(start)
	}
	_, built := open()
	ix, reopened := open()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	slowest := time.Duration(0)
	for i := range 10 {
		start := time.Now()
		if _, err := ix.Search(t.Context(), fmt.Sprint("w3 w70 w9 w", i), 5, content.Filter{}); err != nil {
			t.Fatal(err)
		}
		slowest = max(slowest, time.Since(start))
	}
	fmt.Printf("100,000 passages: built without the encoder's time in %.1f s, opened again in %.2f s, searched in %d ms at most, %d MB\n",
		built.Seconds(), reopened.Seconds(), slowest.Milliseconds(), m.HeapAlloc>>20)
	if reopened > 2*time.Second || slowest > 150*time.Millisecond {
		t.Errorf("opened again in %v, searched in %v, want under 2 s and 150 ms", reopened, slowest)
	}
}
