package tui

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	"github.com/charmbracelet/x/ansi"

	"viva/content"
	"viva/interviewer/grade"
)

const (
	labelWidth  = 16 // of the verdicts, where there is room for a column
	numberWidth = 3  // of the points' numbers
	wideEnough  = 60 // columns that are enough for it
	barWidth    = 20
)

func (m *model) byModel() bool {
	return m.out.Grade != nil && m.out.Grade.Grader.Kind == grade.ByModel
}

// gradePage shows what became of an answer, point by point.
func (m *model) gradePage() []string {
	s, w := m.styles, m.column()
	p := append(paint(wrap(m.ask.Text, w), s.dim), "")
	g := m.out.Grade
	if g == nil {
		p = append(p, wrap("Kept, and not graded: the bank has no reference answer to this question.", w)...)
		return p
	}
	p = append(p, m.scorePart()...)
	if m.disputed != nil {
		p = append(p, m.disputedPart()...)
	}
	feedback := g.Feedback
	if m.out.Due != "" { // feedback names what the follow-up asks
		feedback = m.out.Opening
	}
	if !blank(feedback) {
		p = append(append(p, ""), wrap(feedback, w)...)
	}
	p = append(p, "")
	for i, point := range g.Points {
		if m.ask.FollowUp() && point.ID != m.ask.Point && point.Verdict == grade.Missed {
			continue // nobody asked about it
		}
		if i > 0 && m.height >= tall {
			p = append(p, "")
		}
		p = append(p, m.pointPart(i+1, point)...)
	}
	p = append(p, m.mistakesPart()...)
	p = append(p, m.remarksPart()...)
	p = append(p, m.answerPart()...)
	if m.reference {
		p = append(p, m.referencePart(m.ask.Question)...)
	}
	return p
}

var spinner = [...]string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

func (m *model) gradingPage() []string {
	s, w := m.styles, m.column()
	sign := "·"
	if !s.still {
		sign = spinner[m.frame%len(spinner)]
	}
	line := m.doing
	if m.heard.Grade != nil {
		line = "Wording the feedback"
	}
	seconds := int(m.now.Sub(m.began) / time.Second)
	if seconds > 0 {
		line += fmt.Sprintf(" · %d s", seconds)
	}
	var p []string
	if m.ask.Of > 0 {
		p = append(paint(wrap(m.ask.Text, w), s.strong), "")
	}
	if n := m.heard.Tokens; n > 0 {
		line += " · " + count(n, "token", "tokens")
	}
	if m.heard.Of > 0 {
		line += fmt.Sprintf(" · point %d of %d", len(m.heard.Points)+1, m.heard.Of)
	}
	p = append(p, hang(s.accent.Render(sign)+" ", wrap(line, w-2))...)
	p = append(p, m.stallPart(seconds)...)
	if m.heard.Grade != nil || len(m.heard.Points) > 0 {
		return append(p, m.settledPart()...)
	}
	p = append(p, paint(hang("  ", wrap("Waiting for: "+m.opts.Grader+". Esc stops, and keeps your words.", w-2)), s.dim)...)
	if text := readable(m.box.Value()); !blank(text) {
		p = append(append(p, ""), m.quoted(text)...)
	}
	return p
}

// longWait is after how many seconds a wait is no longer taken for granted.
const longWait = 15

// stallPart says in a sentence what a long wait means and what can be done.
func (m *model) stallPart(seconds int) []string {
	if seconds < longWait || m.heard.Feedback != "" {
		return nil
	}
	text := "This takes long. A model that has to be loaded, or that runs on this machine, may need a minute; Esc stops it, and then an estimate is one key away."
	return paint(hang("  ", wrap(text, m.column()-2)), m.styles.notice)
}

// settledPart shows the verdicts that are known, while the model judges the other
// points or words its feedback.
func (m *model) settledPart() []string {
	p := []string{""}
	points := m.heard.Points
	if m.heard.Grade != nil {
		points = m.heard.Grade.Points
	}
	for i, point := range points {
		p = append(p, m.pointPart(i+1, point)...)
	}
	if m.heard.Feedback != "" {
		p = append(append(p, ""), wrap(m.heard.Feedback, m.column())...)
	}
	return p
}

// answerPart is the answer with the words marked that the verdicts rest on, by sign
// and by colour.
func (m *model) answerPart() []string {
	text := readable(m.lastAnswer())
	if blank(text) {
		return nil
	}
	var signed strings.Builder
	var parts []styled
	end := 0
	for _, mark := range m.out.Grade.Marks(text) {
		signed.WriteString(text[end:mark.From])
		_, style := m.styles.verdict(mark.Verdict)
		from := signed.Len()
		signed.WriteString(mark.Verdict.Sign() + " " + text[mark.From:mark.To])
		parts = append(parts, styled{Span{from, signed.Len()}, style})
		end = mark.To
	}
	signed.WriteString(text[end:])
	p := []string{"", m.styles.strong.Render("Your answer") + m.styles.dim.Render(m.paceLine())}
	for _, l := range bringOut(signed.String(), parts, m.column()-2, m.styles.dim) {
		p = append(p, m.styles.rule.Render("│")+" "+l)
	}
	return p
}

