package content

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Similarity prepares the comparison of meanings with each of texts; what it
// returns gives the cosines of one text with them, in their order.
type Similarity func(texts []string) (compare func(text string) ([]float32, error), err error)

// Rule names one check of [Lint].
type Rule string

// The rules, each with what it finds.
const (
	RuleNumbers  Rule = "numbers"  // a gap in the numbers of a numbered bank
	RuleLength   Rule = "length"   // a text too short or too long
	RuleCount    Rule = "count"    // too few or too many wordings, points or mistakes
	RuleMissing  Rule = "missing"  // a field that every good entry fills in
	RuleTwice    Rule = "twice"    // one text in two places
	RuleAlike    Rule = "alike"    // two points that say the same
	RuleAstray   Rule = "astray"   // a way of asking that lies nearer to another question
	RuleMistake  Rule = "mistake"  // an error in words that lie nearer to the truth
	RuleRelated  Rule = "related"  // a neighbour that does not name this question back
	RuleFollowUp Rule = "followup" // a point that must not be missed and is not asked about
	RuleSpelling Rule = "spelling" // a name of AWS in another form
	RuleSource   Rule = "source"   // words copied from the source
)

// Rules lists the rules in the order of their findings within an entry.
var Rules = []Rule{
	RuleNumbers, RuleLength, RuleCount, RuleMissing, RuleTwice, RuleAlike, RuleAstray, RuleMistake,
	RuleRelated, RuleFollowUp, RuleSpelling, RuleSource,
}

// Finding is something that makes an entry poor though it is valid.
type Finding struct {
	Fault
	Rule  Rule
	About string // the wording, id or field it speaks of; what lint_ok names
}

// LintReport is what [Lint] found and what lint_ok entries excused.
type LintReport struct {
	Findings []Finding
	Excused  int
}

// Bounds of a good entry: counts, and lengths in words.
const (
	minAskedAs, maxAskedAs             = 4, 8
	minPoints, maxPoints               = 3, 7
	minEssential, maxEssential         = 1, 3 // points of weight 3
	minMistakes, maxMistakes           = 2, 5
	minSay, maxSay                     = 2, 5
	minQuestionWords, maxQuestionWords = 4, 45
	minAnswerWords, maxAnswerWords     = 60, 150
	minAskedWords, maxAskedWords       = 2, 20
	minSayWords, maxSayWords           = 4, 20
	minSentence, maxSentence           = 4, 50 // words of a point, a claim, a fix
)

// Lint reports what makes the entries of b poor though valid, see [Rule].
// source is a text that nothing may be copied from, "" for none. An entry's
// lint_ok excuses a finding; one that excuses nothing is a finding itself. The
// error is similar's.
func Lint(b *Bank, similar Similarity, source string) (LintReport, error) {
	l := &linter{bank: b, similar: similar, runs: runsOf(source), related: map[string][]string{}}
	for i := range b.Questions {
		q := &b.Questions[i]
		l.related[q.ID] = q.Related
		for _, p := range q.Passages() {
			if p.Kind != PassageMistake && p.Kind != PassageSearched { // the latter may name a neighbour's service
				l.passages = append(l.passages, p.Text)
				l.owners = append(l.owners, owner{i, p.Kind == PassagePoint || p.Kind == PassageSay})
			}
		}
	}
	l.bankwide, l.err = similar(l.passages)
	for i := range b.Questions {
		l.entry(i)
	}
	return l.report, l.err
}

type linter struct {
	bank     *Bank
	similar  Similarity
	runs     map[string]bool     // runs of words of the source
	spelt    map[string]string   // names of AWS by their bare form
	related  map[string][]string // of every question, by id
	passages []string            // every true text of the bank, save those for the search alone
	owners   []owner             // of each passage
	bankwide comparison          // with every passage
	found    []Finding           // in the entry at hand
	report   LintReport
	err      error // the first one of similar
}

