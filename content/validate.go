package content

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Fault is one thing wrong in a bank file.
type Fault struct {
	Pos
	What string // what it is, and what it should be
}

// Error gives file:line: what.
func (f Fault) Error() string { return f.String() + ": " + f.What }

// Faults is the error of a bank that is not valid: every fault, in file order.
type Faults []Fault

// Error lists the faults, one a line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// err returns fs as an error, or nil when there is none.
func (fs Faults) err() error {
	if len(fs) == 0 {
		return nil
	}
	return fs
}

// ErrNoQuestions reports a bank without a single question.
var ErrNoQuestions = errors.New("the bank holds no question")

var kebab = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// validate checks what one file cannot know alone, and each entry's inner
// references.
func validate(b *Bank) Faults {
	v := &validator{ids: map[string]Pos{}, numbers: map[int]Pos{}}
	for _, q := range b.Questions {
		v.question(q)
	}
	for _, q := range b.Questions {
		for _, id := range q.Related {
			if _, ok := v.ids[id]; !ok {
				v.fault(q.Pos, "question %q is related to %q, which is not in the bank", q.ID, id)
			}
			if id == q.ID {
				v.fault(q.Pos, "question %q is related to itself", q.ID)
			}
		}
	}
	return v.faults
}

type validator struct {
	ids     map[string]Pos
	numbers map[int]Pos
	faults  Faults
}

func (v *validator) fault(p Pos, format string, args ...any) {
	v.faults = append(v.faults, Fault{p, fmt.Sprintf(format, args...)})
}

func (v *validator) question(q Question) {
	switch first, double := v.ids[q.ID]; {
	case q.ID == "":
		v.fault(q.Pos, "a question without an id: give it one in kebab case")
	case !kebab.MatchString(q.ID):
		v.fault(q.Pos, "id %q should be kebab case: small letters, digits and single hyphens", q.ID)
	case double:
		v.fault(q.Pos, "id %q is taken by %s: ids are unique in a bank", q.ID, first)
	default:
		v.ids[q.ID] = q.Pos
	}
	if q.Text == "" {
		v.fault(q.Pos, "question %q has no text: fill in question:", q.ID)
	}
	if first, double := v.numbers[q.Number]; double && q.Number != 0 {
		v.fault(q.Pos, "number %d is taken by %s: numbers are unique in a bank", q.Number, first)
	}
	v.numbers[q.Number] = q.Pos
	if q.Answer != "" && !strings.ContainsFunc(q.Answer, isWordRune) {
		v.fault(q.Pos, "the answer of %q holds no word: write it, or leave it out", q.ID)
	}
	if len(q.Points) > 0 && q.Answer == "" {
		v.fault(q.Pos, "question %q has points but no answer: write the reference answer too", q.ID)
	}
	v.parts(q)
}

func (v *validator) parts(q Question) {
	points := map[string]bool{}
	for _, p := range q.Points {
		switch {
		case p.ID == "":
			v.fault(p.Pos, "a point without an id: give it a short one")
		case points[p.ID]:
			v.fault(p.Pos, "point %q stands twice in question %q", p.ID, q.ID)
		}
		points[p.ID] = true
		if p.Text == "" {
			v.fault(p.Pos, "point %q has no text: state the fact in one sentence", p.ID)
		}
		if p.Weight == 0 {
			v.fault(p.Pos, "point %q has no weight: it should be 1, 2 or 3", p.ID)
		}
	}
	for _, m := range q.Mistakes {
		if m.Claim == "" || m.Fix == "" {
			v.fault(m.Pos, "a mistake needs both claim and fix")
		}
	}
	for _, f := range q.FollowUps {
		if !points[f.Point] {
			v.fault(f.Pos, "a follow-up for point %q, which question %q does not have", f.Point, q.ID)
		}
		if f.Ask == "" {
			v.fault(f.Pos, "a follow-up without ask: write the question")
		}
	}
	for _, ok := range q.LintOK {
		if ok.Rule == "" || ok.About == "" || ok.Reason == "" {
			v.fault(ok.Pos, "a lint_ok needs rule, about and reason: say which finding it excuses, and why")
		}
	}
}