// paceLine says how the last answer came; it stands beside the grade, not in it.
func (m *model) paceLine() string {
	n := len(m.turn.Answers)
	if n == 0 {
		return ""
	}
	pace := m.turn.Answers[n-1].Pace()
	text := "  " + count(pace.Words, "word", "words")
	if pace.Seconds > 0 {
		text += " in " + clockTime(pace.Seconds)
	}
	if pace.FirstWord > 0 {
		text += ", the first after " + clockTime(pace.FirstWord)
	}
	if pace.PerMinute > 0 {
		text += fmt.Sprintf(", %d a minute", pace.PerMinute)
	}
	return text
}

// clockTime is seconds as a clock has them.
func clockTime(seconds float64) string {
	s := int(seconds + 0.5)
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// scorePart is the score, where it comes from, and who gave it.
func (m *model) scorePart() []string {
	s, w := m.styles, m.column()
	g, total := m.out.Grade, m.out.Total
	if total == nil {
		total = g
	}
	if total.Score == nil {
		why := "no honest score can be given"
		if g.Error != nil {
			why = *g.Error
		}
		return append(paint(wrap("No score: "+why, w), s.strong), paint(wrap(m.gradedBy(), w), s.dim)...)
	}
	score := *total.Score
	line := s.band(score).Bold(true).Render(fmt.Sprint(score)) + s.dim.Render(" of 100")
	if total.PlusMinus != nil {
		line = s.band(score).Bold(true).Render(fmt.Sprint(score)) + s.dim.Render(fmt.Sprintf(" ± %d", *total.PlusMinus))
	}
	line += "  " + s.band(score).Render(oneLine(total.Band))
	if w >= wideEnough {
		line += "  " + m.rule(score, barWidth)
	}
	p := []string{line}
	if from := m.scoreFrom(*total.Score); from != "" {
		p = append(p, wrap(from, w)...)
	}
	return append(p, paint(wrap(m.gradedBy(), w), s.dim)...)
}

// scoreFrom tells how the question's score differs from this answer's.
func (m *model) scoreFrom(total int) string {
	var parts []string
	if m.ask.FollowUp() {
		parts = append(parts, "the whole question so far, this follow-up included")
	} else if own := m.out.Grade.Score; own != nil && *own != total {
		parts = append(parts, fmt.Sprintf("%d for the answer", *own))
	}
	if first := m.out.First; first != nil {
		parts = append(parts, fmt.Sprintf("%s the first try, which had %d and counts", compared(total-*first), *first))
	}
	if n := len(m.turn.Hints); n > 0 {
		parts = append(parts, fmt.Sprintf("less %d for %s", n*grade.HintCost, count(n, "hint", "hints")))
	}
	return strings.Join(parts, ", ")
}

// compared puts a difference of scores into words.
func compared(more int) string {
	switch {
	case more > 0:
		return fmt.Sprintf("%d more than", more)
	case more < 0:
		return fmt.Sprintf("%d less than", -more)
	}
	return "as much as"
}

func (m *model) gradedBy() string {
	g := m.out.Grade.Grader
	if g.Kind == grade.ByModel {
		return "graded by " + g.Name
	}
	if m.out.Failure != nil {
		return "estimate, because the model could not grade"
	}
	return "estimate, no model's judgement"
}

func (m *model) disputedPart() []string {
	d := m.disputed
	text := "Judged again because you objected: "
	if d.Score != nil {
		text += fmt.Sprintf("%d, %s. ", *d.Score, d.Band)
	}
	text += "Both grades are kept; the first one counts."
	return append([]string{""}, paint(wrap(text, m.column()), m.styles.notice)...)
}

// pointPart is one point: its verdict, what it says, and the words that earned it.
func (m *model) pointPart(n int, point grade.PointGrade) []string {
	s, w := m.styles, m.column()
	if point.ID == m.out.Due {
		point.Text = "This is what the follow-up asks about."
	}
	label, style := s.verdict(point.Verdict)
	if d := m.newVerdict(point); d != "" {
		label, style = s.verdict(d)
		label += " *"
	}
	if w < wideEnough {
		p := []string{style.Render(label) + s.dim.Render(fmt.Sprintf(" · %d", n))}
		p = append(p, hang("  ", wrap(point.Text, w-2))...)
		return append(p, m.quote("  ", point.Quote)...)
	}
	p := hang(column(style.Render(label))+s.dim.Render(fmt.Sprintf("%-*d", numberWidth, n)),
		wrap(point.Text, w-labelWidth-numberWidth))
	return append(p, m.quote(strings.Repeat(" ", labelWidth+numberWidth), point.Quote)...)
}

// column pads a verdict to its column.
func column(label string) string {
	return label + strings.Repeat(" ", max(labelWidth-ansi.StringWidth(label), 1))
}

// newVerdict is what a dispute made of a point; "": nothing else.
func (m *model) newVerdict(point grade.PointGrade) grade.Verdict {
	if m.disputed == nil {
		return ""
	}
	for _, p := range m.disputed.Points {
		if p.ID == point.ID && p.Verdict != point.Verdict {
			return p.Verdict
		}
	}
	return ""
}

// quote is the candidate's words behind a verdict.
func (m *model) quote(indent, words string) []string {
	if blank(words) {
		return nil
	}
	lines := wrap("“"+oneLine(words)+"”", m.column()-len(indent))
	return paint(hang(indent, lines), m.styles.dim)
}

// mistakesPart shows each wrong claim in the candidate's words, and the truth.
func (m *model) mistakesPart() []string {
	s, w := m.styles, m.column()
	prefix, indent := s.bad.Render("! mistake")+"  ", 2
	if w >= wideEnough {
		prefix, indent = column(s.bad.Render("! mistake"))+strings.Repeat(" ", numberWidth), labelWidth+numberWidth
	}
	var p []string
	for _, x := range m.out.Grade.Mistakes {
		said := x.Quote
		if blank(said) {
			said = x.Claim
		}
		p = append(append(p, ""), hang(prefix, wrap("“"+oneLine(said)+"”", w-ansi.StringWidth(prefix)))...)
		p = append(p, hang(strings.Repeat(" ", indent), wrap(x.Fix, w-indent))...)
	}
	return p
}

func (m *model) remarksPart() []string {
	s, w := m.styles, m.column()
	var p []string
	for _, f := range m.out.Grade.Flags {
		if text := f.Remark(); text != "" {
			p = append(p, paint(hang("· ", wrap(text, w-2)), s.dim)...)
		}
	}
	if m.out.Failure != nil {
		p = append(p, paint(hang("· ", wrap("The model: "+m.out.Failure.Error(), w-2)), s.dim)...)
		if h := hintOf(m.out.Failure); h != "" {
			p = append(p, hang("→ ", wrap(h, w-2))...)
		}
	}
	if len(p) > 0 {
		p = append([]string{""}, p...)
	}
	return p
}

// referencePart is the bank's answer to q, and where it is from.
func (m *model) referencePart(q content.Question) []string {
	p := append([]string{"", m.styles.strong.Render("Reference answer")}, markdown(q.Answer, m.column(), m.styles)...)
	source := q.Source
	if q.AsOf != "" {
		source = strings.TrimSpace(source + " (checked " + q.AsOf + ")")
	}
	if source != "" {
		p = append(append(p, ""), paint(wrap(source, m.column()), m.styles.dim)...)
	}
	return p
}

// failedPage tells what could not be done, and what can be done now.
func (m *model) failedPage() []string {
	s, w := m.styles, m.column()
	p := paint(hang("! ", wrap(m.trouble.title, w-2)), s.strong)
	if err := m.trouble.err; err != nil {
		p = append(append(p, ""), wrap(err.Error(), w)...)
		if h := hintOf(err); h != "" {
			p = append(p, paint(hang("→ ", wrap(h, w-2)), s.accent)...)
		}
	}
	p = append(p, "")
	if !m.trouble.stuck {
		p = append(append(p, wrap("What you wrote is kept. What now?", w)...), "")
	}
	for _, c := range m.choices() {
		p = append(p, hang(s.accent.Render(c.Help().Key)+"  ", wrap(m.explain(c), w-3))...)
	}
	if text := m.lastAnswer(); !m.trouble.stuck && !m.trouble.ending && !blank(text) {
		p = append(append(p, ""), m.quoted(text)...)
	}
	return p
}

// choices are the keys that decide what happens after a failure.
func (m *model) choices() []key.Binding {
	k := m.keys
	if m.trouble.stuck {
		return []key.Binding{k.retry}
	}
	choices := []key.Binding{k.estimate, k.retry, k.wait}
	if m.trouble.ending {
		choices[2] = as(k.wait, "end")
	}
	if m.canChange() {
		choices = append(choices, k.change)
	}
	return choices
}

// explain says in full what a choice does.
func (m *model) explain(c key.Binding) string {
	switch c.Help().Key {
	case m.keys.estimate.Help().Key:
		return "take an estimate now, without the model"
	case m.keys.retry.Help().Key:
		if m.trouble.stuck {
			return "try again"
		}
		return "try the grader again"
	case m.keys.change.Help().Key:
		return "change the answer: a second try, while the first one counts"
	}
	if m.trouble.ending {
		return "end without a grade (or Enter)"
	}
	return "let it wait, and go on (or Enter)"
}

// hintOf is what an error says can be done about it, or "".
func hintOf(err error) string {
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		return oneLine(h.Hint())
	}
	return ""
}
