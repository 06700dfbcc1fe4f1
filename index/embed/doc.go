// Package embed turns texts into unit vectors that lie close together when the texts mean the same.
//
// [Encoder] is always there: the sentence encoder all-MiniLM-L6-v2, its weights inside the binary,
// needing no network, no account and no C. What callers need of an encoder they state themselves.
//
// A text takes this way through the Encoder:
//
//	text ─ tokenizer.go ─→ token ids ─ model.go ─→ one row a token ─ pool ─→ one unit vector
//	                                      │
//	             package kernel: products with the int8 panels that weights.go found in minilm.bin
//
// The arithmetic of one text never looks at another text and is never split between goroutines, so a
// text has the same vector, to the last bit, alone or in a batch, on one core or on many. Between
// processors the last bits may differ.
package embed

const (
	// Dim is the width of the built-in encoder's vectors.
	Dim = 384
	// MaxTokens is the longest text the built-in encoder reads, [CLS] and [SEP] included.
	MaxTokens = 256
)

// Batch holds one vector a text, in order, and says which texts were cut.
type Batch struct {
	Vectors [][]float32
	Cut     []Cut // in the order of the texts; nil if all were read to their end
}

// Cut reports that the text at index Text was longer than the model reads: of its Tokens, those past
// Kept did not count.
type Cut struct{ Text, Tokens, Kept int }
