package content

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wrapped is how long a line is, in bytes, that may have been broken for its
// length; the end of a shorter one means something.
const wrapped = 40

// Sentences splits at stops, semicolons and line ends. A stop ends a sentence
// only before a blank, so that 3.5, node.js and s3.amazonaws.com stay whole, and
// a line end does not where a long line goes on with a small letter.
func Sentences(text string) []string {
	return split(text, func(piece, rest string) bool {
		next, _ := utf8.DecodeRuneInString(rest)
		switch piece[len(piece)-1] {
		case ';':
			return true
		case '\n':
			line := piece[strings.LastIndexByte(piece[:len(piece)-1], '\n')+1:]
			return len(line) < wrapped || !unicode.IsLower(next)
		case '.', '!', '?':
			return rest == "" || unicode.IsSpace(next)
		}
		return false
	})
}

// split cuts text wherever end is true of the piece so far and of the rest, and
// drops pieces without a word.
func split(text string, end func(piece, rest string) bool) []string {
	var out []string
	start := 0
	add := func(to int) {
		if t := strings.TrimSpace(text[start:to]); strings.ContainsFunc(t, isWordRune) {
			out = append(out, t)
		}
		start = to
	}
	for i := 0; i < len(text); {
		_, size := utf8.DecodeRuneInString(text[i:])
		i += size
		if end(text[start:i], text[i:]) {
			add(i)
		}
	}
	add(len(text))
	return out
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
