package content

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// How long a line is, in bytes, that may have been broken for its length; the
// end of a shorter one means something. A capital letter often begins a
// sentence, so before one the line must be longer.
const (
	wrappedBeforeSmall   = 40
	wrappedBeforeCapital = 70
)

// Sentences splits at stops, semicolons and line ends. A stop ends a sentence
// only before a blank, so that 3.5, node.js and s3.amazonaws.com stay whole, and
// a line end does not where a long line goes on.
func Sentences(text string) []string {
	var out []string
	start := 0
	for at := range len(text) + 1 {
		if at < len(text) && !endsSentence(text, at) {
			continue
		}
		if t := strings.TrimSpace(text[start:at]); strings.ContainsFunc(t, isWordRune) {
			out = append(out, t)
		}
		start = at
	}
	return out
}

// endsSentence reports whether a sentence ends before text[at].
func endsSentence(text string, at int) bool {
	if at == 0 {
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[at:])
	switch text[at-1] {
	case ';':
		return true
	case '.', '!', '?':
		return unicode.IsSpace(next)
	case '\n':
		line := at - 1 - (strings.LastIndexByte(text[:at-1], '\n') + 1)
		goesOn := unicode.IsLower(next) && line >= wrappedBeforeSmall || unicode.IsUpper(next) && line >= wrappedBeforeCapital
		return !goesOn
	}
	return false
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Chunks joins the sentences of text into pieces of at most maxWords words, so
// that none is longer than an encoder reads. A longer sentence is cut.
func Chunks(text string, maxWords int) []string {
	var short []string
	for _, s := range Sentences(text) {
		for words := strings.Fields(s); len(words) > maxWords; words = words[maxWords:] {
			short = append(short, strings.Join(words[:maxWords], " "))
			s = strings.Join(words[maxWords:], " ")
		}
		short = append(short, s)
	}
	var out []string
	n := 0
	for _, s := range short {
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
