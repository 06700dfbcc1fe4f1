package lexical

import "strings"

// Speller mends words that are not known as English and are hardly said in the
// documents, which may hold slips themselves. A mended word is one that the
// documents say often, and far more often than what it replaces.
type Speller struct {
	words  map[string]int
	known  func(word string) bool
	starts map[string][]string // the words that may be meant, by each of their first two letters
}

const (
	shortWord = 5 // shorter words are left alone
	longWord  = 7 // words from here on may have two faults, others one
	saidOften = 3 // a word that is said as often as this may be what was meant
	farMore   = 8
)

// Speller returns a speller over the words of all documents. known reports
// whether a word is common English.
func (x *Index) Speller(known func(word string) bool) *Speller {
	s := &Speller{words: x.words, known: known, starts: map[string][]string{}}
	for w, n := range x.words {
		if n >= saidOften && len(w) >= shortWord-1 && letters(w) {
			for _, k := range keys(w) {
				s.starts[k] = append(s.starts[k], w)
			}
		}
	}
	return s
}

// Mend returns text with the words that look misspelt replaced, and whether
// there are any.
func (s *Speller) Mend(text string) (mended string, changed bool) {
	var out strings.Builder
	end := 0
	each(text, func(from, to int) {
		word := strings.ToLower(text[from:to])
		if better := s.mend(word); better != word {
			out.WriteString(text[end:from] + better)
			end, changed = to, true
		}
	})
	return out.String() + text[end:], changed
}

func (s *Speller) mend(word string) string {
	if len(word) < shortWord || !letters(word) || s.fine(word) {
		return word
	}
	most := 1
	if said := s.words[word]; len(word) >= longWord && said == 0 {
		most = 2
	}
	best, bestFaults := word, most+1
	for _, k := range keys(word) {
		for _, w := range s.starts[k] {
			if s.words[w] < farMore*s.words[word] || !slipOf(word, w) {
				continue
			}
			faults := distance(word, w, most)
			closer := faults < bestFaults || faults == bestFaults && faults <= most && s.more(w, best)
			if closer {
				best, bestFaults = w, faults
			}
		}
	}
	return best
}

// more reports whether a is said more often than b, or as often and stands
// before it, so that the same word is always mended alike.
func (s *Speller) more(a, b string) bool {
	return s.words[a] > s.words[b] || s.words[a] == s.words[b] && a < b
}

// fine reports whether a word, or the word that it is an inflection of, is known.
func (s *Speller) fine(word string) bool {
	if s.known(word) || isName(word) || stop[word] || s.words[word+"s"] > s.words[word] {
		return true
	}
	for _, ending := range []string{"s", "es", "ed", "d", "ing", "er", "r", "ly", "able"} {
		if stem, ok := strings.CutSuffix(word, ending); ok && len(stem) >= shortWord-1 && (s.known(stem) || s.known(stem+"e") || s.words[stem] > s.words[word]) {
			return true
		}
	}
	return false
}

func isName(word string) bool {
	_, ok := otherNames().meant[word]
	return ok
}

func letters(word string) bool {
	for i := range len(word) {
		if word[i] < 'a' || word[i] > 'z' {
			return false
		}
	}
	return true
}

// keys are the letters under which a word is looked for: the first two, so that
// one fault in them leaves one that both words have.
func keys(word string) []string {
	if word[0] == word[1] {
		return []string{word[:1]}
	}
	return []string{word[:1], word[1:2]}
}

// slipOf reports whether a may be b typed badly. Nobody hits a wrong first key
// without seeing it, and the letters are nearly the same ones: one is wrong, or up
// to two are missing or too many.
func slipOf(a, b string) bool {
	start := a[0] == b[0] || a[0] == b[1] && (a[1] == b[0] || a[1:] == b[2:])
	var letters [26]int
	for i := range len(a) {
		letters[a[i]-'a']++
	}
	for i := range len(b) {
		letters[b[i]-'a']--
	}
	other := 0
	for _, n := range letters {
		other += max(n, -n)
	}
	return start && other <= 2
}

// distance counts the letters that are missing, too many, wrong, or swapped with
// their neighbour (optimal string alignment); most+1 stands for all above most.
func distance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most || len(b) > maxLetters || len(a) > maxLetters {
		return most + 1
	}
	var rows [3][maxLetters + 1]int // of the table: two before, before, this
	for j := range len(b) + 1 {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		this, before, two := &rows[(i+1)%3], &rows[i%3], &rows[(i+2)%3]
		this[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			d := min(before[j]+1, this[j-1]+1)
			same := before[j-1]
			if a[i-1] != b[j-1] {
				same++
			}
			d = min(d, same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, two[j-2]+1)
			}
			this[j] = d
			least = min(least, d)
		}
		if least > most {
			return most + 1
		}
	}
	return rows[(len(a)+1)%3][len(b)]
}

// maxLetters is the length up to which words are mended.
const maxLetters = 24
