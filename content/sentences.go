package content

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences splits at stops, semicolons and line ends. A stop ends a sentence
// only before a blank, so that 3.5, node.js and s3.amazonaws.com stay whole.
func Sentences(text string) []string {
	return split(text, func(r rune, rest string) bool {
		switch r {
		case '\n', ';':
			return true
		case '.', '!', '?':
			next, _ := utf8.DecodeRuneInString(rest)
			return rest == "" || unicode.IsSpace(next)
		}
		return false
	})
}

// split cuts text after every rune for which end, told what follows it, is
// true, and drops pieces without a word.
func split(text string, end func(r rune, rest string) bool) []string {
	var out []string
	start := 0
	add := func(to int) {
		if t := strings.TrimSpace(text[start:to]); strings.ContainsFunc(t, isWordRune) {
			out = append(out, t)
		}
		start = to
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		i += size
		if end(r, text[i:]) {
			add(i)
		}
	}
	add(len(text))
	return out
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Chunks joins the sentences of text into pieces of at most maxWords words, so
// that none is longer than an encoder reads. A longer sentence stays whole.
func Chunks(text string, maxWords int) []string {
	var out []string
	n := 0
	for _, s := range Sentences(text) {
		words := len(strings.Fields(s))
		if len(out) == 0 || n+words > maxWords {
			out, n = append(out, s), words
			continue
		}
		out[len(out)-1] += " " + s
		n += words
	}
	return out
}
