package tui

import (
	"context"
	"time"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"

	"viva/content"
	"viva/interviewer"
	"viva/interviewer/grade"
)

// phase is what the screen is about.
type phase int

const (
	loading   phase = iota // nothing was asked yet
	asking                 // a question and the answer box
	grading                // a call that takes its time: grading, or a dispute
	graded                 // an answer's grade
	disputing              // the grade, and a box for what is wrong with it
	failed                 // something could not be done, and a choice
	reported               // the finished interview
)

// overlay lies over a phase until it is closed.
type overlay int

const (
	noOverlay overlay = iota
	helpOverlay
	answerOverlay // the reference answer to the question before
	leaveOverlay
)

// deed is something that is done only when its key is pressed twice in a row.
type deed int

const (
	noDeed deed = iota
	leaving
	takingHint
	skipping
	submittingNothing
)

// model is the whole screen. Commands never touch it.
type model struct {
	ctx  context.Context // Bubble Tea gives no other place
	desk *desk
	opts Options
	keys keyMap
	exam bool

	after func(time.Duration, func(time.Time) tea.Msg) tea.Cmd // tea.Tick, save in tests

	width, height int
	styles        styles
	top           int // first line of the page that is shown

	phase   phase
	overlay overlay
	notice  string // one sentence above the keys, until the next key
	armed   deed   // what the next press of its key will do
	was     deed   // what was armed before the key being handled

	ask     interviewer.Ask
	turn    interviewer.Turn // of ask, as of the last reply
	last    content.Question // answered or skipped before what is asked; zero: none
	first   bool             // nothing was submitted yet
	repeats int              // how often the question was asked in other words
	box     textarea.Model
	saved   string // the draft as it was last saved
	ticking bool   // a tick that saves the draft is on its way
	editor  string // the command that edits a text; "": none is set

	out       interviewer.Outcome // what phase graded shows
	reference bool                // the reference answer is shown
	objecting bool                // the box holds a dispute
	objection string              // the dispute that was put aside
	disputed  *grade.Grade        // what a dispute led to
	trouble   trouble             // what phase failed shows
	offered   bool                // at the end, a grade was offered to the answers without one
	report    interviewer.Report

	call    int  // number of the latest call
	running bool // its reply is awaited
	saving  bool // a draft is being saved
	queued  *call
	cancel  context.CancelFunc
	doing   string // what is being waited for
	began   time.Time
	now     time.Time
	frame   int // of the spinner
}

// trouble is what phase failed tells.
type trouble struct {
	title  string
	err    error // nil: the title says it all
	stuck  bool  // no answer waits; the same can only be tried again
	ending bool  // all is asked; going on means the report
}

func newModel(ctx context.Context, d *desk, o Options) *model {
	m := &model{
		ctx: ctx, desk: d, opts: o, keys: newKeys(), exam: d.session.Plan().Exam,
		first: true, box: newBox(), saved: o.Draft, after: tea.Tick,
	}
	m.theme(true)
	m.box.SetValue(readable(o.Draft))
	return m
}

// newBox returns the answer box: unlimited, since MaxAnswer is checked when a
// text is taken, and with the terminal's own cursor.
func newBox() textarea.Model {
	box := textarea.New()
	box.Prompt = "┃ "
	box.ShowLineNumbers = false
	box.EndOfBufferCharacter = ' '
	box.CharLimit = 0
	box.MaxHeight = maxLines
	box.MaxWidth = 0
	box.SetVirtualCursor(false)
	box.KeyMap.InsertNewline.SetKeys("enter", "ctrl+m", "ctrl+j", "shift+enter")
	box.KeyMap.Paste.SetEnabled(false) // the terminal pastes, as a PasteMsg
	box.Focus()
	return box
}

// theme sets the colours for a dark or a light background.
func (m *model) theme(dark bool) {
	m.styles = newStyles(dark, m.opts.NoColor)
	m.box.SetStyles(m.styles.box())
}

// Init asks the terminal for its background and opens the interview.
func (m *model) Init() tea.Cmd {
	if m.opts.NoColor {
		return m.open()
	}
	return tea.Batch(tea.RequestBackgroundColor, m.open())
}

// open grades what waits from an earlier sitting and then asks.
func (m *model) open() tea.Cmd {
	if m.desk.session.Waiting() == 0 {
		return m.begin(next())
	}
	m.grading("Grading what you answered before")
	return tea.Batch(m.begin(retry()), tick(m.call))
}

// typing reports whether keys are text.
func (m *model) typing() bool {
	return m.overlay == noOverlay && (m.phase == asking || m.phase == disputing)
}

// draft is the text that the candidate would miss.
func (m *model) draft() string {
	if m.objecting {
		return ""
	}
	return m.box.Value()
}

// show changes the phase and turns to the page's first line.
func (m *model) show(p phase) {
	m.phase, m.top = p, 0
}

// grading shows that doing takes its time. Its call follows.
func (m *model) grading(doing string) {
	m.doing, m.began, m.now = doing, time.Time{}, time.Time{}
	m.show(grading)
}

// confirm reports whether d's key was pressed before; if not, the next press
// will do it, and say tells so.
func (m *model) confirm(d deed, say string) bool {
	if m.was == d {
		return true
	}
	m.armed, m.notice = d, say
	return false
}
