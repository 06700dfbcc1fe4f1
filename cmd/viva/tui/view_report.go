package tui

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"

	"viva/interviewer"
	"viva/interviewer/grade"
)

// studyItems is how many missed points the report names.
const studyItems = 6

// reportPage is the interview at a glance: the score, each question, what to
// study, and where it is kept.
func (m *model) reportPage() []string {
	s, w := m.styles, m.column()
	r := m.report
	p := append(paint(wrap("That was the interview. Thank you.", w), s.strong), "")
	p = append(p, m.totalLine(r))
	p = append(p, m.partsLine("By topic", r.Topics)...)
	p = append(p, m.partsLine("By level", r.Levels)...)
	p = append(p, "")
	for i, t := range r.Turns {
		p = append(p, m.turnPart(i+1, t)...)
	}
	p = append(p, m.strongPart(r)...)
	p = append(p, m.studyPart(r)...)
	p = append(p, m.advicePart()...)
	p = append(p, "")
	return append(p, paint(wrap("Kept, with every answer and the reference answers: viva report "+r.Session, w), s.dim)...)
}

func (m *model) totalLine(r interviewer.Report) string {
	s := m.styles
	if r.Score == nil {
		return s.dim.Render("No score: nothing was graded.")
	}
	score := *r.Score
	line := s.band(score).Bold(true).Render(fmt.Sprint(score)) + s.dim.Render(" of 100") +
		"  " + s.band(score).Render(grade.Band(score))
	if m.column() >= wideEnough {
		line += "  " + m.rule(score, barWidth)
	}
	return line + "  " + s.dim.Render(graders(r.Grader))
}

func graders(k grade.Kind) string {
	switch k {
	case grade.ByModel:
		return "graded by the model"
	case grade.ByEstimate:
		return "estimate"
	}
	return "partly the model, partly estimated"
}

// turnPart is one question's line of scores above its words.
func (m *model) turnPart(n int, t interviewer.ReportTurn) []string {
	s, w := m.styles, m.column()
	mark, style := m.turnMark(t)
	about := strings.Trim(oneLine(t.Topic)+" · "+oneLine(string(t.Level)), " ·")
	if t.Hints > 0 {
		about = strings.TrimPrefix(about+" · "+count(t.Hints, "hint", "hints"), " · ")
	}
	head := s.dim.Render(fmt.Sprintf("%2d  ", n)) + style.Render(mark)
	if about != "" {
		head += "  " + s.dim.Render(about)
	}
	return append([]string{head}, hang("    ", wrap(t.Prompt, w-4))...)
}

// turnMark is a question's score in words.
func (m *model) turnMark(t interviewer.ReportTurn) (string, lipgloss.Style) {
	s := m.styles
	switch {
	case t.Score != nil && t.Best != nil && *t.Best > *t.Score:
		return fmt.Sprintf("%d %s, best try %d", *t.Score, grade.Band(*t.Score), *t.Best), s.band(*t.Score)
	case t.Score != nil:
		return fmt.Sprintf("%d %s", *t.Score, grade.Band(*t.Score)), s.band(*t.Score)
	case t.Skipped:
		return "skipped", s.dim
	case len(t.Answers) == 0:
		return "not answered", s.dim
	case t.Reference == "":
		return "kept, not graded", s.dim
	}
	return "no grade yet", s.notice
}

// partsLine is how topics or levels went, where there is more than one.
func (m *model) partsLine(name string, parts []interviewer.ReportPart) []string {
	if len(parts) < 2 {
		return nil
	}
	var went []string
	for _, part := range parts {
		score := "–"
		if part.Score != nil {
			score = fmt.Sprint(*part.Score)
		}
		went = append(went, oneLine(part.Name)+" "+score)
	}
	return paint(hang(name+": ", wrap(strings.Join(went, " · "), m.column()-len(name)-2)), m.styles.dim)
}

