package lexical

import (
	"math"

	"github.com/kljensen/snowball/english"
)

// Field is a part of a document that is ranked by itself.
type Field int

// The fields: the ways in which a document is asked for, and all that it says,
// those included.
const (
	Wordings Field = iota
	Whole
	fields
)

// BM25's constants in each field: how soon saying a term again stops counting,
// and how much a long document is held against it. These did best of a few tried on
// judged queries; others differ by a query in a hundred.
var (
	saturation = [fields]float64{Wordings: 1.2, Whole: 0.3}
	lengthness = [fields]float64{Wordings: 0.5, Whole: 0.3}
)

// standsFor is what a term counts in a query that does not say it, but a name
// that stands for it.
const standsFor = 0.5

// Index ranks documents by the terms that they share with a query, as Okapi BM25
// does (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009). It is
// safe for concurrent use once all documents are added.
type Index struct {
	stems    map[string]int // → place in postings
	postings [][]posting    // of a stem, documents ascending
	lengths  [][fields]float64
	total    [fields]float64   // of lengths
	words    map[string]int    // how often each word is said, for the speller
	stemmed  map[string]string // of words added, which come again and again
}

// posting says how often a document holds a stem.
type posting struct {
	doc    int
	counts [fields]float64
}

// NewIndex returns an index without documents.
func NewIndex() *Index {
	return &Index{stems: map[string]int{}, words: map[string]int{}, stemmed: map[string]string{}}
}

// Len is how many documents there are.
func (x *Index) Len() int { return len(x.lengths) }

// Document is what is indexed: the ways in which it is asked for, and all else.
type Document struct{ Wordings, Rest []string }

// Add adds a document under the next number, from 0. What a name stands for
// counts as if it were said.
func (x *Index) Add(d Document) {
	x.lengths = append(x.lengths, [fields]float64{})
	for _, text := range d.Wordings {
		x.add(text, Wordings, Whole)
	}
	for _, text := range d.Rest {
		x.add(text, Whole)
	}
}

func (x *Index) add(text string, in ...Field) {
	doc := len(x.lengths) - 1
	words := Words(text)
	for _, w := range words {
		x.words[w]++
	}
	for _, t := range terms(text, words, x.stem) {
		place, known := x.stems[t.Stem]
		if !known {
			place = len(x.postings)
			x.stems[t.Stem] = place
			x.postings = append(x.postings, nil)
		}
		of := x.postings[place]
		if len(of) == 0 || of[len(of)-1].doc != doc {
			of = append(of, posting{doc: doc})
			x.postings[place] = of
		}
		for _, f := range in {
			of[len(of)-1].counts[f]++
			x.lengths[doc][f]++
			x.total[f]++
		}
	}
}

func (x *Index) stem(word string) string {
	s, ok := x.stemmed[word]
	if !ok {
		s = english.Stem(word, false)
		x.stemmed[word] = s
	}
	return s
}

// rarity is the weight of a stem: the fewer documents hold it, the more it says.
func (x *Index) rarity(stem string) float64 {
	holding := 0.0
	if place, ok := x.stems[stem]; ok {
		holding = float64(len(x.postings[place]))
	}
	return math.Log(1 + (float64(len(x.lengths))-holding+0.5)/(holding+0.5))
}

// Match is what a query and the documents have in common.
type Match struct {
	Scores [fields][]float64 // of each document, 0 or more
	Terms  int               // how many different ones the query says, known or not
}

// Match compares every document with a query.
func (x *Index) Match(query string) Match {
	var m Match
	for f := range m.Scores {
		m.Scores[f] = make([]float64, len(x.lengths))
	}
	seen := map[string]bool{}
	for _, t := range Terms(query) {
		if seen[t.Stem] {
			continue
		}
		seen[t.Stem] = true
		if t.Spoken {
			m.Terms++
		}
		place, known := x.stems[t.Stem]
		if !known {
			continue
		}
		weight := x.rarity(t.Stem)
		if !t.Spoken {
			weight *= standsFor
		}
		for _, p := range x.postings[place] {
			x.count(&m, p, weight)
		}
	}
	return m
}

// count adds what a posting earns to the scores of its document.
func (x *Index) count(m *Match, p posting, weight float64) {
	for f := range m.Scores {
		if n := p.counts[f]; n > 0 {
			mean := x.total[f] / float64(len(x.lengths)) // not 0, where a document holds a term
			long := 1 - lengthness[f] + lengthness[f]*x.lengths[p.doc][f]/mean
			m.Scores[f][p.doc] += weight * n * (saturation[f] + 1) / (n + saturation[f]*long)
		}
	}
}
