package main

import (
	"fmt"
	"io"
	"slices"
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
		fmt.Fprintf(&out, "· %s\n  viva --question %s\n", q.Text, q.Ref())
	}
	_, err := io.WriteString(a.out, out.String())
	return err
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

// mark is a stretch of an answer that a verdict rests on.
type mark struct {
	from, to int
	verdict  grade.Verdict
	point    int // its place in the grade, from 1; 0: a mistake
}

// Colours of the marks.
const (
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	red    = "\x1b[31m"
	usual  = "\x1b[0m"
)

// colour shows a mark's verdict, as an escape sequence.
func (m mark) colour() string {
	switch m.verdict {
	case grade.Met:
		return green
	case grade.Partly:
		return yellow
	}
	return red
}

// marks finds the words of the answer that g quotes, in their order. A word has
// one mark, that of the mistake before that of a point.
func marks(answer string, g grade.Grade) []mark {
	var marks []mark
	add := func(quote string, v grade.Verdict, point int) {
		from := strings.Index(answer, quote)
		if quote == "" || from < 0 {
			return
		}
		m := mark{from, from + len(quote), v, point}
		if !slices.ContainsFunc(marks, func(n mark) bool { return m.from < n.to && n.from < m.to }) {
			marks = append(marks, m)
		}
	}
	for _, m := range g.Mistakes {
		add(m.Quote, grade.Contradicted, 0)
	}
	for _, v := range []grade.Verdict{grade.Contradicted, grade.Met, grade.Partly} {
		for i, p := range g.Points {
			if p.Verdict == v {
				add(p.Quote, v, i+1)
			}
		}
	}
	slices.SortFunc(marks, func(m, n mark) int { return m.from - n.from })
	return marks
}

// marked is the answer with its quoted words in colour or, without colour, in
// brackets behind the sign of the verdict.
func (a *app) marked(answer string, g grade.Grade) string {
	var out strings.Builder
	end := 0
	for _, m := range marks(answer, g) {
		out.WriteString(answer[end:m.from])
		if a.noColor {
			fmt.Fprintf(&out, "[%s %s]", m.verdict.Sign(), answer[m.from:m.to])
		} else {
			out.WriteString(m.colour() + answer[m.from:m.to] + usual)
		}
		end = m.to
	}
	return strings.TrimSpace(out.String() + answer[end:])
}
