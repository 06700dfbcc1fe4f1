// Package words reads an answer as text: its words, its clauses, the language it
// is in and the words it misspells. It knows nothing of points or grades.
package words

import (
	"strings"
	"unicode"
)

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Fold makes texts comparable: small letters, one kind of quote and dash, no
// markup signs, single blanks.
func Fold(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '’', '‘', '`', '´', '“', '”', '"', '\'', '*', '_':
			return -1
		case '–', '—', '‑':
			return '-'
		}
		return unicode.ToLower(r)
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// Tokens returns the folded words of s, without punctuation.
func Tokens(s string) []string {
	return strings.FieldsFunc(Fold(s), func(r rune) bool { return !isWordRune(r) })
}

// Content returns what is left of s without the words that only hold a sentence
// together.
func Content(s string) []string {
	var out []string
	for _, t := range Tokens(s) {
		if !glue[t] {
			out = append(out, t)
		}
	}
	return out
}

// Of is the set of a text's
func Of(text string) map[string]bool {
	set := map[string]bool{}
	for _, t := range Tokens(text) {
		set[t] = true
	}
	return set
}

// IsGlue reports a word that carries no fact.
func IsGlue(w string) bool { return glue[w] }

// glue lists the words that carry no fact.
var glue = Set(`a about above after again all also although am an and any are as at be because been
	before being but by can could did do does doing down each else even every few for from further get gets
	had has have having he her here him his how i if in into is it its itself just like make makes many may me
	might more most much must my no nor not now of off on once one only or other our out over own per rather
	same she should so some such than that the their them then there these they thing things this those
	through to too under until up us use used uses using very was way we well were what when where which
	while who why will with within without would you your`)

// Set returns the blank-separated words of list as a set.
func Set(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}