// strongPart names the heaviest points that were made, in the candidate's words.
func (m *model) strongPart(r interviewer.Report) []string {
	if len(r.Strong) == 0 {
		return nil
	}
	p := []string{"", m.styles.strong.Render("What was strong")}
	for _, point := range r.Strong {
		p = append(p, hang("· ", wrap(point.Text, m.column()-2))...)
		p = append(p, m.quote("  ", point.Quote)...)
	}
	return p
}

// studyPart names the points that were open to the end, the heaviest first.
func (m *model) studyPart(r interviewer.Report) []string {
	var items []string
	for weight := 3; weight >= 2; weight-- {
		for _, t := range r.Turns {
			items = append(items, open(t, weight)...)
		}
	}
	if len(items) == 0 {
		return nil
	}
	more := len(items) - studyItems
	p := []string{"", m.styles.strong.Render("To study")}
	for _, text := range items[:min(len(items), studyItems)] {
		p = append(p, hang("· ", wrap(text, m.column()-2))...)
	}
	if more > 0 {
		p = append(p, m.styles.dim.Render("  and "+count(more, "more point", "more points")+" in the full report"))
	}
	return p
}

// open names a question's missed points of that weight.
func open(t interviewer.ReportTurn, weight int) []string {
	var texts []string
	for _, p := range t.Missed() {
		if p.Weight != weight {
			continue
		}
		text := p.Text
		if t.Topic != "" {
			text = t.Topic + ": " + text
		}
		texts = append(texts, text)
	}
	return texts
}

// advicePart names what to practise next.
func (m *model) advicePart() []string {
	if len(m.advice) == 0 {
		return nil
	}
	p := []string{"", m.styles.strong.Render("To practise next, on what was missed")}
	for _, q := range m.advice {
		p = append(p, hang("· ", wrap(q.Text, m.column()-2))...)
		p = append(p, hang("  ", paint(wrap("viva --question "+q.Ref(), m.column()-2), m.styles.dim))...)
	}
	return p
}

// helpText is the help, in rows of a key and what it does; a row without a key
// is a heading.
var helpText = [...][2]string{
	{"", "While you answer"},
	{"Ctrl+D", "submit (also Ctrl+S, Alt+Enter)"},
	{"Enter", "a new line"},
	{"Ctrl+T", "a hint, which costs points: it asks first"},
	{"Ctrl+R", "the question in other words"},
	{"Ctrl+N", "skip the question: it asks first"},
	{"Ctrl+O", "write in your editor ($VISUAL or $EDITOR)"},
	{"PgUp PgDn", "move through a long question"},
	{"F1 Ctrl+G", "this help"},
	{"", "Alone in the box, then submitted"},
	{"/hint", "and /repeat /skip /again /help /quit: as the keys do"},
	{"/answer", "the reference answer to the question before"},
	{"", "At a grade"},
	{"Enter", "go on"},
	{"a", "show or hide the reference answer"},
	{"r", "try the question again: the first try counts"},
	{"d", "dispute a verdict, if a model graded"},
	{"↑ ↓", "move, also k j, PgUp PgDn, Home End"},
	{"q", "leave"},
	{"", "When the model could not grade"},
	{"e", "take an estimate now"},
	{"r", "try again"},
	{"w", "let it wait and go on (also Enter)"},
	{"c", "change the answer"},
	{"", "Always"},
	{"Esc", "leave the innermost thing, stop what runs; loses nothing"},
	{"Ctrl+C", "stop what runs; twice: leave, to resume later"},
	{"", "Signs"},
	{"✓ ◐ ✗ !", "met, partly, missed, contradicted"},
}

func (m *model) helpPage() []string {
	const keys = 11
	s, w := m.styles, m.column()
	var p []string
	for i, row := range helpText {
		if row[0] == "" {
			if i > 0 {
				p = append(p, "")
			}
			p = append(p, s.strong.Render(row[1]))
			continue
		}
		p = append(p, hang(s.accent.Render(fmt.Sprintf("%-*s", keys, row[0])), wrap(row[1], w-keys))...)
	}
	return p
}
