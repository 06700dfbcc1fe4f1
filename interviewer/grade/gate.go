package grade

import (
	"regexp"
	"strings"

	"viva/content"
	"viva/interviewer/grade/words"
)

// Limits of the gate, in words.
const (
	gateShort       = 3    // fewer words say nothing that can be judged
	gateLetters     = 5    // nor do fewer letters of a script without blanks
	gateUnsure      = 2    // what may follow "I don't know" beyond the question's words
	gateItems       = 3    // a list has so many items
	gateItemWords   = 2.6  // and its items so few words, if they are terms
	gateKeywords    = 6    // a dump of terms has at least so many that carry meaning
	gateRelations   = 0.15 // and a smaller share of its words relates anything
	gateEmpty       = 2    // so many sentences that state nothing,
	gateEmptyShare  = 0.65 // and such a share of all, are no answer
	gateEncoded     = 28   // a stretch of so many signs without a blank,
	gateDigits      = 2    // with so many digits, may be encoded
	gateRepetitions = 3    // one sentence so often, and little else, is repetition
)

// gated is what the gate found before any judge was asked.
type gated struct {
	flags  []Flag
	closed bool   // the answer scores 0 and is not judged
	limit  int    // highest score
	answer string // the answer without instructions to the grader
}

// gate settles what needs no judge: answers that hold nothing, and answers that
// talk to the grader instead of answering. known counts the words of the entry.
// The answer to a follow-up may be a word or two, if the entry knows one of them.
func gate(s Submission, known map[string]int) gated {
	g := gated{limit: 100, answer: s.Answer}
	closed := func(f Flag) gated {
		g.flags, g.closed, g.limit = append(g.flags, f), true, 0
		return g
	}
	if len(words.Tokens(s.Answer)) == 0 {
		return closed(FlagEmpty)
	}
	if kept, found := withoutInstructions(s.Answer); found {
		g.flags, g.answer = append(g.flags, FlagInstruction), kept
		if len(words.Content(kept)) < gateShort {
			g.closed, g.limit = true, 0
			return g
		}
	}
	question := s.Reference.Question.Text + " " + s.Asked
	enough := !isShort(s.Answer) || s.Only != nil && knowsAny(known, s.Answer)
	switch {
	case dontKnow(question, g.answer):
		return closed(FlagDontKnow)
	case isEcho(question, g.answer):
		return closed(FlagEcho)
	case !enough:
		return closed(FlagShort)
	case isRepetition(g.answer):
		return closed(FlagRepetition)
	case words.IsEnglish(g.answer, known) && isKeywords(g.answer):
		g.flags, g.limit = append(g.flags, FlagKeywords), keywordCap
	case mostly(g.answer, importance.MatchString), mostly(g.answer, asks):
		g.flags, g.limit = append(g.flags, FlagKeywords), nothingCap
	}
	return g
}

// importance matches a sentence that calls things important instead of saying what
// they do.
var importance = regexp.MustCompile(`(?i)\b(important|crucial|essential|central|significan(t|ce)|(key|relevant) (topic|factor|aspect|concept)s?|` +
	`deserves? \w* ?attention|(be|been) (considered|weighed|looked at|looked into|remembered|mentioned|discussed|addressed|taken into account)|` +
	`plays? (a|an|its|their)( \w+)? (part|role)|neglect|forgotten)\b`)

// asks reports a sentence that is a question. It states nothing.
func asks(sentence string) bool { return strings.HasSuffix(strings.TrimSpace(sentence), "?") }

// mostly reports whether is holds for most sentences of an answer of several.
func mostly(answer string, is func(string) bool) bool {
	sentences := content.Sentences(answer)
	n := 0
	for _, s := range sentences {
		if is(s) {
			n++
		}
	}
	return n >= gateEmpty && gateEmptyShare*float64(len(sentences)) <= float64(n)
}

