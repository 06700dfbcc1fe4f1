package lexical

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
)

// Span is a part of a text, in bytes: text[From:To].
type Span struct{ From, To int }

// Excerpt is text on one line, a part of it where it is longer than most bytes: the
// part that has most words in common with the query. These are marked.
func Excerpt(text, query string, most int) (excerpt string, marks []Span) {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) <= most {
		return text, Marks(text, query)
	}
	from := densest(Marks(text, query), most)
	const back = 4 // a sentence that begins within a quarter of the excerpt is shown from its beginning
	if at := strings.LastIndex(text[:from], ". "); at >= 0 && from-at < most/back {
		from = at + len(". ")
	}
	end := len(text)
	if from+most < len(text) {
		end = strings.LastIndexByte(text[:from+most], ' ')
	}
	if end <= from { // a script without blanks
		for end = from + most; !utf8.RuneStart(text[end]); end-- {
		}
	}
	excerpt = text[from:end]
	if from > 0 {
		excerpt = "… " + excerpt
	}
	if end < len(text) {
		excerpt += " …"
	}
	return excerpt, Marks(excerpt, query)
}

// densest is where the stretch of most bytes begins that holds most of the marks,
// 0 where there are none.
func densest(marks []Span, most int) int {
	best, from := 0, 0
	for i, m := range marks {
		within := 0
		for _, n := range marks[i:] {
			if n.To <= m.From+most {
				within++
			}
		}
		if within > best {
			best, from = within, m.From
		}
	}
	return from
}

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

// Likeness is how much of two texts' terms are the same, from 0 to 1: twice what
// they share by how many they say (Dice). What a name stands for can be shared, and
// is not counted as said.
func Likeness(a, b []Term) float64 {
	said := 0.0
	had := map[string]bool{}
	for _, t := range a {
		had[t.Stem] = true
		if t.Spoken {
			said++
		}
	}
	shared := 0.0
	for _, t := range b {
		if t.Spoken {
			said++
			if had[t.Stem] {
				shared++
			}
		}
	}
	if said == 0 {
		return 0
	}
	return min(2*shared/said, 1)
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
