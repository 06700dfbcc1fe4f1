package llm_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"viva/interviewer/llm"
	"viva/interviewer/llm/llmtest"
)

func TestEmbedKeepsTheOrderAndUnitLength(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t)
	client := connect(t, llm.Options{BaseURL: srv.URL})
	texts := make([]string, 150) // more than two batches
	for i := range texts {
		texts[i] = fmt.Sprintf("text number %d and so on", i)
	}
	got, err := client.Embed(t.Context(), texts)
	if err != nil || len(got) != len(texts) {
		t.Fatalf("Embed = %d vectors, %v, want %d", len(got), err, len(texts))
	}
	for i, v := range got {
		alone, err := client.Embed(t.Context(), texts[i:i+1])
		if err != nil {
			t.Fatal(err)
		}
		if d := dot(v, alone[0]); math.Abs(d-1) > 1e-5 {
			t.Errorf("vector %d times itself = %v, want 1", i, d)
		}
	}
}

func dot(a, b []float32) (sum float64) {
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func TestEmbedSortsByIndex(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t)
	srv.On("/embeddings", llmtest.Reply{
		Body: `{"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[3,0]}]}`,
	})
	got, err := connect(t, llm.Options{BaseURL: srv.URL}).Embed(t.Context(), []string{"a", "b"})
	if err != nil || got[0][0] != 1 || got[1][1] != 1 {
		t.Errorf("Embed = %v, %v, want [1 0] and [0 1]", got, err)
	}
}

func TestEmbedRefusesOddVectors(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"too few":      `{"data":[{"index":0,"embedding":[1,2]}]}`,
		"doubled":      `{"data":[{"index":0,"embedding":[1,2]},{"index":0,"embedding":[1,2]}]}`,
		"out of range": `{"data":[{"index":0,"embedding":[1,2]},{"index":2,"embedding":[1,2]}]}`,
		"negative":     `{"data":[{"index":0,"embedding":[1,2]},{"index":-1,"embedding":[1,2]}]}`,
		"uneven":       `{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1]}]}`,
		"zero":         `{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[0,0]}]}`,
		"empty":        `{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}`,
		"huge":         `{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1e99,0]}]}`,
		"no data":      `{"object":"list"}`,
	} {
		srv := llmtest.New(t)
		srv.On("/embeddings", llmtest.Reply{Body: body})
		got, err := connect(t, llm.Options{BaseURL: srv.URL}).Embed(t.Context(), []string{"a", "b"})
		if !errors.Is(err, llm.ErrNotProtocol) || got != nil {
			t.Errorf("%s: Embed = %v, %v, want ErrNotProtocol", name, got, err)
		}
	}
}

func TestEmbedOfNothingAsksNothing(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t)
	got, err := connect(t, llm.Options{BaseURL: srv.URL}).Embed(t.Context(), nil)
	if err != nil || len(got) != 0 || len(srv.Requests()) != 0 {
		t.Errorf("Embed(nil) = %v, %v after %d requests, want nothing", got, err, len(srv.Requests()))
	}
}

func TestEmbedAllowsLargeBodies(t *testing.T) {
	t.Parallel()
	numbers := strings.TrimSuffix(strings.Repeat("0.0123456789012345678,", 100_000), ",")
	srv := llmtest.New(t)
	srv.On("/embeddings", llmtest.Reply{Body: `{"data":[{"index":0,"embedding":[` + numbers + `]}]}`})
	got, err := connect(t, llm.Options{BaseURL: srv.URL}).Embed(t.Context(), []string{"a"})
	if err != nil || len(got) != 1 {
		t.Errorf("Embed of a body of 2 MB: %v, want it accepted", err)
	}
}
