package tui

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"viva/interviewer"
	"viva/interviewer/grade"
)

// keyMap is every key the screen knows besides those of the answer box.
type keyMap struct {
	submit, hint, repeat, skip, editor key.Binding // while typing
	next, answer, again, dispute       key.Binding // at a grade
	estimate, retry, wait, change      key.Binding // when something failed
	help, helpHere, leave, quit, back  key.Binding
	suspend                            key.Binding
	up, down, pageUp, pageDown         key.Binding
	top, bottom                        key.Binding
	stay, depart                       key.Binding // at the question whether to leave
}

func newKeys() keyMap {
	bind := func(name, what string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(name, what))
	}
	return keyMap{
		submit: bind("Ctrl+D", "submit", "ctrl+d", "ctrl+s", "alt+enter"),
		hint:   bind("Ctrl+T", "hint", "ctrl+t"),
		repeat: bind("Ctrl+R", "repeat", "ctrl+r"),
		skip:   bind("Ctrl+N", "skip", "ctrl+n"),
		editor: bind("Ctrl+O", "editor", "ctrl+o"),

		next:    bind("Enter", "go on", "enter"),
		answer:  bind("a", "answer", "a"),
		again:   bind("r", "try again", "r"),
		dispute: bind("d", "dispute", "d"),

		estimate: bind("e", "estimate", "e"),
		retry:    bind("r", "again", "r"),
		wait:     bind("w", "wait", "w", "enter"),
		change:   bind("c", "change it", "c"),

		help:     bind("F1", "help", "f1", "ctrl+g"),
		helpHere: bind("?", "help", "?", "f1", "ctrl+g"),
		leave:    bind("Ctrl+C", "stop", "ctrl+c"),
		quit:     bind("q", "leave", "q"),
		back:     bind("Esc", "back", "esc"),
		suspend:  bind("Ctrl+Z", "suspend", "ctrl+z"),

		up:       bind("↑", "up", "up", "k"),
		down:     bind("↓", "down", "down", "j"),
		pageUp:   bind("PgUp", "page up", "pgup", "b"),
		pageDown: bind("PgDn", "page down", "pgdown", "space", "f"),
		top:      bind("Home", "top", "home", "g"),
		bottom:   bind("End", "bottom", "end", "G"),

		stay:   bind("Esc", "stay", "esc", "n", "q"),
		depart: bind("Enter", "leave", "enter", "y"),
	}
}

// pressed routes a key: first what works everywhere, then the overlay, then the
// phase.
func (m *model) pressed(k tea.KeyPressMsg) tea.Cmd {
	m.was, m.armed, m.notice = m.armed, noDeed, ""
	switch {
	case key.Matches(k, m.keys.leave):
		return m.interrupt()
	case key.Matches(k, m.keys.suspend):
		return tea.Suspend
	case m.overlay == leaveOverlay:
		return m.leaveKey(k)
	case m.overlay != noOverlay:
		return m.readKey(k)
	case key.Matches(k, m.keys.help), !m.typing() && key.Matches(k, m.keys.helpHere):
		m.overlay, m.top = helpOverlay, 0
		return nil
	case m.running:
		return m.waitKey(k)
	}
	return m.phaseKey(k)
}

func (m *model) phaseKey(k tea.KeyPressMsg) tea.Cmd {
	switch m.phase {
	case asking:
		return m.askKey(k)
	case graded:
		return m.gradeKey(k)
	case disputing:
		return m.disputeKey(k)
	case failed:
		return m.failedKey(k)
	case reported:
		if key.Matches(k, m.keys.next, m.keys.quit) {
			return tea.Quit
		}
	}
	m.scrollKey(k)
	return nil
}

// interrupt is Ctrl+C: it stops what is running and, pressed again, leaves.
func (m *model) interrupt() tea.Cmd {
	if m.phase == reported || m.was == leaving {
		return tea.Quit
	}
	if m.running && m.phase == grading {
		m.cancelCall()
		m.doing = "Stopping"
	}
	m.overlay = noOverlay
	m.confirm(leaving, "Press Ctrl+C again to leave. The interview stays open: `viva resume` goes on with it.")
	return nil
}

func (m *model) leaveKey(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(k, m.keys.depart):
		return tea.Quit
	case key.Matches(k, m.keys.stay):
		m.overlay, m.top = noOverlay, 0
	}
	return nil
}

// readKey takes a key over a page that is only read.
func (m *model) readKey(k tea.KeyPressMsg) tea.Cmd {
	if key.Matches(k, m.keys.helpHere, m.keys.back, m.keys.quit, m.keys.next) {
		m.overlay, m.top = noOverlay, 0
		return nil
	}
	m.scrollKey(k)
	return nil
}

