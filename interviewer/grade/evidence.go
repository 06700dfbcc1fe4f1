package grade

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"viva/content"
	"viva/interviewer/grade/words"
)

// What counts as evidence.
const (
	quoteMin     = 2   // words of a quote,
	quoteLetters = 4   // or letters in a script without blanks
	quoteGap     = 200 // bytes that an ellipsis may leave out

	// Closeness, a cosine, of a quote to the point that it shows: of those that do show
	// one, 98 in 100 come as close as the first and 99 as the second, which is enough
	// where the estimator credits the point; of sentences that only address the grader,
	// 1 in 200 comes closer than 0.33.
	quoteNear  = 0.43
	quoteApart = 0.3
)

// evidence checks quotes against one answer.
type evidence struct {
	answer   string          // folded
	question map[string]bool // its words
}

func newEvidence(question, answer string) evidence {
	e := evidence{answer: words.Fold(answer), question: map[string]bool{}}
	for _, t := range words.Tokens(question) {
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
		piece = strings.Trim(words.Fold(piece), " .,;:!?()[]")
		from, to := findWords(rest, piece)
		if from < 0 || !first && (from > quoteGap || negation.MatchString(rest[:from])) {
			return false
		}
		rest, first = rest[to:], false
	}
	if len(words.Tokens(quote)) < quoteMin && words.ForeignLetters(quote) < quoteLetters {
		return false
	}
	for _, w := range words.Content(quote) {
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

// Limits of a follow-up.
const (
	askWords  = 40 // of a question at most
	askLeaked = 1  // words of the point that nobody said before it may hold
)

// isQuestion reports one question in one line.
func isQuestion(s string) bool {
	return strings.HasSuffix(s, "?") && !strings.ContainsAny(s, "\n") && len(strings.Fields(s)) <= askWords
}

// givesAway reports whether a question tells what a point says: a number of it, or
// more than one of its words, that do not stand in what was said before.
func givesAway(ask string, p content.Point, said string) bool {
	point := strings.Join(append([]string{p.Text}, p.Say...), " ")
	known, numbers := words.Stems(said), words.Numbers(said)
	for n := range words.Numbers(ask) {
		if words.Numbers(point)[n] && !numbers[n] {
			return true
		}
	}
	leaked, stems := 0, words.Stems(point)
	for w := range words.Stems(ask) {
		if stems[w] && !known[w] {
			leaked++
		}
	}
	return leaked > askLeaked
}

// GivesAway reports whether a text tells of any point of q what its question does not.
func GivesAway(text string, q content.Question) bool {
	for _, p := range q.Points {
		if givesAway(text, p, q.Text) {
			return true
		}
	}
	return false
}

// Mark is a stretch of an answer that a verdict rests on: answer[From:To].
type Mark struct {
	From, To int
	Verdict  Verdict // Contradicted for the words of a mistake
	Point    int     // its place in the grade, from 1; 0: a mistake
}

// Marks finds the quotes of g in the answer, in order. A word has one mark, that of
// a mistake before that of a point.
func (g Grade) Marks(answer string) []Mark {
	var marks []Mark
	add := func(quote string, v Verdict, point int) {
		from := strings.Index(answer, quote)
		if quote == "" || from < 0 {
			return
		}
		m := Mark{from, from + len(quote), v, point}
		if !slices.ContainsFunc(marks, func(n Mark) bool { return m.From < n.To && n.From < m.To }) {
			marks = append(marks, m)
		}
	}
	for _, m := range g.Mistakes {
		add(m.Quote, Contradicted, 0)
	}
	for _, v := range []Verdict{Contradicted, Met, Partly} {
		for i, p := range g.Points {
			if p.Verdict == v {
				add(p.Quote, v, i+1)
			}
		}
	}
	slices.SortFunc(marks, func(m, n Mark) int { return m.From - n.From })
	return marks
}
