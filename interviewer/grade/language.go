package grade

import "unicode"

// Signs of a language, in words and letters.
const (
	languageWords  = 6    // fewer words are not told apart
	foreignLetters = 0.25 // a larger share of letters outside Latin script is not English
)

// isEnglish reports whether the estimator can read the answer. It counts the
// small words that English and its neighbours do not share; when in doubt, the
// answer is taken as English.
func isEnglish(answer string) bool {
	letters, foreign := 0, 0
	for _, r := range answer {
		if unicode.IsLetter(r) {
			letters++
			if !unicode.Is(unicode.Latin, r) {
				foreign++
			}
		}
	}
	if letters > 0 && float64(foreign) > foreignLetters*float64(letters) {
		return false
	}
	said := tokens(answer)
	if len(said) < languageWords {
		return true
	}
	english, other := 0, 0
	for _, t := range said {
		if glue[t] {
			english++
		}
		if foreignGlue[t] {
			other++
		}
	}
	return other <= english
}

// foreignGlue lists frequent small words of German, French, Spanish,
// Portuguese, Italian and Dutch that are no English words.
var foreignGlue = wordSet(`der das und ist nicht ein eine einen mit auf für von dem den sich auch wird werden wenn aber
	oder als bei nach wie sind kann man dass durch über zum zur
	le la les un une des est et pas que qui dans pour avec sur ce cette il elle sont peut plus au aux du ou
	el los las una es y por para con del se más pero como su sus está puede cuando sin lo
	o os uma é não com são pode quando mais sem pelo pela ao
	il lo gli di che non è per una sono può più quando della del nel
	het een van niet met voor zijn wordt maar ook dat deze kan`)
