package tui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"viva/interviewer"
	"viva/interviewer/grade"
)

// Update takes one message in.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := m.take(msg)
	m.arrange()
	return m, tea.Batch(cmd, m.draftTick(), m.clock())
}

func (m *model) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case tea.BackgroundColorMsg:
		m.theme(msg.IsDark())
	case tea.EnvMsg:
		m.editor = msg.Getenv("VISUAL")
		if m.editor == "" {
			m.editor = msg.Getenv("EDITOR")
		}
	case tea.KeyPressMsg:
		return m.pressed(msg)
	case tea.PasteMsg:
		m.pasted(msg)
	case replyMsg:
		return m.replied(msg)
	case tickMsg:
		return m.ticked(msg)
	case clockMsg:
		m.clocking = false
		m.clockAt = time.Time(msg)
	case progressMsg:
		if m.phase == grading { // else it is late
			m.heard = grade.Progress(msg)
		}
	case draftTickMsg:
		return m.draftTicked()
	case savedMsg:
		return m.draftSaved(msg)
	case editMsg:
		return m.edit(msg)
	case editedMsg:
		m.edited(msg)
	}
	return nil
}

// replied takes the awaited reply in and drops any other.
func (m *model) replied(r replyMsg) tea.Cmd {
	if !m.running || r.call != m.call || r.turn != m.ask.Turn {
		return nil
	}
	m.running = false
	m.cancelCall()
	switch msg := r.body.(type) {
	case askedMsg:
		return m.asked(msg)
	case gradedMsg:
		return m.answered(msg)
	case hintedMsg:
		m.hinted(msg)
	case disputedMsg:
		m.judgedAgain(msg)
	case finishedMsg:
		m.finished(msg)
	}
	return nil
}

// asked shows the question, or goes towards the end when there is none left.
func (m *model) asked(msg askedMsg) tea.Cmd {
	if msg.skipped != "" {
		m.box.Reset()
	}
	m.said = msg.skipped
	switch {
	case msg.err != nil && (m.phase == loading || errors.Is(msg.err, interviewer.ErrRecording)):
		m.fail(trouble{title: "The interview cannot go on.", err: msg.err, stuck: true})
		return nil
	case msg.err != nil:
		m.notice = sentence(msg.err)
		return nil
	case msg.ok:
		m.ask, m.turn, m.last, m.repeats = msg.ask, msg.turn, msg.last, 0
		m.put, m.clockAt = msg.at, msg.at
		m.objection, m.trouble.ending = "", false
		m.show(asking)
		return nil
	case msg.waiting > 0 && !m.offered:
		m.offered = true
		m.fail(trouble{title: count(msg.waiting, "answer has", "answers have") + " no grade yet.", err: m.trouble.err, ending: true})
		return nil
	}
	return m.begin(finish())
}

// answered shows what became of an answer. One that was not recorded stays in
// the box.
func (m *model) answered(msg gradedMsg) tea.Cmd {
	if msg.err == nil && msg.out.Clarified != "" {
		m.box.Reset()
		m.said = msg.out.Clarified
		m.show(asking)
		return nil
	}
	if !msg.kept {
		m.show(asking)
		m.notice = sentence(msg.err)
		if errors.Is(msg.err, context.Canceled) {
			m.notice = "Stopped. Your answer is still here, and was not submitted."
		}
		return nil
	}
	if msg.submitted {
		m.box.Reset()
		m.saved, m.first = "", false
	}
	m.out, m.ask, m.turn = msg.out, msg.ask, msg.turn
	m.reference, m.disputed = msg.out.Tell, nil
	t := trouble{err: msg.err, ending: m.trouble.ending}
	switch {
	case errors.Is(msg.err, context.Canceled):
		t.title, t.err = "Grading was stopped.", nil
	case msg.err != nil:
		t.title = "This answer could not be graded."
	case msg.out.Wait:
		t.title, t.err = "The model could not grade this answer.", msg.out.Failure
	default:
		return m.gotGrade()
	}
	m.fail(t)
	if m.exam && msg.out.Wait && !m.offered {
		return m.begin(next()) // a grade is offered at the end
	}
	return nil
}

