package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Bounds of a good entry; see the rules that use them.
const (
	lintAnswerMin, lintAnswerMax = 60, 150 // words
	lintAskedMin, lintAskedMax   = 4, 8
	lintPointsMin, lintPointsMax = 3, 7
	lintMistakeMin               = 2
	lintMistakeMax               = 5
	lintSayMin                   = 2
	lintRun                      = 9    // words in a row that must not come from a source
	lintAlike                    = 0.86 // cosine from which two points say the same
	lintNear                     = 0.6  // a wording as near as this to a text is about it
	lintAstray                   = 0.1  // one this much nearer to the wrong text is astray
)

// Similarity is the cosine of two texts' meanings.
type Similarity func(a, b string) (float64, error)

// Lint reports what makes entries poor though valid: too few wordings, points
// that say the same, wordings that lie nearer to another question or to the
// opposite claim, one-sided neighbours, and runs of words shared with source,
// a text that nothing may be copied from ("" for none). The error is similar's.
func Lint(b *Bank, similar Similarity, source string) (Faults, error) {
	l := &linter{bank: b, similar: similar, runs: runsOf(source)}
	for i := range b.Questions {
		q := &b.Questions[i]
		l.counts(q)
		l.followUps(q)
		l.related(q)
		l.spelling(q)
		l.copied(q)
		l.pointsAlike(q)
		l.wordingsAstray(q)
		l.mistakesAstray(q)
	}
	return l.faults, l.err
}

type linter struct {
	bank    *Bank
	similar Similarity
	runs    map[string]bool
	faults  Faults
	err     error // the first one of similar
}

func (l *linter) fault(p Pos, format string, args ...any) {
	l.faults = append(l.faults, Fault{p, fmt.Sprintf(format, args...)})
}

// cosine remembers the first error, after which everything is unlike.
func (l *linter) cosine(a, b string) float64 {
	if l.err != nil {
		return 0
	}
	c, err := l.similar(a, b)
	l.err = err
	return c
}

func (l *linter) counts(q *Question) {
	check := func(p Pos, what string, n, min, max int) {
		if n < min || n > max {
			l.fault(p, "%s of %q: %d, should be %d to %d", what, q.ID, n, min, max)
		}
	}
	check(q.Pos, "words in the answer", len(words(q.Answer)), lintAnswerMin, lintAnswerMax)
	check(q.Pos, "asked_as", len(q.AskedAs), lintAskedMin, lintAskedMax)
	check(q.Pos, "points", len(q.Points), lintPointsMin, lintPointsMax)
	check(q.Pos, "mistakes", len(q.Mistakes), lintMistakeMin, lintMistakeMax)
	for _, p := range q.Points {
		check(p.Pos, "wordings of point "+p.ID, len(p.Say), lintSayMin, 5)
	}
	for _, m := range q.Mistakes {
		check(m.Pos, "wordings of a mistake", len(m.Say), lintSayMin, 5)
	}
	for what, missing := range map[string]bool{
		"level": q.Level == "", "kind": q.Kind == "", "as_of": q.AsOf == "", "source": q.Source == "", "topic": q.Topic == "",
	} {
		if missing {
			l.fault(q.Pos, "%s of %q is missing", what, q.ID)
		}
	}
}

func (l *linter) followUps(q *Question) {
	for _, p := range q.Points {
		if p.Weight == 3 && q.FollowUp(p.ID) == "" {
			l.fault(p.Pos, "point %q of %q has weight 3 and no follow-up: write the question to ask when it is missed", p.ID, q.ID)
		}
	}
}

func (l *linter) related(q *Question) {
	for _, id := range q.Related {
		for _, other := range l.bank.Questions {
			if other.ID == id && !slices.Contains(other.Related, q.ID) {
				l.fault(q.Pos, "%q names %q as related, which does not name it back: add it there", q.ID, id)
			}
		}
	}
}

// misspelt maps wrong spellings of AWS names to the right ones.
var misspelt = map[*regexp.Regexp]string{
	regexp.MustCompile(`\b(Cloudwatch|Cloud Watch)\b`):       "CloudWatch",
	regexp.MustCompile(`\b(Cloudtrail|Cloud Trail)\b`):       "CloudTrail",
	regexp.MustCompile(`\b(Cloudfront|Cloud Front)\b`):       "CloudFront",
	regexp.MustCompile(`\b(Cloudformation)\b`):               "CloudFormation",
	regexp.MustCompile(`\b(DynamoDb|Dynamodb|Dynamo DB)\b`):  "DynamoDB",
	regexp.MustCompile(`\b(Eventbridge|Event Bridge)\b`):     "EventBridge",
	regexp.MustCompile(`\b(Api Gateway|API gateway)\b`):      "API Gateway",
	regexp.MustCompile(`\b(Codedeploy|Code Deploy)\b`):       "CodeDeploy",
	regexp.MustCompile(`\b(Guardduty|Guard Duty)\b`):         "GuardDuty",
	regexp.MustCompile(`\b(Snapstart|Snap Start)\b`):         "SnapStart",
	regexp.MustCompile(`\b(Step functions|Stepfunctions)\b`): "Step Functions",
}

