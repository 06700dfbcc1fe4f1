package words

import (
	"regexp"
	"unicode/utf8"
)

// Limits of the spelling remedy. Clean answers have fewer than 12 words in 100
// that stand one slip away from a word of their entry, and misspelt answers 27 or more.
const (
	misspelt    = 0.15 // a larger share, and the answer is respelt
	slipLetters = 4    // a shorter word is left alone,
	twoSlips    = 8    // and a word so long may hold two slips
	wordLetters = 5    // a word of no entry is put right if it has so many letters
)

var answerWord = regexp.MustCompile(`[\p{L}\d'’]+`)

// Lexicon tells how common a word of plain English is, the commonest lowest;
// false for a word it does not hold.
type Lexicon func(word string) (rank int, ok bool)

// Respell returns the pieces as the encoder should read them: where the answer
// is full of slips, its words are drawn towards those of its entry, known, and then
// of plain English, for the encoder knows no misspelt word. Quotes still come from
// the clauses themselves.
func Respell(pieces []string, answer string, known map[string]int, english Lexicon) []string {
	said, fixes, slipped := Tokens(answer), map[string]string{}, 0
	for _, w := range said {
		fix := nearestWord(w, known)
		if fix == "" && known[w] == 0 {
			fix = commonWord(w, english)
		}
		if fix != "" {
			fixes[w] = fix
			slipped++
		}
	}
	if float64(slipped) < misspelt*float64(len(said)) {
		return pieces
	}
	out := make([]string, len(pieces))
	for i, p := range pieces {
		out[i] = answerWord.ReplaceAllStringFunc(p, func(w string) string {
			if fix := fixes[Fold(w)]; fix != "" {
				return fix
			}
			return w
		})
	}
	return out
}

// commonWord returns the commonest English word one slip away from w, which is
// none itself, or "". A short word is put right only where two letters changed
// places in a small word.
func commonWord(w string, english Lexicon) string {
	if _, ok := english(w); ok || !plainLetters(w) {
		return ""
	}
	best, lowest := "", 0
	for _, c := range edits(w) {
		swapped := len(c) == len(w) && glue[c]
		if len(w) < wordLetters && !swapped {
			continue
		}
		if rank, ok := english(c); ok && (best == "" || rank < lowest) {
			best, lowest = c, rank
		}
	}
	return best
}

func plainLetters(w string) bool {
	for _, r := range w {
		if r < 'a' || r > 'z' {
			return false
		}
	}
	return len(w) > 2
}

// edits lists the words one slip away from w that keep its first letter: a
// letter dropped, doubled, changed, added, or swapped with the next.
func edits(w string) []string {
	var out []string
	for i := 0; i < len(w); i++ {
		if i+1 < len(w) {
			out = append(out, w[:i]+string(w[i+1])+string(w[i])+w[i+2:])
		}
		if i == 0 {
			continue
		}
		out = append(out, w[:i]+w[i+1:])
		if len(w) < wordLetters {
			continue
		}
		for c := byte('a'); c <= 'z'; c++ {
			out = append(out, w[:i]+string(c)+w[i+1:], w[:i]+string(c)+w[i:])
		}
	}
	return out
}

// nearestWord returns the known word that w misspells, or "": the one with the
// fewest slips, then the most frequent, then the first by letters. The first
// letter must be the same, so that no prefix turns a word into its opposite.
func nearestWord(w string, known map[string]int) string {
	letters := utf8.RuneCountInString(w)
	if known[w] > 0 || letters < slipLetters {
		return ""
	}
	best, fewest := "", 2
	if letters >= twoSlips {
		fewest = 3
	}
	for k, n := range known {
		if k[0] != w[0] || max(len(k)-len(w), len(w)-len(k)) >= 3 {
			continue
		}
		s := slips(w, k)
		if s < fewest || s == fewest && best != "" && (n > known[best] || n == known[best] && k < best) {
			best, fewest = k, s
		}
	}
	return best
}

// slips counts the letters dropped, added, changed or swapped with their
// neighbour between a and b: the optimal string alignment distance.
func slips(a, b string) int {
	x, y := []rune(a), []rune(b)
	var last, row []int
	next := make([]int, len(y)+1) // the row being filled
	for j := range next {
		next[j] = j
	}
	for i, r := range x {
		last, row, next = row, next, make([]int, len(y)+1)
		next[0] = i + 1
		for j, s := range y {
			change := row[j]
			if r != s {
				change++
			}
			next[j+1] = min(row[j+1]+1, next[j]+1, change)
			if i > 0 && j > 0 && r == y[j-1] && x[i-1] == s {
				next[j+1] = min(next[j+1], last[j-1]+1)
			}
		}
	}
	return next[len(y)]
}
