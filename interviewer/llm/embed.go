package llm

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/sashabaranov/go-openai"
)

const (
	embedBatch     = 64 // texts in one request
	embedCapFactor = 16 // 64 vectors of 4,096 numbers in decimal are some 6 MB
)

// Embed gives each text its vector, in the order asked and of unit length. It
// errs when the endpoint gives other than one usable vector a text, all of one
// dimension.
func (c *Client) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, 0, len(texts))
	for batch := range slices.Chunk(texts, embedBatch) {
		err := c.do(ctx, c.total, func(ctx context.Context) error {
			got, err := c.embed(ctx, batch)
			vectors = append(vectors, got...)
			return err
		})
		if err != nil {
			return nil, err
		}
		if got := vectors[len(vectors)-1]; len(got) != len(vectors[0]) {
			return nil, c.explain(ctx, oddVectors("of differing dimensions"))
		}
	}
	return vectors, nil
}

// embed is one request.
func (c *Client) embed(ctx context.Context, texts []string) ([][]float32, error) {
	out, err := c.bulk.CreateEmbeddings(ctx, openai.EmbeddingRequestStrings{
		Input: texts, Model: openai.EmbeddingModel(c.model),
	})
	if err != nil {
		return nil, err
	}
	if len(out.Data) != len(texts) {
		return nil, oddVectors(fmt.Sprintf("%d for %d texts", len(out.Data), len(texts)))
	}
	vectors := make([][]float32, len(texts))
	for _, d := range out.Data {
		if d.Index < 0 || d.Index >= len(texts) || vectors[d.Index] != nil {
			return nil, oddVectors("with a wrong or doubled index")
		}
		if len(d.Embedding) != len(out.Data[0].Embedding) {
			return nil, oddVectors("of differing dimensions")
		}
		if !normalise(d.Embedding) {
			return nil, oddVectors("without a direction")
		}
		vectors[d.Index] = d.Embedding
	}
	return vectors, nil
}

func oddVectors(what string) error {
	return &Error{Kind: ErrNotProtocol, Detail: "embeddings " + what}
}

// normalise gives v unit length. It is false, and v unchanged, for an empty or
// zero vector.
func normalise(v []float32) bool {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if sum == 0 {
		return false
	}
	length := math.Sqrt(sum)
	for i := range v {
		v[i] = float32(float64(v[i]) / length)
	}
	return true
}
