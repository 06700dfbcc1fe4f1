// Gen makes what the program carries for a search of the built-in bank, in the
// folder index: builtin.vec, the vectors of all its texts, builtin.words, what its
// texts say, and ranking.json, the weights fitted to the tuning half of the judged
// queries. Run it with go generate ./index, after go generate ./content. Vectors
// that the file already holds are kept, so that a changed entry takes a second and
// not the whole bank's minute.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"viva/content"
	"viva/index"
	"viva/index/embed"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "index/gen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	enc, err := embed.New()
	if err != nil {
		return err
	}
	bank, outside := content.Builtin(), content.Outside()
	words := index.BuiltinWords(bank, outside)
	if err := os.WriteFile("builtin.words", words, 0o644); err != nil {
		return err
	}
	vectors, err := vectorsOf(ctx, enc, bank, outside)
	if err != nil {
		return err
	}
	if err := os.WriteFile("builtin.vec", vectors, 0o644); err != nil {
		return err
	}
	return fit(ctx, enc, index.Options{Vectors: vectors, Words: string(words)})
}

// vectorsOf embeds every text of the bank and of the subjects outside it.
func vectorsOf(ctx context.Context, enc *embed.Encoder, bank *content.Bank, outside []content.Subject) ([]byte, error) {
	known := index.NewVectors(enc.Name())
	if file, err := os.ReadFile("builtin.vec"); err == nil {
		if v, err := index.DecodeVectors(file, enc.Name()); err == nil {
			known = v
		}
	}
	vectors := index.NewVectors(enc.Name())
	for _, q := range bank.Questions {
		var texts []string
		for _, p := range q.Passages() {
			texts = append(texts, p.Text)
		}
		if err := add(ctx, vectors, known, enc, texts); err != nil {
			return nil, fmt.Errorf("question %s: %w", q.ID, err)
		}
	}
	for _, s := range outside {
		if err := add(ctx, vectors, known, enc, s.Wordings); err != nil {
			return nil, fmt.Errorf("subject %s: %w", s.Name, err)
		}
	}
	return vectors.Encode()
}

// add puts the vectors of texts into vectors, from known where it has them.
func add(ctx context.Context, vectors, known *index.Vectors, enc *embed.Encoder, texts []string) error {
	var missing []string
	for _, t := range texts {
		v := known.Get(t)
		if v == nil {
			missing = append(missing, t)
		} else if err := vectors.Put(t, v); err != nil {
			return err
		}
	}
	batch, err := enc.Embed(ctx, missing)
	if err != nil {
		return err
	}
	if len(batch.Cut) > 0 {
		return fmt.Errorf("%q is longer than the encoder reads", missing[batch.Cut[0].Text])
	}
	for i, text := range missing {
		if err := vectors.Put(text, batch.Vectors[i]); err != nil {
			return err
		}
	}
	return nil
}

// fit writes the weights that fit the tuning half of the judged queries.
func fit(ctx context.Context, enc *embed.Encoder, o index.Options) error {
	all, err := index.ReadJudged("testdata/queries.jsonl")
	if err != nil {
		return err
	}
	var tuning []index.Judged
	for _, j := range all {
		if j.Tuning() {
			tuning = append(tuning, j)
		}
	}
	ix, err := index.Open(ctx, content.Library{content.Builtin()}, enc, o)
	if err != nil {
		return err
	}
	ranking, err := ix.Fit(ctx, tuning)
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(ranking, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile("ranking.json", append(data, '\n'), 0o644)
}