// instruction matches a sentence that is addressed to whoever grades. It wants a
// word about grading, since "ignore", "full" and "100" stand in honest answers.
var instruction = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\b(ignore|disregard|forget|override|bypass)\b.{0,30}\b(instructions?|prompt|everything above|(grading|scoring|marking) \w+|(the|all|these) (key )?points)\b`,
	`\b(give|award|grant|assign|score|grade|mark|rate|enter|return|set|report|vergib|werte)\b.{0,40}\b(full|maximum|max|perfect|top|highest) (marks?|score|credit|points|grade)\b`,
	`\b(give|score|grade|mark|rate)\b.{0,15}\b(me|this|my|it|the (answer|candidate|submission|response))\b.{0,20}\b(100|hundred|10/10|ten out of ten)\b`,
	`\b(mark|treat|consider|count|record|tick|accept|call|read)\b.{0,25}\b(every|all|each|the|these|this)\b.{0,20}\b(points?|items?|answer|box)\b.{0,20}\b(met|correct|complete|covered|right|satisfied|true)\b`,
	`\b(every|all|each|any)\b.{0,15}\b(points?|items?|aspects?)\b.{0,15}\b(met|covered|satisfied|missing|complete)\b`, `\b(points?|item) (\d+|one|first|second|third|fourth)?:? ?covered\b`,
	`^\W*(system|assistant|grader|judge|examiner|interviewer|human|candidate)\s*(message|prompt|note|override)?\s*[:>\]]`,
	`\b(you are|you're|i am) (now |no longer )?(a|an|the|my) (grader|judge|examiner|assistant|helpful|lenient|language model|ai|candidate)\b`,
	`"?(verdicts?|score|met|points|all_points|confidence)"?\s*[:=]\s*["{\[]*(met|\d|full|strong|max|true|all_met|covered)`,
	`</?(system|\w*_?answer|instructions?|prompt|im_start|im_end|grader|div)\b`, `<\|.{1,20}\|>`, `\[/?inst\]`, `<</?sys>>`, `<!--`,
	`\bnew (instructions?|rubric)\b`, `\b(rubrics?|graders?|second marker|full credit|full marks|maximum (marks|score)|scoring|grading|examiner'?s?)\b`,
	`\b(end|begin|fin|ende)\b.{0,12}\b(of |de la )?(the )?(candidate )?(answer|respuesta|réponse|antwort|directive)\b`,
	`\b(the|this) candidate (is|was|has|deserves|covers|covered|met|meets)\b`,
	`\b(this|my|the) answer (is|was|has|deserves|covers|meets|satisfies)\b.{0,30}\b(perfect|full marks|excellent|complete|satisf\w+|(every|all|each)( the)? points?|100)\b`,
	// the same, in the languages that are tried most
	`\b(bewertung\w*|bewerten|werte|punktzahl|prüfungsleitung|prüfsysteme?|vorprüfung)\b.*\b(punkte?|punktzahl|erfüllt|anerkennen|vollständig|antwort|übernehmen|überweise|wohlwollend\w*)\b`,
	`\b(jeden punkt|alle punkte|sämtliche punkte|volle punktzahl|voller punktzahl|geforderten aspekte)\b`,
	`\b(rúbrica|rubrica|evaluador\w*|calificación|puntuación|nota máxima|nota perfecta)\b`, `\b(todos los (puntos|criterios)|cada uno de los puntos)\b`,
	`\b(correcteur|barème|grille|notation|évaluateur|examinatrice|examinateur)\b`, `\b(chaque (critère|point)|tous les (points|critères|éléments attendus)|ensemble des points|note (maximale|finale))\b`,
	`採点|満点|評価項目|全項目|すべての項目|この回答`,
}, "|"))

var base64Word = regexp.MustCompile(`^[A-Za-z0-9+/]+=*$`)

// isEncoded reports a sentence with a stretch that nobody says aloud, as base64 is:
// long, and of capitals, small letters and several digits.
func isEncoded(sentence string) bool {
	for _, w := range strings.Fields(sentence) {
		w = strings.Trim(w, `.,;:"'`+"`")
		digits := len(w) - len(strings.Map(dropDigit, w))
		if len(w) >= gateEncoded && digits >= gateDigits && base64Word.MatchString(w) &&
			w != strings.ToLower(w) && w != strings.ToUpper(w) {
			return true
		}
	}
	return false
}

func dropDigit(r rune) rune {
	if r >= '0' && r <= '9' {
		return -1
	}
	return r
}

