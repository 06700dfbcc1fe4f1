package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"viva/interviewer"
)

// pair is two interviews that go on at the same time in the same home.
type pair struct {
	cmds  [2]*exec.Cmd
	ins   [2]io.Writer
	shown [2]*watched
}

func startPair(t *testing.T, home string) *pair {
	t.Helper()
	p := &pair{}
	dead := make(chan struct{})
	late := time.AfterFunc(time.Minute, func() { close(dead) })
	t.Cleanup(func() { late.Stop() })
	for i := range p.cmds {
		p.cmds[i] = viva(t, home, "--plain", "--follow-ups", "0", "--question", questions[i], "--question", questions[2])
		in, out := startPiped(t, p.cmds[i])
		p.ins[i], p.shown[i] = in, watch(out, dead)
	}
	return p
}

func (p *pair) say(t *testing.T, i int, text string) {
	t.Helper()
	if _, err := io.WriteString(p.ins[i], text); err != nil {
		t.Fatal(err)
	}
}

func (p *pair) await(t *testing.T, text string) {
	t.Helper()
	for i, s := range p.shown {
		if !s.await(text) {
			t.Fatalf("interview %d never shows %q", i, text)
		}
	}
}

// answersOf maps the question asked first of each session to its answers and draft.
func answersOf(t *testing.T, home string) map[string][]string {
	t.Helper()
	out, said, code := runToEnd(t, home, "", "history", "export")
	if code != 0 {
		t.Fatal(said)
	}
	all := map[string][]string{}
	for l := range strings.Lines(out) {
		var s struct {
			Draft  string
			Events []interviewer.Event
		}
		if err := json.Unmarshal([]byte(l), &s); err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, e := range s.Events {
			if e.Kind == interviewer.Answered {
				texts = append(texts, strings.TrimSpace(e.Text))
			}
		}
		all[s.Events[0].Plan.Questions[0].ID] = append(texts, "draft "+strings.TrimSpace(s.Draft))
	}
	return all
}

func TestTwoInterviewsAtOnceDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	p := startPair(t, home)
	p.await(t, lines.asks)
	for i := range p.ins { // both are graded at the same time
		p.say(t, i, fmt.Sprintf("The first answer of interview %d.\n.\n", i))
	}
	p.await(t, lines.graded)
	p.await(t, lines.asks)
	for i := range p.ins {
		p.say(t, i, fmt.Sprintf("Half an answer of interview %d\n", i))
	}
	time.Sleep(draftAge)
	if err := p.cmds[0].Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = p.cmds[0].Wait() // killed is what it was
	p.say(t, 1, "and the other half.\n.\n")
	if err := p.ins[1].(io.Closer).Close(); err != nil {
		t.Fatal(err)
	}
	if !p.shown[1].await("Report:") {
		t.Fatal("the other interview does not end")
	}
	if err := p.cmds[1].Wait(); err != nil {
		t.Errorf("the other interview: %v", err)
	}
	got := answersOf(t, home)
	for i, want := range [][]string{
		{"The first answer of interview 0.", "draft Half an answer of interview 0"},
		{"The first answer of interview 1.", "Half an answer of interview 1\nand the other half.", "draft "},
	} {
		if !slices.Equal(got[questions[i]], want) {
			t.Errorf("interview %d holds %q, want %q", i, got[questions[i]], want)
		}
	}
	if out, said, code := runToEnd(t, home, "", "resume"); code != 0 || !strings.Contains(out, "\nQuestion 2 of 2: ") {
		t.Errorf("resume of the killed one: exit code %d, %s%s", code, out, said)
	}
}
