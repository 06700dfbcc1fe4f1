package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"viva/interviewer"
)

const (
	maxColumn = 100 // widest readable text
	minBox    = 3   // lines of the answer box
	maxBox    = 12
	lowScreen = 18 // screens lower than this do without ornament
	tall      = 34 // screens from here on have room between the points
)

// View draws the model.
func (m *model) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.WindowTitle = oneLine(m.opts.Title)
	if m.width <= 0 || m.height <= 0 {
		return v
	}
	f := m.lay()
	lines := slices.Concat(f.head, f.page[f.top:min(f.top+f.room, len(f.page))], f.box)
	if m.typing() {
		if c := m.box.Cursor(); c != nil {
			c.X += m.margin()
			c.Y += len(lines) - len(f.box) + f.boxAt
			if c.X < m.width && c.Y < m.height-len(f.foot) {
				v.Cursor = c
			}
		}
	}
	lines = append(lines, make([]string, max(m.height-len(lines)-len(f.foot), 0))...)
	lines = append(lines, f.foot...)
	v.Content = strings.Join(m.place(lines[:min(len(lines), m.height)]), "\n")
	return v
}

// place sets the lines into the middle of the screen and cuts what would not fit.
func (m *model) place(lines []string) []string {
	indent := strings.Repeat(" ", m.margin())
	for i, l := range lines {
		if l = ansi.Truncate(l, m.column(), "…"); l != "" {
			lines[i] = indent + l
		} else {
			lines[i] = ""
		}
	}
	return lines
}

// column is the width of the text, and margin what stands left of it.
func (m *model) column() int {
	pad := 1
	if m.width >= 60 {
		pad = 2
	}
	return max(min(m.width-2*pad, maxColumn), 1)
}

func (m *model) margin() int { return max((m.width-m.column())/2, 0) }

// short reports whether the screen is too low for ornament.
func (m *model) short() bool { return m.height < lowScreen }

// layout is a screen cut into its parts, top to bottom.
type layout struct {
	head  []string
	page  []string // all of it; room lines from top are seen
	top   int
	room  int
	box   []string // with the space around it
	boxAt int      // where in box the answer box begins
	foot  []string
}

func (m *model) lay() layout {
	f := layout{head: m.header(), page: m.page()}
	f.room = m.height - len(f.head)
	f.foot = m.footer()
	f.room -= len(f.foot)
	if m.typing() {
		f.box, f.boxAt = m.boxLines()
		f.room -= len(f.box)
	}
	f.room = max(f.room, 0)
	air := 1 // between the page and the keys
	if m.short() || m.typing() {
		air = 0
	}
	if len(f.page) > f.room-air && f.room > 0 {
		f.room = max(f.room-1, 1)
		f.top = max(min(m.top, len(f.page)-f.room), 0)
		f.foot = slices.Insert(f.foot, 0, m.more(len(f.page)-f.room-f.top))
	}
	return f
}

// more says how much of the page is below.
func (m *model) more(below int) string {
	if below <= 0 {
		return m.styles.dim.Render("↑ PgUp")
	}
	return m.styles.dim.Render("↓ " + count(below, "more line", "more lines") + ", PgDn")
}

// arrange gives the box what room the rest of the screen leaves it.
func (m *model) arrange() {
	if m.width <= 0 {
		return
	}
	m.box.Placeholder = "Answer as you would say it aloud."
	if m.phase == disputing {
		m.box.Placeholder = "2 I did say that: …"
	}
	m.box.SetWidth(m.column())
	gaps := 2
	if m.short() {
		gaps = 1
	}
	free := m.height - len(m.header()) - len(m.page()) - len(m.footer()) - gaps
	m.box.SetHeight(max(min(free, maxBox), minBox))
}

func (m *model) boxLines() (lines []string, at int) {
	box := strings.Split(m.box.View(), "\n")
	if m.short() {
		return append([]string{""}, box...), 1
	}
	return append(append([]string{""}, box...), ""), 1
}

