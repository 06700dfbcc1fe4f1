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

func TestEvalScale(t *testing.T) {
	lib, o := large(10_000), Options{Cache: filepath.Join(t.TempDir(), "v.vec")}
	for _, what := range []string{"build", "reopen"} {
		start := time.Now()
		ix, err := Open(t.Context(), lib, random{}, o)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Printf("%s: %v\n", what, time.Since(start))
		for i := range 3 {
			start = time.Now()
			if _, err := ix.Search(t.Context(), fmt.Sprint("w3 w70 w9 ", i), 5, content.Filter{}); err != nil {
				t.Fatal(err)
			}
			fmt.Printf("query: %v\n", time.Since(start))
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		fmt.Printf("memory: %d MB\n", m.HeapAlloc>>20)
		runtime.KeepAlive(ix)
	}
}