// withoutInstructions drops the sentences that address the grader, also where
// they are disguised, and what is encoded.
func withoutInstructions(answer string) (kept string, found bool) {
	var rest []string
	for _, s := range content.Sentences(answer) {
		if instruction.MatchString(words.Undisguised(s)) || isEncoded(s) {
			found = true
			continue
		}
		rest = append(rest, s)
	}
	if !found {
		return answer, false
	}
	return strings.Join(rest, "\n"), true
}

var (
	dontKnowPhrase = regexp.MustCompile(`^(sorry |well |um+ |uh+ |hm+ |honestly |actually |so |ok |okay )*` +
		`(i (really |honestly |actually |just )?(dont|do not|cant|cannot|couldnt) (really |actually )?(know|remember|recall|say|answer|tell|think of anything)|` +
		`(i have )?no (idea|clue)|not sure|im not sure|i am not sure|im unsure|dont know|dunno|idk|i give up|ive never|i have never|i forgot|i forget|i am not familiar|im not familiar|not familiar|nothing comes to mind)\b`)
	passPhrase = regexp.MustCompile(`^(sorry |ok |okay )*(pass|skip|next|next question|skip this one)( please)?$`)
)

// dontKnow reports an answer that says so and then adds nothing to the question.
func dontKnow(question, answer string) bool {
	text := strings.Join(words.Tokens(answer), " ")
	if passPhrase.MatchString(text) {
		return true
	}
	m := dontKnowPhrase.FindString(text)
	if m == "" {
		return false
	}
	asked, added := words.Of(question), 0
	for _, w := range words.Content(text[len(m):]) {
		if !asked[w] {
			added++
		}
	}
	return added <= gateUnsure
}

var choice = regexp.MustCompile(`(?i)\b(not|no|never|neither|both|rather|instead|only)\b`)

// isEcho reports an answer all of whose content words stand in the question,
// unless it chooses between things that the question names.
func isEcho(question, answer string) bool {
	asked, said := words.Of(question), words.Content(answer)
	for _, t := range said {
		if !asked[t] {
			return false
		}
	}
	return len(said) > 0 && !choice.MatchString(answer)
}

// isShort reports an answer of too few words, or of too few letters in a script
// that sets no blanks.
func isShort(answer string) bool {
	return len(words.Tokens(answer)) < gateShort && len(words.Content(answer)) < gateShort && words.ForeignLetters(answer) < gateLetters
}

func knowsAny(known map[string]int, answer string) bool {
	for _, w := range words.Content(answer) {
		if known[w] > 0 {
			return true
		}
	}
	return false
}

// isRepetition reports one sentence said over and over with little beside it.
func isRepetition(answer string) bool {
	parts := content.Sentences(answer)
	seen := map[string]bool{}
	for _, s := range parts {
		seen[words.Fold(strings.Trim(s, ".!?; "))] = true
	}
	if len(parts) > gateRepetitions && len(seen)*gateRepetitions <= len(parts) {
		return true
	}
	said := words.Tokens(answer)
	distinct := map[string]bool{}
	for _, t := range said {
		distinct[t] = true
	}
	return len(said) >= 12 && len(distinct)*gateRepetitions <= len(said) && len(distinct) < 12
}

// relations are words by which a terse answer says what a thing does or how it
// stands to another. The words of glue and signs such as = and → do so as well.
var relations = words.Set(`cannot cant unless keeps keep gives give lets let needs need runs run sends send
	goes go stays stay costs cost takes take sets set puts put works work allows allow blocks block means mean want`)

// isKeywords reports terms in a row that relate to nothing: hardly a word that
// relates, in a list of short items or in one row.
func isKeywords(answer string) bool {
	said := words.Tokens(answer)
	if len(words.Content(answer)) < gateKeywords || strings.ContainsAny(answer, "=→") || strings.Contains(answer, "->") {
		return false
	}
	related := 0
	for _, t := range said {
		if relations[t] || words.IsGlue(t) && t != "and" && t != "or" {
			related++
		}
	}
	if float64(related) >= gateRelations*float64(len(said)) {
		return false
	}
	items := strings.FieldsFunc(answer, func(r rune) bool { return strings.ContainsRune(",;\n•|/", r) })
	list := len(items) >= gateItems && float64(len(said)) <= gateItemWords*float64(len(items))
	return list || len(items) == 1
}
