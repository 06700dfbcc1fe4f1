package words

import (
	"strings"
	"unicode"
)

// Signs of a language, in words and letters.
const (
	languageWords = 6    // fewer words are not told apart
	foreignShare  = 0.25 // a larger share of letters outside Latin script is not English
	strangeWords  = 8    // so many words without a small English one
	knownShare    = 0.3  // are English only if the entry knows a larger share of them
)

// IsEnglish reports whether the estimator can read the answer. It counts the
// small words that English and its neighbours do not share, and where there are
// none the words that the entry knows; when in doubt, the answer is English.
func IsEnglish(answer string, known map[string]int) bool {
	letters := 0
	for _, r := range answer {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if float64(ForeignLetters(answer)) > foreignShare*float64(letters) {
		return false
	}
	said := Tokens(answer)
	if len(said) < languageWords {
		return true
	}
	english, other, familiar := 0, 0, 0
	for _, t := range said {
		switch {
		case glue[t] && len(t) > 1: // "a" stands in many languages
			english++
		case foreignGlue[t] || accented(t):
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

// ForeignLetters counts the letters outside Latin script.
func ForeignLetters(answer string) int {
	n := 0
	for _, r := range answer {
		if unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			n++
		}
	}
	return n
}

// accented reports a word with a letter that English words lack.
func accented(w string) bool {
	return strings.IndexFunc(w, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }) >= 0
}

// foreignGlue lists frequent small words of other languages that are no English
// words; those with accents need no list.
var foreignGlue = Set(`
	der das und ist nicht ein eine einen mit auf von dem den sich auch wird werden wenn aber oder als bei nach wie
	sind kann man dass durch zum zur
	le la les une et que qui dans pour avec sur ce cette il elle sont peut aux du
	el los las una y por para con del pero como sus cuando sin lo puede
	uma um que ele ela isso em na da das ao mas pelo pela quando sem tem foi pode mais
	gli di che della nel sono non anche
	het een niet met voor zijn wordt maar ook dat deze kan
	nie jest na od przez dla jak czy tylko lub oraz albo jeden tego tym jego ich wtedy kiedy gdy trzeba jako po ale
	och att det som inte den av ett
	je se jako nebo ale
	ve bir bu ile olarak
	yang dan untuk dengan tidak itu dari adalah atau`)

// Vocabulary counts the words of the texts, and each small word of English once more.
func Vocabulary(texts []string) map[string]int {
	count := map[string]int{}
	for _, w := range Tokens(strings.Join(texts, " ")) {
		count[w]++
	}
	for w := range glue {
		count[w]++
	}
	return count
}
