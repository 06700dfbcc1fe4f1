package grade

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"viva/content"
)

// Signs of a language, in words and letters.
const (
	languageWords = 6    // fewer words are not told apart
	foreignShare  = 0.25 // a larger share of letters outside Latin script is not English
	strangeWords  = 8    // so many words without a small English one
	knownShare    = 0.3  // are English only if the entry knows a larger share of them
)

// isEnglish reports whether the estimator can read the answer. It counts the
// small words that English and its neighbours do not share, and where there are
// none the words that the entry knows; when in doubt, the answer is English.
func isEnglish(answer string, known map[string]int) bool {
	letters := 0
	for _, r := range answer {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if float64(foreignLetters(answer)) > foreignShare*float64(letters) {
		return false
	}
	said := tokens(answer)
	if len(said) < languageWords {
		return true
	}
	english, other, familiar := 0, 0, 0
	for _, t := range said {
		switch {
		case glue[t] && len(t) > 1: // "a" stands in many languages
			english++
		case foreignGlue[t]:
			other++
		}
		if known[t] > 0 {
			familiar++
		}
	}
	words := float64(len(said))
	if english == 0 && len(said) >= strangeWords && float64(familiar) < knownShare*words {
		return false
	}
	return other <= english || float64(familiar) >= 2*knownShare*words
}

// foreignLetters counts the letters outside Latin script.
func foreignLetters(answer string) int {
	n := 0
	for _, r := range answer {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			n++
		}
	}
	return n
}

// foreignGlue lists frequent small words of German, French, Spanish,
// Portuguese, Italian and Dutch that are no English words.
var foreignGlue = wordSet(`der das und ist nicht ein eine einen mit auf für von dem den sich auch wird werden wenn aber oder
	als bei nach wie sind kann man dass durch über zum zur le la les une et que qui dans pour avec sur
	ce cette il elle sont peut au aux du el los las una y por para con del más pero como sus está puede
	cuando sin lo uma é não são pode quando mais sem pelo pela ao gli di che è sono può più della nel
	het een niet met voor zijn wordt maar ook dat deze kan`)

// Limits of the spelling remedy. On the fitting half, clean answers have fewer
// than 12 words in 100 that stand one slip away from a word of their entry, and
// misspelt answers 27 or more.
const (
	misspelt    = 0.15 // a larger share, and the answer is respelt
	slipLetters = 4    // a shorter word is left alone,
	twoSlips    = 8    // and a word so long may hold two slips
)

var answerWord = regexp.MustCompile(`[\p{L}\d'’]+`)

// respelt returns the clauses as the encoder should read them: where the answer
// is full of slips, its words are drawn towards the words of the entry, for the
// encoder knows no misspelt word. Quotes still come from the clauses themselves.
func respelt(pieces []string, answer string, known map[string]int) []string {
	said, fixes, slipped := tokens(answer), map[string]string{}, 0
	for _, w := range said {
		if fix := nearestWord(w, known); fix != "" {
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
			if fix := fixes[fold(w)]; fix != "" {
				return fix
			}
			return w
		})
	}
	return out
}

// vocabulary counts the words of an entry's texts and of plain English.
func vocabulary(q content.Question) map[string]int {
	texts := append([]string{q.Text, q.Answer}, q.AskedAs...)
	for _, p := range q.Points {
		texts = append(append(texts, p.Text), p.Say...)
	}
	for _, m := range q.Mistakes {
		texts = append(append(texts, m.Claim, m.Fix), m.Say...)
	}
	count := map[string]int{}
	for _, w := range tokens(strings.Join(texts, " ")) {
		count[w]++
	}
	for w := range glue {
		count[w]++
	}
	return count
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
