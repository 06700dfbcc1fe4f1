package embed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

// The shape of all-MiniLM-L6-v2.
const (
	vocabularySize = 30522
	layerCount     = 6
	headCount      = 12
	headDim        = Dim / headCount
	wideDim        = 4 * Dim // between the two halves of a feed-forward block
)

// The weights file, written by gen, is little-endian and has no padding:
//
//	magic       8 bytes
//	length      uint32    of the vocabulary, in bytes
//	sha256      32 bytes  of all that follows the header
//	crc32       uint32    IEEE, of the 44 bytes above
//	vocabulary  a piece a line, in the order of their ids
//	tensors     in the order of parseModel
//
// A vector is float32. A matrix is stored row by row, a row as blocks of a float32 scale and the 64 int8
// values it multiplies. (One scale a row would save a megabyte, but some rows have one value forty times
// the rest: it left short texts at a cosine of 0.996 to the model's vectors, blocks leave them at 0.999.)
const (
	magic       = "MiniLM/1"
	headerSize  = len(magic) + 4 + 32 + 4
	blockValues = 64
	blockSize   = 4 + blockValues
)

// weights is what a weights file holds. The matrices are parts of the file, not copies.
type weights struct {
	sum        [32]byte // names the weights; written by gen, believed here
	vocabulary string
	model      *model
}

// matrix holds the weights of a linear map, a row for each output, as they stand in the file.
type matrix struct {
	rows, cols int
	blocks     []byte
}

// parse reads a weights file. It refuses one of another length than the model needs, or with a damaged
// header, but does not spend the time to check all 24 MB against their sum.
func parse(file []byte) (*weights, error) {
	c := &cursor{rest: file}
	header := c.take(headerSize)
	if c.missing > 0 || string(header[:len(magic)]) != magic {
		return nil, errors.New("not a weights file")
	}
	if crc32.ChecksumIEEE(header[:headerSize-4]) != binary.LittleEndian.Uint32(header[headerSize-4:]) {
		return nil, errors.New("damaged header")
	}
	length := binary.LittleEndian.Uint32(header[len(magic):])
	w := &weights{
		sum:        [32]byte(header[len(magic)+4:]),
		vocabulary: string(c.take(int(length))),
		model:      parseModel(c),
	}
	if want := len(file) - len(c.rest) + c.missing; want != len(file) {
		return nil, fmt.Errorf("%d bytes, want %d", len(file), want)
	}
	return w, nil
}

func parseModel(c *cursor) *model {
	m := &model{
		words:     c.matrix(vocabularySize, Dim),
		positions: c.matrix(MaxTokens, Dim),
		norm:      c.norm(),
	}
	for i := range m.layers {
		m.layers[i] = layer{
			query:     c.linear(Dim, Dim),
			key:       c.linear(Dim, Dim),
			value:     c.linear(Dim, Dim),
			join:      c.linear(Dim, Dim),
			joinNorm:  c.norm(),
			widen:     c.linear(wideDim, Dim),
			narrow:    c.linear(Dim, wideDim),
			finalNorm: c.norm(),
		}
	}
	return m
}

// cursor reads a file from its start. Past the end it gives zeros, and counts them in missing, so that
// one check at the end will do.
type cursor struct {
	rest    []byte
	missing int
}

func (c *cursor) take(n int) []byte {
	if n > len(c.rest) {
		c.missing += n - len(c.rest)
		c.rest = nil
		return make([]byte, n)
	}
	taken := c.rest[:n:n]
	c.rest = c.rest[n:]
	return taken
}

func (c *cursor) vector(n int) []float32 {
	raw := c.take(4 * n)
	v := make([]float32, n)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return v
}

func (c *cursor) matrix(rows, cols int) matrix {
	return matrix{rows: rows, cols: cols, blocks: c.take(rows * cols / blockValues * blockSize)}
}

func (c *cursor) linear(rows, cols int) linear {
	return linear{weight: c.matrix(rows, cols), bias: c.vector(rows)}
}

func (c *cursor) norm() layerNorm {
	return layerNorm{gain: c.vector(Dim), bias: c.vector(Dim)}
}
