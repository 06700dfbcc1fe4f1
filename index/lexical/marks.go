package lexical

import (
	"unicode"

	"github.com/kljensen/snowball/english"
)

// Span is a part of a text, in bytes: text[From:To].
type Span struct{ From, To int }

// Marks finds the words of text that the query has as well, in any form, or that
// a name in the query stands for; in order, and none twice.
func Marks(text, query string) []Span {
	wanted := map[string]bool{}
	for _, t := range Terms(query) {
		wanted[t.Stem] = true
	}
	var spans []Span
	each(text, func(from, to int) {
		for _, w := range Words(text[from:to]) {
			if !stop[w] && wanted[english.Stem(w, false)] {
				spans = append(spans, Span{from, to})
				return
			}
		}
	})
	return spans
}

// each calls f with the place of every run of letters and digits.
func each(text string, f func(from, to int)) {
	from := -1
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.IsDigit(r)
		if inside && from < 0 {
			from = i
		}
		if !inside && from >= 0 {
			f(from, i)
			from = -1
		}
	}
	if from >= 0 {
		f(from, len(text))
	}
}
