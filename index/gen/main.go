// Gen embeds every text of the built-in bank and writes index/builtin.vec,
// which the program carries. Run it with go generate ./index, after
// go generate ./content.
package main

import (
	"context"
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
	vectors := index.NewVectors(enc.Name())
	for _, q := range content.Builtin().Questions {
		var texts []string
		for _, p := range q.Passages() {
			texts = append(texts, p.Text)
		}
		batch, err := enc.Embed(ctx, texts)
		if err != nil {
			return err
		}
		if len(batch.Cut) > 0 {
			return fmt.Errorf("question %s: %q is longer than the encoder reads", q.ID, texts[batch.Cut[0].Text])
		}
		for i, text := range texts {
			if err := vectors.Put(text, batch.Vectors[i]); err != nil {
				return err
			}
		}
	}
	data, err := vectors.Encode()
	if err != nil {
		return err
	}
	return os.WriteFile("builtin.vec", data, 0o644)
}