// header is one line about where the interview stands, and a thin rule that
// fills as it goes.
func (m *model) header() []string {
	s := m.styles
	left := s.title.Render(oneLine(m.opts.Title))
	where := m.where()
	for len(where) > 1 && ansi.StringWidth(left)+2+ansi.StringWidth(strings.Join(where, " · ")) > m.column() {
		where = where[:len(where)-1]
	}
	left += "  " + s.text.Render(strings.Join(where, " · "))
	right := oneLine(m.opts.Grader)
	if d := m.clockAt.Sub(m.put); m.phase == asking && d >= time.Second {
		right = strings.TrimSuffix(fmt.Sprintf("%d:%02d · %s", int(d.Minutes()), int(d.Seconds())%60, right), " · ")
	}
	if gap := m.column() - ansi.StringWidth(left) - ansi.StringWidth(right); right != "" && gap >= 3 {
		left += strings.Repeat(" ", gap) + s.dim.Render(right)
	}
	if m.short() {
		return []string{left, ""}
	}
	return []string{left, m.rule(m.progress(), m.column()), ""}
}

// where names the question, the least important last.
func (m *model) where() []string {
	switch {
	case m.phase == reported:
		return []string{"Report"}
	case m.ask.Of == 0:
		return []string{"Interview"}
	}
	parts := []string{fmt.Sprintf("Question %d of %d", m.ask.Turn+1, m.ask.Of)}
	if m.ask.FollowUp() {
		parts = append(parts, "follow-up")
	}
	if m.exam {
		parts = append(parts, "exam")
	}
	for _, p := range []string{m.ask.Question.Topic, string(m.ask.Question.Level)} {
		if p != "" {
			parts = append(parts, oneLine(p))
		}
	}
	return parts
}

// progress is how far the interview has come, in hundredths: a question that
// was answered once is half done, since a follow-up may come.
func (m *model) progress() int {
	switch {
	case m.phase == reported:
		return 100
	case m.ask.Of == 0:
		return 0
	case len(m.turn.Answers) > 0:
		return 100 * (2*m.ask.Turn + 1) / (2 * m.ask.Of)
	}
	return 100 * m.ask.Turn / m.ask.Of
}

// rule is a line of which so many hundredths are heavy.
func (m *model) rule(hundredths, width int) string {
	heavy := width * max(min(hundredths, 100), 0) / 100
	return m.styles.accent.Render(strings.Repeat("━", heavy)) + m.styles.rule.Render(strings.Repeat("─", width-heavy))
}

// footer is the notice, if there is one, and the keys that work now.
func (m *model) footer() []string {
	var lines []string
	if m.notice != "" {
		notice := wrap(m.notice, m.column())
		lines = paint(notice[:min(len(notice), 3)], m.styles.notice)
	}
	return append(lines, m.keyLine(m.keysNow()))
}

func (m *model) keysNow() []key.Binding {
	k := m.keys
	switch {
	case m.overlay == leaveOverlay:
		return []key.Binding{k.depart, k.stay}
	case m.overlay != noOverlay:
		return []key.Binding{k.back}
	}
	switch m.phase {
	case asking:
		if m.exam {
			return []key.Binding{k.submit, k.repeat, k.skip, k.editor, k.help}
		}
		return []key.Binding{k.submit, k.hint, k.skip, k.editor, k.help}
	case grading:
		return []key.Binding{as(k.back, "stop"), k.helpHere}
	case graded:
		if m.byModel() {
			return []key.Binding{k.next, k.answer, k.again, k.dispute, k.helpHere}
		}
		return []key.Binding{k.next, k.answer, k.again, k.quit, k.helpHere}
	case disputing:
		return []key.Binding{k.submit, k.back, k.help}
	case failed:
		return append(m.choices(), k.quit, k.helpHere)
	case reported:
		return []key.Binding{as(k.next, "close"), k.pageDown, k.helpHere}
	}
	return []key.Binding{k.leave, k.helpHere}
}

// as is b under another word.
func as(b key.Binding, what string) key.Binding {
	b.SetHelp(b.Help().Key, what)
	return b
}

// keyLine fits as many keys as it can; the last one, help, always stays.
func (m *model) keyLine(keys []key.Binding) string {
	var line string
	for i, k := range keys {
		part := m.styles.accent.Render(k.Help().Key) + " " + m.styles.dim.Render(k.Help().Desc)
		if i > 0 {
			part = "   " + part
		}
		left := m.column() - ansi.StringWidth(line) - ansi.StringWidth(part)
		if i < len(keys)-1 {
			last := keys[len(keys)-1].Help()
			left -= ansi.StringWidth(last.Key+last.Desc) + 4
		}
		if left >= 0 {
			line += part
		}
	}
	return strings.TrimLeft(line, " ")
}

