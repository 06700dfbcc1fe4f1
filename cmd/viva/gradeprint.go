package main

import (
	"fmt"
	"io"
	"strings"

	"viva/cmd/viva/plain"
	"viva/content"
	"viva/interviewer/grade"
)

// printGrade shows a grade to a person: the answer with the words that count
// marked, the points, the mistakes, and what to say next time.
func (a *app) printGrade(q content.Question, answer string, g grade.Grade) error {
	var out strings.Builder
	fmt.Fprintf(&out, "%s\n\n%s\n\nGrade: %s\n\n", q.Text, a.marked(answer, g), plain.Headline(g))
	for _, p := range g.Points {
		firmness := ""
		if p.Firmness == grade.CloseCall {
			firmness = " (a close call)"
		}
		fmt.Fprintf(&out, "%s %-12s %s%s\n", p.Verdict.Sign(), p.Verdict, p.Text, firmness)
		if p.Quote != "" {
			fmt.Fprintf(&out, "               “%s”\n", p.Quote)
		}
	}
	for _, m := range g.Mistakes {
		fmt.Fprintf(&out, "\nMistake: “%s”\n%s\n", m.Quote, m.Fix)
	}
	if g.Feedback != "" {
		fmt.Fprintf(&out, "\n%s\n", g.Feedback)
	}
	for _, s := range sayNext(q, g) {
		fmt.Fprintf(&out, "Next time you could say: “%s”\n", s)
	}
	for _, f := range g.Flags {
		if text := f.Remark(); text != "" {
			fmt.Fprintf(&out, "\nNote: %s\n", text)
		}
	}
	_, err := io.WriteString(a.out, out.String())
	return err
}

// adviceGrade is a grade with the questions that test what it missed.
type adviceGrade struct {
	grade.Grade
	Practise []string `json:"practise,omitempty"`
}

func refs(qs []content.Question) []string {
	var names []string
	for _, q := range qs {
		names = append(names, q.Ref())
	}
	return names
}

// printAdvice says what to practise next.
func (a *app) printAdvice(qs []content.Question) error {
	if len(qs) == 0 {
		return nil
	}
	var out strings.Builder
	out.WriteString("\nTo practise next, on what was missed:\n")
	for _, q := range qs {
		fmt.Fprintf(&out, "· %s\n  viva --question %s%s\n", q.Text, q.Ref(), a.bankFlags())
	}
	_, err := io.WriteString(a.out, out.String())
	return err
}

// bankFlags repeats the banks that the command line or the environment named.
func (a *app) bankFlags() string {
	flags := ""
	for _, path := range a.config.Banks {
		if strings.ContainsAny(path, " '\"") {
			path = "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
		}
		flags += " --bank " + path
	}
	return flags
}

// sayNextMost is how many things to say next time are shown.
const sayNextMost = 2

// sayNext returns how the heaviest points that were missed can be said.
func sayNext(q content.Question, g grade.Grade) []string {
	var say []string
	for _, p := range g.Open() {
		point, ok := q.Point(p.ID)
		if ok && p.Verdict != grade.Partly && len(point.Say) > 0 && len(say) < sayNextMost {
			say = append(say, point.Say[0])
		}
	}
	return say
}

// colours of the verdicts, as escape sequences.
var colours = map[grade.Verdict]string{grade.Met: "\x1b[32m", grade.Partly: "\x1b[33m", grade.Contradicted: "\x1b[31m"}

// usual ends a colour.
const usual = "\x1b[0m"

// marked is the answer with its quoted words in colour or, without colour, in
// brackets behind the sign of the verdict.
func (a *app) marked(answer string, g grade.Grade) string {
	var out strings.Builder
	end := 0
	for _, m := range g.Marks(answer) {
		out.WriteString(answer[end:m.From])
		if a.noColor {
			fmt.Fprintf(&out, "[%s %s]", m.Verdict.Sign(), answer[m.From:m.To])
		} else {
			out.WriteString(colours[m.Verdict] + answer[m.From:m.To] + usual)
		}
		end = m.To
	}
	return strings.TrimSpace(out.String() + answer[end:])
}
