package words

import (
	"strings"
	"unicode"

	"viva/content"
)

// Lengths of a clause, in words, and how many are looked at.
const (
	clauseMin  = 3  // a shorter piece joins its neighbour
	clauseMax  = 24 // a longer one is split, as speech recognition gives no stops
	clauseStep = 12 // into overlapping windows that begin so far apart

	clausesMost = 300 // of an answer; nobody says more aloud
)

// Clause is a piece of an answer that is compared with wordings.
type Clause struct {
	Text     string // a substring of the answer, so it can be quoted
	Sentence int    // which sentence it stands in, from 0
	Split    bool   // its parts follow as clauses of their own
}

// Clauses splits an answer into sentences, the parts of long sentences, and
// windows over text that has no stops at all. None comes twice.
func Clauses(answer string) []Clause {
	var out []Clause
	seen := map[string]bool{}
	for n, sentence := range content.Sentences(answer) {
		parts := subclauses(sentence)
		if len(parts) == 1 {
			parts = nil
		}
		for i, c := range append([]string{sentence}, parts...) {
			if !seen[c] && len(out) < clausesMost {
				seen[c] = true
				out = append(out, Clause{Text: c, Sentence: n, Split: i == 0 && len(parts) > 0})
			}
		}
	}
	return out
}

// subclauses splits a sentence at commas, colons, dashes and conjunctions into
// parts of at least clauseMin words, and what is still long into windows.
func subclauses(sentence string) []string {
	var out []string
	for _, part := range merge(sentence, cutAtWords(sentence)) {
		out = append(out, windows(part)...)
	}
	return out
}

var conjunctions = map[string]bool{
	"and": true, "but": true, "because": true, "while": true, "whereas": true, "so": true,
	"which": true, "then": true, "although": true, "however": true, "otherwise": true,
}

// span is a half-open byte range of a text.
type span struct{ from, to int }

// cutAtWords cuts before conjunctions and after words that end in a comma,
// colon or dash.
func cutAtWords(s string) (cuts []span) {
	start := 0
	for _, w := range words(s) {
		word := s[w.from:w.to]
		if conjunctions[strings.ToLower(strings.Trim(word, ",:-–—("))] && w.from > start {
			cuts = append(cuts, span{start, w.from})
			start = w.from
		}
		if strings.ContainsAny(word[len(word)-1:], ",:") || word == "-" || word == "–" || word == "—" {
			cuts = append(cuts, span{start, w.to})
			start = w.to
		}
	}
	return append(cuts, span{start, len(s)})
}

// merge joins spans shorter than clauseMin words with the one before.
func merge(s string, cuts []span) []string {
	var joined []span
	for _, c := range cuts {
		n := len(joined)
		if n > 0 && (len(strings.Fields(s[c.from:c.to])) < clauseMin ||
			len(strings.Fields(s[joined[n-1].from:joined[n-1].to])) < clauseMin) {
			joined[n-1].to = c.to
			continue
		}
		joined = append(joined, c)
	}
	out := make([]string, 0, len(joined))
	for _, c := range joined {
		if t := strings.TrimSpace(s[c.from:c.to]); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// windows cuts a text of more than clauseMax words into overlapping pieces.
func windows(s string) []string {
	ws := words(s)
	if len(ws) <= clauseMax {
		return []string{s}
	}
	var out []string
	for i := 0; i < len(ws); i += clauseStep {
		end := min(i+clauseMax, len(ws))
		out = append(out, s[ws[i].from:ws[end-1].to])
		if end == len(ws) {
			break
		}
	}
	return out
}

// words returns where the blank-separated words of s stand.
func words(s string) []span {
	var out []span
	start := -1
	for i, r := range s {
		switch blank := unicode.IsSpace(r); {
		case blank && start >= 0:
			out = append(out, span{start, i})
			start = -1
		case !blank && start < 0:
			start = i
		}
	}
	if start >= 0 {
		out = append(out, span{start, len(s)})
	}
	return out
}