func (l *linter) entry(at int) {
	q := &l.bank.Questions[at]
	l.found = nil
	l.numbers(at)
	l.lengths(q)
	l.counts(q)
	l.missing(q)
	l.twice(q)
	l.pointsAlike(q)
	l.askedAstray(at)
	l.mistakesAstray(q)
	l.neighbours(q)
	l.followUps(q)
	l.spelling(q)
	l.copied(q)
	l.excuse(q)
	slices.SortStableFunc(l.found, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	l.report.Findings = append(l.report.Findings, l.found...)
}

func (l *linter) find(r Rule, p Pos, about, format string, args ...any) {
	l.found = append(l.found, Finding{Fault{p, fmt.Sprintf(format, args...)}, r, about})
}

// excuse drops what the entry's lint_ok speaks of, and finds those that excuse nothing.
func (l *linter) excuse(q *Question) {
	for _, ok := range q.LintOK {
		before := len(l.found)
		l.found = slices.DeleteFunc(l.found, func(f Finding) bool { return f.Rule == ok.Rule && f.About == ok.About })
		if l.report.Excused += before - len(l.found); len(l.found) == before {
			l.find(ok.Rule, ok.Pos, ok.About, "lint_ok excuses %s of %q, and there is no such finding: remove it", ok.Rule, ok.About)
		}
	}
}

// numbers finds a gap before the question, in a bank that numbers its questions
// from 1 on. A bank is sorted by number.
func (l *linter) numbers(at int) {
	q := &l.bank.Questions[at]
	first, last := 1, q.Number-1 // of the numbers missing
	if at > 0 {
		first = l.bank.Questions[at-1].Number + 1
	}
	switch {
	case q.Number == 0 || first > last:
	case first == last:
		l.find(RuleNumbers, q.Pos, q.ID, "number %d is missing before %d: numbers should run from 1 without a gap", first, q.Number)
	default:
		l.find(RuleNumbers, q.Pos, q.ID, "numbers %d to %d are missing before %d: numbers should run from 1 without a gap", first, last, q.Number)
	}
}

func (l *linter) lengths(q *Question) {
	check := func(p Pos, what, text string, least, most int) {
		if n := len(words(text)); text != "" && (n < least || n > most) {
			l.find(RuleLength, p, text, "%s of %q has %d words, should have %d to %d%s", what, q.ID, n, least, most, quoteShort(text))
		}
	}
	check(q.Pos, "the question", q.Text, minQuestionWords, maxQuestionWords)
	check(q.Pos, "the answer", q.Answer, minAnswerWords, maxAnswerWords)
	for _, r := range q.Rephrased {
		check(q.Pos, "the question in other words", r, minQuestionWords, maxQuestionWords)
		if !strings.HasSuffix(r, "?") {
			l.find(RuleMissing, q.Pos, r, "%q of %q does not end in a question mark: ask it", r, q.ID)
		}
	}
	for _, a := range slices.Concat(q.AskedAs, q.Searched) {
		check(q.Pos, "a way of asking", a, minAskedWords, maxAskedWords)
	}
	for _, p := range q.Points {
		check(p.Pos, "point "+p.ID, p.Text, minSentence, maxSentence)
		for _, s := range p.Say {
			check(p.Pos, "a wording of point "+p.ID, s, minSayWords, maxSayWords)
		}
	}
	for _, m := range q.Mistakes {
		check(m.Pos, "a claim", m.Claim, minSentence, maxSentence)
		check(m.Pos, "a fix", m.Fix, minSentence, maxSentence)
		for _, s := range m.Say {
			check(m.Pos, "a wording of a mistake", s, minSayWords, maxSayWords)
		}
	}
}

// quoteShort quotes a text that fits into a line.
func quoteShort(text string) string {
	if len(text) > 120 {
		return ""
	}
	return fmt.Sprintf(": %q", text)
}

func (l *linter) counts(q *Question) {
	check := func(p Pos, what string, n, least, most int) {
		if n < least || n > most {
			l.find(RuleCount, p, what, "%s of %q: %d, should be %d to %d", what, q.ID, n, least, most)
		}
	}
	check(q.Pos, "asked_as", len(q.AskedAs), minAskedAs, maxAskedAs)
	check(q.Pos, "points", len(q.Points), minPoints, maxPoints)
	check(q.Pos, "mistakes", len(q.Mistakes), minMistakes, maxMistakes)
	heavy := 0
	for _, p := range q.Points {
		if p.Weight == 3 {
			heavy++
		}
		check(p.Pos, "wordings of point "+p.ID, len(p.Say), minSay, maxSay)
	}
	if len(q.Points) > 0 {
		check(q.Pos, "points of weight 3", heavy, minEssential, maxEssential)
	}
	for i, m := range q.Mistakes {
		check(m.Pos, fmt.Sprintf("wordings of mistake %d", i+1), len(m.Say), minSay, maxSay)
	}
}

var yearMonth = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])$`)

func (l *linter) missing(q *Question) {
	for _, f := range []struct{ name, value, want string }{
		{"topic", q.Topic, "name one"},
		{"level", string(q.Level), "say one of " + joinWords(Levels)},
		{"kind", string(q.Kind), "say one of " + joinWords(Kinds)},
		{"answer", q.Answer, "write what a strong candidate would say"},
		{"as_of", q.AsOf, "say when the facts were checked, as 2026-11"},
		{"source", q.Source, "name the guide and the page"},
	} {
		if f.value == "" {
			l.find(RuleMissing, q.Pos, f.name, "%s of %q is missing: %s", f.name, q.ID, f.want)
		}
	}
	if q.AsOf != "" && !yearMonth.MatchString(q.AsOf) {
		l.find(RuleMissing, q.Pos, "as_of", "as_of of %q is %q: it should be a year and a month, as 2026-11", q.ID, q.AsOf)
	}
	if q.Text != "" && !strings.HasSuffix(q.Text, "?") {
		l.find(RuleMissing, q.Pos, "question", "the question of %q does not end in a question mark: ask it", q.ID)
	}
}

// twice finds a text that stands in two places of an entry: the second adds nothing.
func (l *linter) twice(q *Question) {
	seen := map[string]bool{}
	for _, p := range q.Passages() {
		key := strings.Join(words(p.Text), " ")
		if seen[key] && p.Kind != PassageAnswer {
			l.find(RuleTwice, l.place(q, p), p.Text, "%q stands twice in %q: say it in other words or remove one", p.Text, q.ID)
		}
		seen[key] = true
	}
}

// place is where a passage stands, as near as the bank remembers.
func (l *linter) place(q *Question, p Passage) Pos {
	switch p.Kind {
	case PassagePoint, PassageSay:
		if point, ok := q.Point(p.Part); ok {
			return point.Pos
		}
	case PassageMistake:
		for i, m := range q.Mistakes {
			if fmt.Sprint(i+1) == p.Part {
				return m.Pos
			}
		}
	}
	return q.Pos
}

func (l *linter) neighbours(q *Question) {
	for _, id := range q.Related {
		if !slices.Contains(l.related[id], q.ID) {
			l.find(RuleRelated, q.Pos, id, "%q names %q as related, which does not name it back: add it there", q.ID, id)
		}
	}
}

func (l *linter) followUps(q *Question) {
	for _, p := range q.Points {
		if p.Weight == 3 && q.FollowUp(p.ID) == "" {
			l.find(RuleFollowUp, p.Pos, p.ID, "point %q of %q has weight 3 and no follow-up: write the question to ask when it is missed", p.ID, q.ID)
		}
	}
}

// sourceRun is how many words in a row may not come from the source.
const sourceRun = 9

var word = regexp.MustCompile(`[a-z0-9']+`)

func words(s string) []string {
	return word.FindAllString(strings.ReplaceAll(strings.ToLower(s), "’", "'"), -1)
}

// runsOf collects every run of sourceRun words of a text.
func runsOf(source string) map[string]bool {
	runs := map[string]bool{}
	ws := words(source)
	for i := 0; i+sourceRun <= len(ws); i++ {
		runs[strings.Join(ws[i:i+sourceRun], " ")] = true
	}
	return runs
}

func (l *linter) copied(q *Question) {
	if len(l.runs) == 0 {
		return
	}
	check := func(p Pos, text string) {
		ws := words(text)
		for i := 0; i+sourceRun <= len(ws); i++ {
			if run := strings.Join(ws[i:i+sourceRun], " "); l.runs[run] {
				l.find(RuleSource, p, run, "%q stands in the source too: write it in other words", run)
				return
			}
		}
	}
	for _, p := range q.Passages() {
		if p.Kind != PassageAnswer { // which comes in pieces
			check(l.place(q, p), p.Text)
		}
	}
	check(q.Pos, q.Answer)
	for _, m := range q.Mistakes {
		check(m.Pos, m.Fix)
	}
	for _, f := range q.FollowUps {
		check(f.Pos, f.Ask)
	}
}
