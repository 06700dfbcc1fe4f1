package lexical

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"
)

// ErrDamaged reports a file of an index that is cut short, garbled, or of other
// documents or another format than wanted.
var ErrDamaged = errors.New("not the word index of these documents")

// The file form is a line that names format and documents, and then numbers as
// uvarints and texts as their length and bytes:
//
//	documents, and the length of each in each field
//	stems in order; of each its text, its postings, and of each of those how many
//	documents on from the last one, and its counts
//	words in order; of each its text and how often it is said
const fileFormat = "viva words 2 "

// Encode returns the file form. The version names the documents and the encoder
// of their text; equal documents make equal files.
func (x *Index) Encode(version string) []byte {
	out := []byte(fileFormat + version + "\n")
	number := func(n int) { out = binary.AppendUvarint(out, uint64(n)) }
	text := func(s string) { number(len(s)); out = append(out, s...) }
	number(len(x.lengths))
	for _, length := range x.lengths {
		for _, n := range length {
			number(int(n))
		}
	}
	number(len(x.stems))
	for _, stem := range slices.Sorted(maps.Keys(x.stems)) {
		text(stem)
		of := x.postings[x.stems[stem]]
		number(len(of))
		last := 0
		for _, p := range of {
			number(p.doc - last)
			last = p.doc
			for _, n := range p.counts {
				number(int(n))
			}
		}
	}
	number(len(x.words))
	for _, word := range slices.Sorted(maps.Keys(x.words)) {
		text(word)
		number(x.words[word])
	}
	return out
}

// Decode reads the file form of the documents that version names; any fault is
// ErrDamaged.
func Decode(data, version string) (*Index, error) {
	r := reader{rest: data}
	if !r.skip(fileFormat + version + "\n") {
		return nil, ErrDamaged
	}
	x := NewIndex()
	x.lengths = make([][fields]float64, r.count())
	for i := range x.lengths {
		for f := range x.lengths[i] {
			x.lengths[i][f] = float64(r.number())
			x.total[f] += x.lengths[i][f]
		}
	}
	n := r.count()
	x.stems = make(map[string]int, n)
	x.postings = make([][]posting, n)
	for i := range n {
		x.stems[r.text()] = i
		x.postings[i] = r.postings(len(x.lengths))
	}
	n = r.count()
	x.words = make(map[string]int, n)
	for range n {
		word := r.text()
		x.words[word] = r.number()
	}
	if r.bad || r.rest != "" {
		return nil, ErrDamaged
	}
	return x, nil
}

// reader takes a file from its start. After the first fault, which it keeps, all
// is zero.
type reader struct {
	rest string
	bad  bool
}

func (r *reader) skip(start string) bool {
	if len(r.rest) < len(start) || r.rest[:len(start)] != start {
		return false
	}
	r.rest = r.rest[len(start):]
	return true
}

func (r *reader) number() int {
	v, shift := uint64(0), 0
	for i := 0; i < len(r.rest) && shift < 35; i++ {
		b := r.rest[i]
		v |= uint64(b&0x7f) << shift
		if b < 0x80 && v <= math.MaxInt32 {
			r.rest = r.rest[i+1:]
			return int(v)
		}
		shift += 7
	}
	r.fail()
	return 0
}

func (r *reader) fail() { r.rest, r.bad = "", true }

// count is a number of things that follow, of which each takes a byte or more.
func (r *reader) count() int {
	n := r.number()
	if n > len(r.rest) {
		r.fail()
		return 0
	}
	return n
}

// text shares the file's bytes.
func (r *reader) text() string {
	n := r.count()
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) postings(docs int) []posting {
	of := make([]posting, r.count())
	doc := 0
	for i := range of {
		step := r.number()
		doc += step
		if doc >= docs || i > 0 && step == 0 {
			r.fail()
			return nil
		}
		of[i].doc = doc
		for f := range of[i].counts {
			of[i].counts[f] = float64(r.number())
		}
	}
	return of
}
