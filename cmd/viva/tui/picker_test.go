package tui

import (
	"context"
	"errors"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// list is a picker with what it would draw; its commands run at once.
type list struct {
	t *testing.T
	p *picker
}

func newList(t *testing.T, query string, find Finder, w, h int) *list {
	t.Helper()
	l := &list{t, newPicker(t.Context(), query, find, Options{Title: "viva search", NoColor: true})}
	l.send(tea.WindowSizeMsg{Width: w, Height: h})
	l.run(l.p.Init())
	return l
}

func (l *list) send(msg tea.Msg) {
	_, cmd := l.p.Update(msg)
	l.run(cmd)
}

func (l *list) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			l.run(c)
		}
	case foundMsg:
		l.send(msg)
	}
}

func (l *list) press(keys ...string) {
	for _, k := range keys {
		l.send(keyPress(k))
	}
}

func (l *list) screen() string { return ansi.Strip(l.p.View().Content) }

// pets finds what begins with the query.
func pets(_ context.Context, query string) (Found, error) {
	if query == "fail" {
		return Found{}, errors.New("the index is gone")
	}
	var f Found
	for _, name := range []string{"cat", "cow", "dog"} {
		if strings.HasPrefix(name, query) {
			f.Choices = append(f.Choices, Choice{
				Ref: name, Title: "What does a " + name + " say?", About: name + " · likely (0.70)",
				Snippet: "A " + name + " says little at night.", Marks: []Span{{2, 2 + len(name)}},
			})
		}
	}
	if f.Choices == nil {
		f.Notice = "No such pet."
	}
	return f, nil
}

func TestThePickerFindsWhileOneTypes(t *testing.T) {
	t.Parallel()
	l := newList(t, "", pets, 80, 24)
	if !strings.Contains(l.screen(), "Type what is on your mind") {
		t.Errorf("an empty query shows\n%s", l.screen())
	}
	l.press("c")
	if s := l.screen(); !strings.Contains(s, "cat say") || !strings.Contains(s, "cow say") || strings.Contains(s, "dog say") {
		t.Errorf("after c:\n%s", s)
	}
	l.press("o")
	if s := l.screen(); strings.Contains(s, "cat say") || !strings.Contains(s, "A cow says little at night.") {
		t.Errorf("after co:\n%s", s)
	}
	l.press("x")
	if s := l.screen(); !strings.Contains(s, "No such pet.") {
		t.Errorf("after cox:\n%s", s)
	}
}

func TestThePickerChooses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, query string
		keys        []string
		want        string
	}{
		{"the first one", "c", []string{"enter"}, "cat"},
		{"the next one", "c", []string{"down", "enter"}, "cow"},
		{"not past the last", "c", []string{"down", "down", "down", "enter"}, "cow"},
		{"up again", "c", []string{"down", "up", "up", "enter"}, "cat"},
		{"the last one", "c", []string{"pgdown", "enter"}, "cow"},
		{"none", "c", []string{"esc"}, ""},
		{"none where there is none", "zebra", []string{"enter"}, ""},
		{"after another query the first one", "c", []string{"down", "backspace", "d", "enter"}, "dog"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := newList(t, tt.query, pets, 80, 24)
			l.press(tt.keys...)
			if l.p.chosen != tt.want {
				t.Errorf("chose %q, want %q", l.p.chosen, tt.want)
			}
		})
	}
}

func TestAPickersLateResultIsLookedUpAgain(t *testing.T) {
	t.Parallel()
	l := newList(t, "", pets, 80, 24)
	_, first := l.p.Update(keyPress("d")) // its search is under way
	l.p.Update(keyPress("backspace"))
	l.p.Update(keyPress("c"))
	l.press("enter")
	if l.p.chosen != "" {
		t.Error("chose from a list that is not the query's")
	}
	l.run(first)
	if s := l.screen(); !strings.Contains(s, "cat say") || strings.Contains(s, "dog say") {
		t.Errorf("after the late result:\n%s", s)
	}
	if l.p.chosen != "cat" {
		t.Errorf("chose %q, want the first of what Enter was pressed for", l.p.chosen)
	}
}

func TestAPickerSaysWhatFailed(t *testing.T) {
	t.Parallel()
	l := newList(t, "fail", pets, 80, 24)
	if s := l.screen(); !strings.Contains(s, "The index is gone.") {
		t.Errorf("screen:\n%s", s)
	}
}

func TestThePickerFitsAnyScreen(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {40, 12}, {20, 6}, {8, 3}, {1, 1}, {0, 0}, {200, 60}} {
		l := newList(t, "c", pets, size[0], size[1])
		l.press("down")
		lines := strings.Split(l.screen(), "\n")
		if len(lines) > max(size[1], 1) {
			t.Errorf("%dx%d: %d lines", size[0], size[1], len(lines))
		}
		for _, line := range lines {
			if w := ansi.StringWidth(line); w > max(size[0], 0) {
				t.Errorf("%dx%d: a line of %d columns: %q", size[0], size[1], w, line)
			}
		}
	}
}

func TestAPickerMarksTheWordsThatMatched(t *testing.T) {
	t.Parallel()
	l := newList(t, "dog", pets, 80, 24)
	if view := l.p.View().Content; !strings.Contains(view, "\x1b[1mdog\x1b[") {
		t.Errorf("dog is not brought out in %q", view)
	}
}
