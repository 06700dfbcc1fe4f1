// Package tui draws an interview on the whole terminal, with Bubble Tea.
//
//	loading ─→ asking ─→ grading ─→ graded ─→ asking … ─→ report
//	             ↑          └─→ failed ─┤
//	             └──────────────────────┘
//
// There is one model, and the phase says what it shows; help and the question
// whether to leave lie over any phase. Update routes each message to a short
// method that only changes the model, and View is a function of the model.
// Everything that waits is a command: the calls of the [interviewer.Session],
// the draft's saving, the editor. The session is never called twice at once;
// a reply carries its call's number and turn, and is dropped when the model no
// longer waits for it.
//
// The package decides nothing about interviews: it shows what the session says
// and turns keys into its calls.
package tui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"viva/content"
	"viva/interviewer"
	"viva/interviewer/grade"
)

// Options sets what the screen shows beside the interview.
type Options struct {
	Title   string // the program's name, at the top left
	Grader  string // who grades: "estimate, offline" or "llama3 at 127.0.0.1:11434"
	Notice  string // shown above the first question: where answers go; "": nothing
	Draft   string // text to put back into the answer box
	NoColor bool   // no colour and no motion

	Input  io.Reader // nil: the terminal
	Output io.Writer // nil: the terminal
}

// lastWords is how long the draft's last saving may take when the screen is gone.
const lastWords = 2 * time.Second

// Run draws the interview until it is finished or left, and returns its report
// as it then stands. done is false when it was left before its end: the session
// stays open, and the text being typed is saved as its draft. The error is the
// terminal's or the context's; what fails in the interview is shown instead.
func Run(ctx context.Context, s *interviewer.Session, o Options) (report interviewer.Report, done bool, err error) {
	if submitted(s.Report(), o.Draft) {
		o.Draft = ""
	}
	d := &desk{session: s}
	m := newModel(ctx, d, o)
	p := tea.NewProgram(m, programOptions(ctx, o)...)
	s.Watch(func(progress grade.Progress) { p.Send(progressMsg(progress)) })
	_, err = p.Run()
	m.cancelCall()
	d.close()
	switch {
	case ctx.Err() != nil:
		err = ctx.Err()
	case err != nil:
		err = fmt.Errorf("draw the interview: %w", err)
	}
	report = s.Report()
	if draft := m.draft(); draft != m.saved && !submitted(report, draft) {
		err = errors.Join(err, saveLast(ctx, s, draft))
	}
	return report, m.phase == reported, err
}

// saveLast saves what was being typed when the screen closed, even where ctx did
// that.
func saveLast(ctx context.Context, s *interviewer.Session, draft string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
	defer cancel()
	if err := s.SaveDraft(ctx, draft); err != nil {
		return fmt.Errorf("save the draft: %w", err)
	}
	return nil
}

func programOptions(ctx context.Context, o Options) []tea.ProgramOption {
	opts := []tea.ProgramOption{tea.WithContext(ctx), tea.WithoutSignalHandler()}
	if o.Input != nil {
		opts = append(opts, tea.WithInput(o.Input))
	}
	if o.Output != nil {
		opts = append(opts, tea.WithOutput(o.Output))
	}
	if o.NoColor {
		opts = append(opts, tea.WithColorProfile(colorprofile.Ascii))
	}
	return opts
}

// submitted reports whether text already stands in r as an answer, so that it
// is no draft any more.
func submitted(r interviewer.Report, text string) bool {
	text, _ = interviewer.Clean(text)
	if strings.TrimSpace(text) == "" {
		return false
	}
	for _, t := range r.Turns {
		for _, a := range t.Answers {
			if a.Text == text {
				return true
			}
		}
	}
	return false
}

// desk is where commands reach the session: one at a time, and none once the
// screen is closed. The model never starts two; the lock lets Run wait for the
// one that Bubble Tea leaves behind when it quits.
type desk struct {
	mu      sync.Mutex
	session *interviewer.Session
	closed  bool
}

// do runs f with the session, or returns nil when the desk is closed.
func (d *desk) do(f func(*interviewer.Session) tea.Msg) tea.Msg {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil
	}
	return f(d.session)
}

// close waits for the call under way and refuses further ones.
func (d *desk) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
}

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
	peeking
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

	ask      interviewer.Ask
	put      time.Time        // when that was put
	clockAt  time.Time        // the time as last told
	clocking bool             // it is told again soon
	turn     interviewer.Turn // of ask, as of the last reply
	last     content.Question // answered or skipped before what is asked; zero: none
	first    bool             // nothing was submitted yet
	said     string           // what the interviewer says before what is asked; "": nothing
	repeats  int              // how often the question was asked in other words
	box      textarea.Model
	saved    string // the draft as it was last saved
	ticking  bool   // a tick that saves the draft is on its way
	editor   string // the command that edits a text; "": none is set

	out       interviewer.Outcome // what phase graded shows
	reference bool                // the reference answer is shown
	objecting bool                // the box holds a dispute
	objection string              // the dispute that was put aside
	disputed  *grade.Grade        // what a dispute led to
	trouble   trouble             // what phase failed shows
	offered   bool                // at the end, a grade was offered to the answers without one
	report    interviewer.Report
	advice    []content.Question // what to practise next

	heard   grade.Progress // of the grading under way
	call    int            // number of the latest call
	running bool           // its reply is awaited
	saving  bool           // a draft is being saved
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
	m.doing, m.began, m.now, m.heard = doing, time.Time{}, time.Time{}, grade.Progress{}
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
