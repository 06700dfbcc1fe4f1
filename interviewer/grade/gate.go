package grade

import (
	"regexp"
	"strings"

	"viva/content"
)

// Limits of the gate, in words.
const (
	gateShort       = 3    // fewer words say nothing that can be judged
	gateKeywords    = 6    // a dump of terms has at least so many that carry meaning
	gateRelations   = 0.15 // and a smaller share of its words relates anything
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
// talk to the grader instead of answering.
func gate(question, answer string) gated {
	g := gated{limit: 100, answer: answer}
	close := func(f Flag) gated {
		g.flags, g.closed, g.limit = append(g.flags, f), true, 0
		return g
	}
	said := tokens(answer)
	if len(said) == 0 {
		return close(FlagEmpty)
	}
	if kept, found := withoutInstructions(answer); found {
		g.flags, g.answer = append(g.flags, FlagInstruction), kept
		said = tokens(kept)
		if len(contentWords(kept)) < gateShort {
			g.closed, g.limit = true, 0
			return g
		}
	}
	switch {
	case dontKnow(g.answer):
		return close(FlagDontKnow)
	case isEcho(question, g.answer):
		return close(FlagEcho)
	case len(said) < gateShort && len(contentWords(g.answer)) < gateShort:
		return close(FlagShort)
	case isRepetition(g.answer):
		return close(FlagRepetition)
	case isEnglish(g.answer) && isKeywords(g.answer):
		g.flags, g.limit = append(g.flags, FlagKeywords), keywordCap
	}
	return g
}

// instruction matches a sentence that is addressed to whoever grades.
var instruction = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\b(ignore|disregard|forget|override|bypass)\b.{0,40}\b(instructions?|rubric|rules|prompt|points|criteria|guidelines|above|previous)\b`,
	`\b(give|award|grant|assign|score|grade|mark|rate)\b.{0,30}\b(full|maximum|max|perfect|top|100|hundred|met|highest)\b`,
	`\b(mark|treat|consider|count)\b.{0,30}\b(points?|answer|everything|all)\b.{0,20}\b(met|correct|complete|covered|right)\b`,
	`^\W*(system|assistant|developer|grader|judge|examiner)\s*(message|prompt|note)?\s*[:>\]]`,
	`\byou are (now |no longer )?(a|an|the) (grader|judge|examiner|assistant|helpful|different|lenient|language model|ai)\b`,
	`"?\b(verdict|score)"?\s*[:=]\s*"?(met|100|full|strong)\b`,
	`</?(system|answer|instructions?|prompt|s|im_start|im_end)\b`, `<\|.{1,20}\|>`, `\[/?inst\]`,
	`\bnew (instructions?|task|rubric)\b.{0,4}:`,
	`\b(the|this) (candidate|answer) (is|was|has|deserves|covers|met)\b.{0,40}\b(correct|perfect|full|excellent|every|all|100)\b`,
}, "|"))

// withoutInstructions drops the sentences that address the grader.
func withoutInstructions(answer string) (kept string, found bool) {
	var rest []string
	for _, s := range content.Sentences(answer) {
		if instruction.MatchString(s) {
			found = true
			continue
		}
		rest = append(rest, s)
	}
	if !found {
		return answer, false
	}
	return strings.Join(rest, " "), true
}

var dontKnowPhrase = regexp.MustCompile(`^(sorry |well |um+ |uh+ |hm+ |honestly |actually |so |ok |okay )*` +
	`(i (really |honestly |actually |just )?(dont|do not|cant|cannot|couldnt) (really |actually )?(know|remember|recall|say|answer|tell)|` +
	`(i have )?no (idea|clue)|not sure|im not sure|i am not sure|im unsure|dont know|dunno|idk|pass|skip|next( question)?|i give up|ive never|i have never)\b`)

// dontKnow reports an answer that says so and then little else.
func dontKnow(answer string) bool {
	text := strings.Join(tokens(answer), " ")
	m := dontKnowPhrase.FindString(text)
	return m != "" && len(strings.Fields(text[len(m):])) <= 8
}

// isEcho reports an answer all of whose content words stand in the question.
func isEcho(question, answer string) bool {
	asked := map[string]bool{}
	for _, t := range tokens(question) {
		asked[t] = true
	}
	said := contentWords(answer)
	for _, t := range said {
		if !asked[t] {
			return false
		}
	}
	return len(said) > 0
}

// isRepetition reports one sentence said over and over with little beside it.
func isRepetition(answer string) bool {
	parts := content.Sentences(answer)
	seen := map[string]bool{}
	for _, s := range parts {
		seen[fold(strings.Trim(s, ".!?; "))] = true
	}
	if len(parts) > gateRepetitions && len(seen)*gateRepetitions <= len(parts) {
		return true
	}
	said := tokens(answer)
	distinct := map[string]bool{}
	for _, t := range said {
		distinct[t] = true
	}
	return len(said) >= 12 && len(distinct)*gateRepetitions <= len(said) && len(distinct) < 12
}

// relations are words by which a terse answer says what a thing does or how it
// stands to another. The words of glue and signs such as = and → do so as well.
var relations = wordSet(`cannot cant unless keeps keep gives give lets let needs need runs run sends send
	goes go stays stay costs cost takes take sets set puts put works work allows allow blocks block means mean want`)

// isKeywords reports terms in a row that relate to nothing.
func isKeywords(answer string) bool {
	said := tokens(answer)
	if len(contentWords(answer)) < gateKeywords || strings.ContainsAny(answer, "=→") || strings.Contains(answer, "->") {
		return false
	}
	n := 0
	for _, t := range said {
		if relations[t] || glue[t] && t != "and" && t != "or" {
			n++
		}
	}
	return float64(n) < gateRelations*float64(len(said))
}