// gotGrade shows the grade, save in an exam, which goes on.
func (m *model) gotGrade() tea.Cmd {
	m.trouble = trouble{}
	if m.exam {
		return m.begin(next())
	}
	m.show(graded)
	return nil
}

func (m *model) fail(t trouble) {
	m.trouble = t
	m.show(failed)
}

func (m *model) hinted(msg hintedMsg) {
	if msg.err != nil {
		m.notice = sentence(msg.err)
		return
	}
	m.turn = msg.turn
	m.top = len(m.page()) // the hint stands at the page's end
}

func (m *model) judgedAgain(msg disputedMsg) {
	if msg.err != nil {
		m.show(disputing)
		m.notice = sentence(msg.err)
		if errors.Is(msg.err, context.Canceled) {
			m.notice = "Stopped. The grade stays as it was."
		}
		return
	}
	m.box.Reset()
	m.objection, m.objecting = "", false
	m.disputed = &msg.grade
	m.show(graded)
}

func (m *model) finished(msg finishedMsg) {
	if msg.err != nil {
		m.fail(trouble{title: "The interview cannot be closed.", err: msg.err, stuck: true})
		return
	}
	m.report, m.advice = msg.report, msg.advice
	m.show(reported)
}

// ticked tells the time of the call that is waited for.
func (m *model) ticked(msg tickMsg) tea.Cmd {
	if !m.running || msg.call != m.call || m.phase != grading {
		return nil
	}
	if m.began.IsZero() {
		m.began = msg.at
	}
	m.now = msg.at
	m.frame++
	return m.nextTick()
}

// draftTicked saves the draft, or puts it off while the session is busy.
func (m *model) draftTicked() tea.Cmd {
	m.ticking = false
	if m.running || m.saving || m.phase != asking || m.box.Value() == m.saved {
		return nil
	}
	m.saving = true
	return saveDraft(m.ctx, m.desk, m.box.Value())
}

// draftSaved starts the call that had to wait for it.
func (m *model) draftSaved(msg savedMsg) tea.Cmd {
	m.saving = false
	if msg.err == nil {
		m.saved = msg.text
	} else {
		m.notice = "Your draft cannot be saved: " + msg.err.Error()
	}
	if m.queued != nil {
		return m.launch(*m.queued)
	}
	return nil
}

// pasted puts a text into the box. It never submits.
func (m *model) pasted(msg tea.PasteMsg) {
	if !m.typing() {
		return
	}
	m.notice, m.armed = "", noDeed
	if err := tooLong(m.box.Value() + msg.Content); err != nil {
		m.notice = "The paste was left out: " + err.Error()
		return
	}
	m.box, _ = m.box.Update(tea.PasteMsg{Content: readable(msg.Content)})
}

func (m *model) edit(msg editMsg) tea.Cmd {
	if msg.err != nil {
		m.notice = sentence(msg.err)
		return nil
	}
	return runEditor(m.ctx, m.editor, msg.path)
}

// edited takes the editor's text, unless it could not be read.
func (m *model) edited(msg editedMsg) {
	if msg.err != nil {
		m.notice = sentence(msg.err)
		return
	}
	m.box.SetValue(readable(msg.text))
}

// submit hands the box's text in, as an answer or as a command.
func (m *model) submit() tea.Cmd {
	text, _ := interviewer.Clean(m.box.Value())
	if cmd, ok := m.slash(text); ok {
		return cmd
	}
	if err := tooLong(text); err != nil {
		m.notice = sentence(err)
		return nil
	}
	if blank(text) && !m.confirm(submittingNothing, "Submit nothing? It counts as no answer. Press "+m.keys.submit.Help().Key+" again.") {
		return nil
	}
	m.out = interviewer.Outcome{}
	m.grading("Reading your answer")
	return tea.Batch(m.begin(answer(m.ask, text)), tick(m.call))
}