// page is the text between header and footer, whole.
func (m *model) page() []string {
	switch m.overlay {
	case helpOverlay:
		return m.helpPage()
	case leaveOverlay:
		return m.leavePage()
	case answerOverlay:
		return append(paint(wrap(m.last.Text, m.column()), m.styles.dim), m.referencePart(m.last)...)
	}
	switch m.phase {
	case asking:
		return m.askPage()
	case grading:
		return m.gradingPage()
	case graded, disputing:
		return m.gradePage()
	case failed:
		return m.failedPage()
	case reported:
		return m.reportPage()
	}
	return paint([]string{"One moment."}, m.styles.dim)
}

func (m *model) askPage() []string {
	s, w := m.styles, m.column()
	var p []string
	if m.first && m.opts.Notice != "" {
		p = paint(wrap(m.opts.Notice, w), s.dim)
		if !m.short() {
			p = append(p, "")
		}
	}
	if m.ask.FollowUp() && !m.short() {
		p = append(p, paint(wrap(m.ask.Question.Text, w), s.dim)...)
		p = append(p, "")
	}
	for _, said := range []string{m.said, m.ask.Lead} {
		if said != "" {
			p = append(append(p, wrap(said, w)...), "")
		}
	}
	p = append(p, paint(wrap(m.ask.Text, w), s.strong)...)
	if m.repeats > 0 {
		others := interviewer.Rephrased(m.ask.Question)
		words := others[(m.repeats-1)%len(others)]
		p = append(p, "")
		p = append(p, hang(s.dim.Render("In other words:")+" ", paint(wrap(words, w-16), s.text))...)
	}
	for i, h := range m.turn.Hints {
		p = append(p, "")
		p = append(p, hang(s.notice.Render(fmt.Sprintf("Hint %d:", i+1))+" ", paint(wrap(h, w-8), s.text))...)
	}
	return p
}

// quoted is a text of the candidate's with a bar at its left.
func (m *model) quoted(text string) []string {
	var p []string
	for _, l := range paint(wrap(text, m.column()-2), m.styles.dim) {
		p = append(p, m.styles.rule.Render("│")+" "+l)
	}
	return p
}

func (m *model) leavePage() []string {
	p := paint(wrap("Leave the interview?", m.column()), m.styles.strong)
	return append(append(p, ""), wrap("It stays open, and every word is kept. `viva resume` goes on where you are.", m.column())...)
}

// lastAnswer is what was submitted last on the question shown.
func (m *model) lastAnswer() string {
	if n := len(m.turn.Answers); n > 0 {
		return m.turn.Answers[n-1].Text
	}
	return ""
}

// readable makes text from outside safe to show: no control characters, no
// tabs, whose width nobody knows.
func readable(text string) string {
	text, _ = interviewer.Clean(text)
	return strings.ReplaceAll(text, "\t", "    ")
}

// oneLine is readable text without line ends.
func oneLine(text string) string { return strings.Join(strings.Fields(readable(text)), " ") }

func blank(text string) bool { return strings.TrimSpace(text) == "" }

// wrap breaks text from outside into lines of at most width columns, at spaces
// where it can and never at hyphens, which would tear flags and names.
func wrap(text string, width int) []string {
	const noBreak = "\u2011"
	text = strings.ReplaceAll(readable(text), "-", noBreak)
	text = ansi.Wrap(text, max(width, 1), "")
	return strings.Split(strings.ReplaceAll(text, noBreak, "-"), "\n")
}

// paint gives each line the style, and no padding.
func paint(lines []string, s lipgloss.Style) []string {
	painted := make([]string, len(lines))
	for i, l := range lines {
		if l != "" {
			l = s.Render(l)
		}
		painted[i] = l
	}
	return painted
}

// hang puts prefix before the first line and as much space before the others.
func hang(prefix string, lines []string) []string {
	space := strings.Repeat(" ", ansi.StringWidth(prefix))
	hung := make([]string, len(lines))
	for i, l := range lines {
		switch {
		case i == 0:
			hung[i] = prefix + l
		case l != "":
			hung[i] = space + l
		}
	}
	return hung
}

// sentence makes an error one to show: a capital and a full stop, and its hint.
func sentence(err error) string {
	text := oneLine(err.Error())
	if text == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(text)
	text = string(unicode.ToUpper(first)) + text[size:]
	if !strings.ContainsAny(text[len(text)-1:], ".!?") {
		text += "."
	}
	if h := hintOf(err); h != "" {
		text += " " + h
	}
	return text
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