// spelling checks what is shown; wordings are how people talk and may be sloppy.
func (l *linter) spelling(q *Question) {
	check := func(p Pos, text string) {
		for wrong, right := range misspelt {
			if m := wrong.FindString(text); m != "" {
				l.fault(p, "%q is spelt %q", m, right)
			}
		}
	}
	check(q.Pos, q.Text)
	check(q.Pos, q.Answer)
	for _, p := range q.Points {
		check(p.Pos, p.Text)
	}
	for _, m := range q.Mistakes {
		check(m.Pos, m.Claim)
		check(m.Pos, m.Fix)
	}
}

var word = regexp.MustCompile(`[a-z0-9']+`)

func words(s string) []string {
	return word.FindAllString(strings.ReplaceAll(strings.ToLower(s), "’", "'"), -1)
}

// runsOf collects every run of lintRun words of a text.
func runsOf(source string) map[string]bool {
	runs := map[string]bool{}
	ws := words(source)
	for i := 0; i+lintRun <= len(ws); i++ {
		runs[strings.Join(ws[i:i+lintRun], " ")] = true
	}
	return runs
}

func (l *linter) copied(q *Question) {
	if len(l.runs) == 0 {
		return
	}
	check := func(p Pos, text string) {
		ws := words(text)
		for i := 0; i+lintRun <= len(ws); i++ {
			if run := strings.Join(ws[i:i+lintRun], " "); l.runs[run] {
				l.fault(p, "%q stands in the source too: write it in other words", run)
				return
			}
		}
	}
	for _, p := range q.Passages() {
		check(q.Pos, p.Text)
	}
	for _, m := range q.Mistakes {
		check(m.Pos, m.Fix)
	}
	for _, f := range q.FollowUps {
		check(f.Pos, f.Ask)
	}
}

func (l *linter) pointsAlike(q *Question) {
	for i, p := range q.Points {
		for _, o := range q.Points[i+1:] {
			if c := l.cosine(p.Text, o.Text); c >= lintAlike {
				l.fault(o.Pos, "points %q and %q of %q say the same (cosine %.2f): merge them or set them apart", p.ID, o.ID, q.ID, c)
			}
		}
	}
}

// wordingsAstray finds ways of asking that lie nearer to another question. A
// neighbour named in related may be as near as it likes.
func (l *linter) wordingsAstray(q *Question) {
	for _, w := range q.AskedAs {
		own := l.nearest(q, w)
		rival, best := "", own+lintAstray
		for i := range l.bank.Questions {
			o := &l.bank.Questions[i]
			if o.ID == q.ID || slices.Contains(q.Related, o.ID) {
				continue
			}
			if c := l.nearest(o, w); c >= lintNear && c > best {
				rival, best = o.ID, c
			}
		}
		if rival != "" {
			l.fault(q.Pos, "%q of %q lies nearer to %q (cosine %.2f against %.2f): reword it", w, q.ID, rival, best, own)
		}
	}
}

// nearest is the highest cosine of w with any true text of q but w itself.
func (l *linter) nearest(q *Question, w string) float64 {
	best := -1.0
	for _, p := range q.Passages() {
		if p.Text != w && p.Kind != PassageMistake {
			best = max(best, l.cosine(w, p.Text))
		}
	}
	return best
}

// mistakesAstray finds wordings of a mistake that lie nearer to a true point
// than to their own claim and its other wordings: a true answer would trip over
// them. Some nearness is natural, since a mistake is often a truth reversed.
func (l *linter) mistakesAstray(q *Question) {
	for _, m := range q.Mistakes {
		for _, w := range m.Say {
			own := l.cosine(w, m.Claim)
			for _, other := range m.Say {
				if other != w {
					own = max(own, l.cosine(w, other))
				}
			}
			rival, best := "", own+lintAstray
			for _, p := range q.Points {
				if c := l.cosine(w, p.Text); c >= lintNear && c > best {
					rival, best = p.ID, c
				}
			}
			if rival != "" {
				l.fault(m.Pos, "%q lies nearer to the true point %q than to its own claim (cosine %.2f against %.2f): say the error more plainly",
					w, rival, best, own)
			}
		}
	}
}
