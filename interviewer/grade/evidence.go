package grade

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What counts as evidence.
const (
	quoteMin     = 2   // words of a quote,
	quoteLetters = 4   // or letters in a script without blanks
	quoteGap     = 200 // bytes that an ellipsis may leave out
)

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// fold makes texts comparable: small letters, one kind of quote and dash, no
// markup signs, single blanks.
func fold(s string) string {
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

// tokens returns the folded words of s, without punctuation.
func tokens(s string) []string {
	return strings.FieldsFunc(fold(s), func(r rune) bool { return !isWordRune(r) })
}

// contentWords returns what is left of s without the words that only hold a sentence
// together.
func contentWords(s string) []string {
	var out []string
	for _, t := range tokens(s) {
		if !glue[t] {
			out = append(out, t)
		}
	}
	return out
}

// evidence checks quotes against one answer.
type evidence struct {
	answer   string          // folded
	question map[string]bool // its words
}

func newEvidence(question, answer string) evidence {
	e := evidence{answer: fold(answer), question: map[string]bool{}}
	for _, t := range tokens(question) {
		e.question[t] = true
	}
	return e
}

// holds reports whether the quote stands in the answer, is long enough to mean
// something, and is more than the question said back. A model may shorten a
// quote with an ellipsis: then its pieces must stand there in order and close
// together, without a negation in what is left out.
func (e evidence) holds(quote string) bool {
	rest, first := e.answer, true
	for _, piece := range strings.FieldsFunc(strings.ReplaceAll(quote, "...", "…"), func(r rune) bool { return r == '…' }) {
		piece = strings.Trim(fold(piece), " .,;:!?()[]")
		from, to := findWords(rest, piece)
		if from < 0 || !first && (from > quoteGap || negation.MatchString(rest[:from])) {
			return false
		}
		rest, first = rest[to:], false
	}
	if len(tokens(quote)) < quoteMin && foreignLetters(quote) < quoteLetters {
		return false
	}
	for _, w := range contentWords(quote) {
		if !e.question[w] {
			return true
		}
	}
	return false
}

var negation = regexp.MustCompile(`\b(not|no|never|without|cannot|cant|dont|doesnt|isnt|wont)\b`)

// findWords finds piece in text where it begins and ends with a whole word;
// -1 when it stands nowhere.
func findWords(text, piece string) (from, to int) {
	if piece == "" {
		return -1, -1
	}
	for start := 0; ; {
		i := strings.Index(text[start:], piece)
		if i < 0 {
			return -1, -1
		}
		from, to = start+i, start+i+len(piece)
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if !latinWord(before) && !latinWord(after) {
			return from, to
		}
		_, size := utf8.DecodeRuneInString(text[from:])
		start = from + size
	}
}

// latinWord reports a letter or digit of a script that sets blanks.
func latinWord(r rune) bool { return unicode.IsDigit(r) || unicode.Is(unicode.Latin, r) }

// glue lists the words that carry no fact.
var glue = wordSet(`a about above after again all also although am an and any are as at be because been
	before being but by can could did do does doing down each else even every few for from further get gets
	had has have having he her here him his how i if in into is it its itself just like make makes many may me
	might more most much must my no nor not now of off on once one only or other our out over own per rather
	same she should so some such than that the their them then there these they thing things this those
	through to too under until up us use used uses using very was way we well were what when where which
	while who why will with within without would you your`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}
