package embed

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"

	"viva/index/embed/kernel"
)

// The shape of all-MiniLM-L6-v2.
const (
	vocabularySize = 30522
	layerCount     = 6
	headCount      = 12
	headDim        = Dim / headCount
	askDim         = 3 * Dim // a query, a key and a value
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
// A vector is float32. Of a matrix, 64 values share a float32 scale that multiplies them, each an int8.
// (One scale a row would save a megabyte, but some rows have one value forty times the rest: it left
// short texts at a cosine of 0.996 to the model's vectors, blocks leave them at 0.999.) Tables of which
// a text takes single rows are stored row by row, a row as blocks of a scale and its values; the matrices
// that rows are multiplied with in the order in which package kernel reads them. What makes a query, a
// key and a value of a row is one matrix.
const (
	magic       = "MiniLM/2"
	headerSize  = len(magic) + 4 + 32 + 4
	blockValues = 64
	blockSize   = 4 + blockValues
	rowSize     = Dim / blockValues * blockSize // of a table
)

// weights is what a weights file holds. Tables and matrices are parts of the file, not copies.
type weights struct {
	sum        [32]byte // names the weights; written by gen, believed here
	vocabulary string
	model      *model
}

// table holds rows of Dim values, as they stand in the file.
type table []byte

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
		words:     c.table(vocabularySize),
		positions: c.table(MaxTokens),
		norm:      c.norm(),
	}
	for i := range m.layers {
		m.layers[i] = layer{
			ask:       c.linear(Dim, askDim),
			join:      c.linear(Dim, Dim),
			joinNorm:  c.norm(),
			widen:     c.linear(Dim, wideDim),
			narrow:    c.linear(wideDim, Dim),
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

func (c *cursor) table(rows int) table {
	return c.take(rows * rowSize)
}

func (c *cursor) linear(inputs, outputs int) kernel.Linear {
	return kernel.Linear{
		Inputs: inputs, Outputs: outputs,
		Packed: c.take(kernel.PackedSize(inputs, outputs)),
		Bias:   c.vector(outputs),
	}
}

func (c *cursor) norm() kernel.Norm {
	return kernel.Norm{Gain: c.vector(Dim), Bias: c.vector(Dim)}
}
