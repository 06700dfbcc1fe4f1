package index

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"viva/index/embed"
)

// layout names how passages are made of a question. It changes when they do.
const layout = "passages-2"

// ErrForeign reports a vectors file of another encoder, layout or format: its
// vectors cannot be compared with ours.
var ErrForeign = errors.New("the vectors were made by another encoder or layout")

// ErrDamaged reports a vectors file that is cut short or garbled.
var ErrDamaged = errors.New("the vectors file is damaged")

// Encoder turns texts into unit vectors. Its name changes whenever its vectors do.
type Encoder interface {
	Name() string
	Embed(ctx context.Context, texts []string) (embed.Batch, error)
	Width() int             // how many numbers a vector has
	Knows(word string) bool // whether a word is so common that it is no slip of the pen
}

// Vectors maps texts to their unit vectors, kept as int8: a quarter of the
// size, and cosines within 0.002. No scale is kept, since what is read is made
// unit length again.
//
// The file form is a line of JSON, the manifest, and then a row a text: the
// first eight bytes of the text's sha256 and the int8 values. Rows are sorted
// by key, so that equal contents make equal files.
type Vectors struct {
	manifest manifest
	file     []byte             // the sorted rows of the file read, if any
	added    map[textKey][]byte // int8 values of what was put since
}

type manifest struct {
	Format int    `json:"format"`
	Model  string `json:"model"`
	Layout string `json:"layout"`
	Dim    int    `json:"dim"`
	Rows   int    `json:"rows"`
	CRC    uint32 `json:"crc"` // IEEE, of the rows
}

const vectorsFormat = 2

type textKey [8]byte

func keyOf(text string) textKey {
	sum := sha256.Sum256([]byte(text))
	return textKey(sum[:8])
}

// NewVectors returns an empty set for the vectors of the named model.
func NewVectors(model string) *Vectors {
	return &Vectors{manifest: manifest{Format: vectorsFormat, Model: model, Layout: layout}, added: map[textKey][]byte{}}
}

// DecodeVectors reads the file form; the result refers to data. A file made for
// a model of another name is ErrForeign.
func DecodeVectors(data []byte, model string) (*Vectors, error) {
	head, body, ok := bytes.Cut(data, []byte("\n"))
	var m manifest
	if !ok || json.Unmarshal(head, &m) != nil {
		return nil, ErrDamaged
	}
	if m.Format != vectorsFormat || m.Model != model || m.Layout != layout {
		return nil, fmt.Errorf("%w: %s, %s; this program has %s, %s", ErrForeign, m.Model, m.Layout, model, layout)
	}
	size := len(textKey{}) + m.Dim
	if m.Dim < 1 || m.Dim > maxWidth || len(body)%size != 0 || len(body)/size != m.Rows || crc32.ChecksumIEEE(body) != m.CRC {
		return nil, ErrDamaged
	}
	return &Vectors{manifest: m, file: body, added: map[textKey][]byte{}}, nil
}

// maxWidth is more numbers than the vectors of any encoder have.
const maxWidth = 1 << 16

// fits reports whether the vectors are as wide as an encoder's, or none.
func (v *Vectors) fits(width int) bool { return v.manifest.Dim == width || v.Len() == 0 }

// at is the place of text's row in the file read, -1 when it is not there.
func (v *Vectors) at(text string) int { return v.place(keyOf(text)) }

func (v *Vectors) place(key textKey) int {
	size := len(key) + v.manifest.Dim
	n := len(v.file) / size
	i := sort.Search(n, func(i int) bool { return bytes.Compare(v.file[i*size:i*size+len(key)], key[:]) >= 0 })
	if i == n || !bytes.Equal(v.file[i*size:i*size+len(key)], key[:]) {
		return -1
	}
	return i
}

// row is the int8 values of row i of the file read.
func (v *Vectors) row(i int) []byte {
	size := len(textKey{}) + v.manifest.Dim
	return v.file[i*size+len(textKey{}) : (i+1)*size]
}