// waitKey takes a key while a reply is awaited. What is typed while a hint
// comes is not lost.
func (m *model) waitKey(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.phase == grading && key.Matches(k, m.keys.back):
		m.cancelCall()
		m.doing = "Stopping"
	case m.phase == asking && !m.controls(k):
		return m.typed(k)
	case m.phase != asking:
		m.scrollKey(k)
	}
	return nil
}

// controls reports whether k is more than text while an answer is written.
func (m *model) controls(k tea.KeyPressMsg) bool {
	return key.Matches(k, m.keys.submit, m.keys.hint, m.keys.repeat, m.keys.skip, m.keys.editor)
}

func (m *model) askKey(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(k, m.keys.submit):
		return m.submit()
	case key.Matches(k, m.keys.hint):
		return m.takeHint()
	case key.Matches(k, m.keys.repeat):
		m.repeat()
		return nil
	case key.Matches(k, m.keys.skip):
		return m.skip()
	case key.Matches(k, m.keys.editor):
		return m.openEditor()
	}
	return m.typed(k)
}

// typed hands a key to the box, save those that page through a long question.
func (m *model) typed(k tea.KeyPressMsg) tea.Cmd {
	if s := k.String(); s == "pgup" || s == "pgdown" {
		if f := m.lay(); len(f.page) > f.room {
			m.scrollKey(k)
			return nil
		}
	}
	if err := tooLong(m.box.Value() + k.Text); err != nil && k.Text != "" {
		m.notice = sentence(err)
		return nil
	}
	empty := blank(m.box.Value())
	var cmd tea.Cmd
	m.box, cmd = m.box.Update(k)
	if m.phase == asking && empty && !blank(m.box.Value()) {
		cmd = tea.Batch(cmd, firstWord(m.desk.session))
	}
	return cmd
}

func (m *model) takeHint() tea.Cmd {
	if !m.exam && len(m.turn.Hints) < interviewer.MaxHints &&
		!m.confirm(takingHint, fmt.Sprintf("A hint costs %d points. Press again to take it.", grade.HintCost)) {
		return nil
	}
	return m.begin(hint(m.ask.Turn))
}

// repeat shows the question in other people's words, the next ones each time.
func (m *model) repeat() {
	if m.ask.FollowUp() || len(interviewer.Rephrased(m.ask.Question)) == 0 {
		m.notice = "There are no other words for this one. Take it as it stands."
		return
	}
	m.repeats++
	m.top = len(m.page())
}

func (m *model) skip() tea.Cmd {
	say := "Skip this question? It will not count."
	if !blank(m.box.Value()) {
		say = "Skip, and let go of what you wrote?"
	}
	if !m.confirm(skipping, say+" Press again to skip.") {
		return nil
	}
	return m.begin(skip())
}

func (m *model) openEditor() tea.Cmd {
	if strings.TrimSpace(m.editor) == "" {
		m.notice = "No editor is set. Set EDITOR, for example to nano, and start again."
		return nil
	}
	return writeForEditor(m.box.Value())
}

func (m *model) gradeKey(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(k, m.keys.next):
		return m.begin(next())
	case key.Matches(k, m.keys.answer):
		return m.toggleReference()
	case key.Matches(k, m.keys.again):
		return m.begin(again())
	case key.Matches(k, m.keys.dispute):
		return m.object()
	case key.Matches(k, m.keys.quit):
		m.overlay, m.top = leaveOverlay, 0
	case key.Matches(k, m.keys.back):
		m.reference, m.top = false, 0
	default:
		m.scrollKey(k)
	}
	return nil
}

// toggleReference shows the bank's answer, which stands at the page's end.
func (m *model) toggleReference() tea.Cmd {
	if m.ask.Question.Answer == "" {
		m.notice = "The bank has no reference answer to this question."
		return nil
	}
	if m.out.Due != "" && !m.reference && !m.confirm(peeking, "The answer tells what the follow-up asks about. Press again to see it.") {
		return nil
	}
	m.reference, m.top = !m.reference, 0
	if m.reference {
		m.reference = false
		above := len(m.page())
		m.reference, m.top = true, above
	}
	return nil
}

// object opens the box for a dispute.
func (m *model) object() tea.Cmd {
	if g := m.out.Grade; g == nil || g.Grader.Kind != grade.ByModel {
		m.notice = sentence(interviewer.ErrNoModel)
		return nil
	}
	m.objecting, m.phase = true, disputing // the page stays where it was read
	m.box.SetValue(m.objection)
	return nil
}

