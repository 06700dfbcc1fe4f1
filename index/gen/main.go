// Gen embeds every text of the built-in bank and writes index/builtin.vec,
// which the program carries. Run it with go generate ./index, after
// go generate ./content. Vectors that the file already holds are kept, so that a
// changed entry takes a second and not the whole bank's four minutes.
package main

import (
	"context"
	"fmt"
	"os"

	"viva/content"
	"viva/index"
	"viva/index/embed"
)

// path is the file, seen from the folder index.
const path = "builtin.vec"

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
	known := index.NewVectors(enc.Name())
	if file, err := os.ReadFile(path); err == nil {
		if v, err := index.DecodeVectors(file, enc.Name()); err == nil {
			known = v
		}
	}
	vectors := index.NewVectors(enc.Name())
	for _, q := range content.Builtin().Questions {
		if err := add(ctx, vectors, known, enc, q); err != nil {
			return fmt.Errorf("question %s: %w", q.ID, err)
		}
	}
	data, err := vectors.Encode()
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

// add puts the vectors of q's texts into vectors, from known where it has them.
func add(ctx context.Context, vectors, known *index.Vectors, enc *embed.Encoder, q content.Question) error {
	var missing []string
	for _, p := range q.Passages() {
		v := known.Get(p.Text)
		if v == nil {
			missing = append(missing, p.Text)
		} else if err := vectors.Put(p.Text, v); err != nil {
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