// cosines gives the cosine of a unit vector with each row of the file read.
func (v *Vectors) cosines(vector []float32) []float32 {
	size := len(textKey{}) + v.manifest.Dim
	all := make([]float32, len(v.file)/size)
	if len(all) > 0 {
		embed.Cosines(all, vector, v.file[len(textKey{}):], size)
	}
	return all
}

// settled is v with what was put since moved into its file form.
func (v *Vectors) settled() (*Vectors, error) {
	if len(v.added) == 0 {
		return v, nil
	}
	data, err := v.Encode()
	if err != nil {
		return nil, err
	}
	return DecodeVectors(data, v.manifest.Model)
}

// Encode returns the file form.
func (v *Vectors) Encode() ([]byte, error) {
	var rows [][]byte // of both kinds, key and values
	for k, values := range v.added {
		rows = append(rows, append(k[:], values...))
	}
	for row := range slices.Chunk(v.file, len(textKey{})+v.manifest.Dim) {
		if _, again := v.added[textKey(row[:8])]; !again {
			rows = append(rows, row)
		}
	}
	slices.SortFunc(rows, func(a, b []byte) int { return bytes.Compare(a[:8], b[:8]) })
	sum := crc32.NewIEEE()
	for _, row := range rows {
		sum.Write(row)
	}
	m := v.manifest
	m.Rows, m.CRC = len(rows), sum.Sum32()
	head, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	out := append(head, '\n')
	for _, row := range rows {
		out = append(out, row...)
	}
	return out, nil
}

// Put keeps the vector of text.
func (v *Vectors) Put(text string, vector []float32) error {
	if v.manifest.Dim == 0 {
		v.manifest.Dim = len(vector)
	}
	if len(vector) != v.manifest.Dim {
		return fmt.Errorf("a vector of %d numbers among vectors of %d", len(vector), v.manifest.Dim)
	}
	top := 0.0
	for _, x := range vector {
		top = max(top, math.Abs(float64(x)))
	}
	if !(top > 0) || math.IsInf(top, 0) {
		return fmt.Errorf("the vector of %.40q has no direction", text)
	}
	row := make([]byte, len(vector))
	for i, x := range vector {
		row[i] = byte(int8(math.RoundToEven(127 * float64(x) / top)))
	}
	v.added[keyOf(text)] = row
	return nil
}

// Get returns the unit vector of text, or nil when it is not there.
func (v *Vectors) Get(text string) []float32 {
	key := keyOf(text)
	if row, ok := v.added[key]; ok {
		return unit(row)
	}
	if i := v.place(key); i >= 0 {
		return unit(v.row(i))
	}
	return nil
}

// unit expands a row to a vector of length one; one of zeros has none.
func unit(row []byte) []float32 {
	out := make([]float32, len(row))
	for i, b := range row {
		out[i] = float32(int8(b))
	}
	norm := float32(math.Sqrt(float64(embed.Dot(out, out))))
	if norm == 0 {
		return nil
	}
	for i := range out {
		out[i] /= norm
	}
	return out
}

// Len is how many vectors there are.
func (v *Vectors) Len() int {
	n := len(v.file) / (len(textKey{}) + v.manifest.Dim)
	for key := range v.added {
		if v.place(key) < 0 {
			n++
		}
	}
	return n
}

// readVectors reads the cache file at path. One that is missing, unreadable,
// damaged or another encoder's gives an empty set: its vectors are made again.
func readVectors(path string, enc Encoder) *Vectors {
	data, err := os.ReadFile(path)
	if err != nil {
		return NewVectors(enc.Name())
	}
	v, err := DecodeVectors(data, enc.Name())
	if err != nil || !v.fits(enc.Width()) {
		return NewVectors(enc.Name())
	}
	return v
}

// write replaces the file at path as a whole, so that a reader or a kill in
// between meets the old file or the new one.
func (v *Vectors) write(path string) error {
	data, err := v.Encode()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(tmp.Name()) }() // gone already when all went well
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Sync()
	}
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