func (m *model) disputeKey(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(k, m.keys.back):
		m.objection, m.objecting = m.box.Value(), false
		m.box.Reset()
		m.show(graded)
		return nil
	case key.Matches(k, m.keys.submit):
		return m.submitDispute()
	case m.controls(k):
		return nil
	}
	return m.typed(k)
}

// submitDispute reads "N why" and has point N judged again.
func (m *model) submitDispute() tea.Cmd {
	text, _ := interviewer.Clean(m.box.Value())
	number, because, _ := strings.Cut(strings.TrimSpace(text), " ")
	n, err := strconv.Atoi(strings.TrimSuffix(number, ":"))
	points := m.out.Grade.Points
	if err != nil || n < 1 || n > len(points) || blank(because) {
		m.notice = fmt.Sprintf("Begin with the point's number, 1 to %d, then say why.", len(points))
		return nil
	}
	m.grading(fmt.Sprintf("Looking at point %d again", n))
	return tea.Batch(m.begin(dispute(points[n-1].ID, strings.TrimSpace(because))), tick(m.call))
}

func (m *model) failedKey(k tea.KeyPressMsg) tea.Cmd {
	t := m.trouble
	switch {
	case key.Matches(k, m.keys.quit):
		m.overlay, m.top = leaveOverlay, 0
		return nil
	case t.stuck:
		if key.Matches(k, m.keys.retry, m.keys.next) {
			return m.begin(next())
		}
	case key.Matches(k, m.keys.estimate):
		m.grading("Estimating")
		return tea.Batch(m.begin(estimate()), tick(m.call))
	case key.Matches(k, m.keys.retry):
		m.grading("Reading your answer again")
		return tea.Batch(m.begin(retry()), tick(m.call))
	case key.Matches(k, m.keys.wait):
		return m.begin(next())
	case m.canChange() && key.Matches(k, m.keys.change):
		m.box.SetValue(m.lastAnswer())
		return m.begin(again())
	}
	m.scrollKey(k)
	return nil
}

// canChange reports whether the failed answer can be tried anew.
func (m *model) canChange() bool {
	return !m.exam && !m.trouble.ending && !m.trouble.stuck && blank(m.box.Value())
}

// scrollKey moves the page.
func (m *model) scrollKey(k tea.KeyPressMsg) {
	f := m.lay()
	last := len(f.page) - f.room
	switch {
	case key.Matches(k, m.keys.up):
		m.top = f.top - 1
	case key.Matches(k, m.keys.down):
		m.top = f.top + 1
	case key.Matches(k, m.keys.pageUp):
		m.top = f.top - max(f.room-1, 1)
	case key.Matches(k, m.keys.pageDown):
		m.top = f.top + max(f.room-1, 1)
	case key.Matches(k, m.keys.top):
		m.top = 0
	case key.Matches(k, m.keys.bottom):
		m.top = last
	}
	m.top = max(min(m.top, last), 0)
}

// lastReference shows the reference answer to the question before, or to the one
// that a follow-up is about.
func (m *model) lastReference() {
	switch {
	case m.exam:
		m.notice = sentence(interviewer.ErrExam)
	case m.last.Answer == "":
		m.notice = sentence(interviewer.ErrNoAnswer)
	default:
		m.overlay, m.top = answerOverlay, 0
	}
}

// mistyped matches a word that can only be meant as a command.
var mistyped = regexp.MustCompile(`^(/[a-z]{2,10})+$`)

// slash does a command that stands alone in the box. ok is false when the text
// is none, and then it is an answer.
func (m *model) slash(text string) (cmd tea.Cmd, ok bool) {
	text = strings.TrimSpace(text)
	if w := interviewer.WishIn(text); w == interviewer.WantsTime {
		m.notice = "Take your time."
		return nil, true
	} else if w != "" {
		text = string(w)
	}
	if strings.HasPrefix(text, "/dispute ") && !strings.Contains(text, "\n") {
		text = "/dispute"
	}
	switch text {
	case "/hint":
		cmd = m.takeHint()
	case "/repeat":
		m.repeat()
	case "/skip":
		cmd = m.skip()
	case "/again":
		cmd = m.begin(again())
	case "/answer":
		m.lastReference()
	case "/dispute":
		m.notice = "A verdict is disputed where it is shown: press d at the grade."
	case "/help":
		m.overlay, m.top = helpOverlay, 0
	case "/quit":
		m.overlay, m.top = leaveOverlay, 0
	default:
		if !mistyped.MatchString(text) {
			return nil, false
		}
		m.notice = "There is no command " + text + ": F1 shows them. To say just that, write more beside it."
		return nil, true
	}
	if m.armed == noDeed { // else the same key confirms what was typed
		m.box.Reset()
	}
	return cmd, true
}
