package tui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"viva/interviewer"
	"viva/interviewer/grade"
)

// stage brings a screen to a phase.
type stage struct {
	name  string
	setup func() setup
	do    func(*screen)
}

func offline() setup {
	return setup{options: Options{Notice: "Nothing leaves this machine: answers are estimated offline."}}
}

func withModel() setup {
	return setup{
		examiner: interviewer.Examiner{Model: verdicts(grade.ByModel, "llama3"), Wait: true},
		options:  Options{Grader: "llama3 at 127.0.0.1:11434"},
	}
}

func withoutModel() setup {
	s := withModel()
	s.examiner.Model = graderFunc(refuse)
	return s
}

const said = "It has to boot a new container before my code runs."

func stages() []stage {
	return []stage{
		{"asking", offline, func(s *screen) { s.write("It has to boot"); s.press("enter"); s.write("a new container.") }},
		{"hinted", offline, func(s *screen) { s.press("ctrl+r", "ctrl+t", "ctrl+t", "ctrl+n") }},
		{"grading", withModel, func(s *screen) {
			s.write(said)
			s.send(keyPress("ctrl+d")) // its command is not run: the model is thinking
			start := time.Unix(0, 0)
			s.send(tickMsg{call: s.m.call, at: start})
			s.send(tickMsg{call: s.m.call, at: start.Add(12*time.Second + 300*time.Millisecond)})
		}},
		{"graded", withModel, func(s *screen) { s.write(said); s.press("ctrl+d") }},
		{"reference", offline, func(s *screen) { s.write(said); s.press("ctrl+d", "a", "a") }},
		{"followup", offline, func(s *screen) { s.write(said); s.press("ctrl+d", "enter") }},
		{"disputing", withModel, func(s *screen) { s.write(said); s.press("ctrl+d", "d"); s.write("2 I did") }},
		{"failed", withoutModel, func(s *screen) { s.write(said); s.press("ctrl+d") }},
		{"report", offline, func(s *screen) {
			s.write(said)
			s.press("ctrl+d", "enter")
			s.write("provisioned concurrency")
			s.press("ctrl+d", "enter", "ctrl+n", "ctrl+n")
		}},
		{"help", offline, func(s *screen) { s.press("f1") }},
		{"leaving", offline, func(s *screen) { s.write(said); s.press("ctrl+d", "q") }},
	}
}

func TestEveryPhaseLooksAsItDid(t *testing.T) {
	t.Parallel()
	for _, st := range stages() {
		for _, size := range [][2]int{{80, 24}, {40, 12}, {200, 60}} {
			name := fmt.Sprintf("%s-%dx%d", st.name, size[0], size[1])
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				su := st.setup()
				su.w, su.h = size[0], size[1]
				s := newScreen(t, su)
				st.do(s)
				golden(t, name, s.text())
			})
		}
	}
}

const nasty = "漢字とかな交じり文 👨‍👩‍👧‍👦👩🏽‍🚀 שלום עולם مرحبا بالعالم e\u0301\u0301\u0301 " +
	"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " +
	"\x1b[31mred\x1b]0;title\x07 \ttab\r\nnew\u202eline\u200b\u00ad " +
	"arn:aws:lambda:eu-central-1:123456789012:function:a-name-that-nobody-would-want-to-read-aloud \x00\xff" +
	"\n\n# A *heading*\n\n1. one `code&amp;span` &#27;[2J\n2. two\n\n> quoted **bold\ntext**\n\n```go\n\tfunc\u202e main() {}\n```\n\n---\n<b>html</b> [link](http://example.com/\x1b) ![](x)"

func nastySetup() setup {
	su := withModel()
	su.plan.FollowUps = 1
	for _, q := range twoQuestions().Questions {
		q.Text, q.Topic, q.Answer, q.Source = nasty+"?", "to\x1b[7mpic 漢字", nasty, nasty
		q.AskedAs = []string{nasty}
		for j := range q.Points {
			q.Points[j].Text = nasty
		}
		q.Mistakes[0].Claim, q.Mistakes[0].Fix = nasty, nasty
		q.FollowUps[0].Ask = nasty
		su.plan.Questions = append(su.plan.Questions, q)
	}
	su.options = Options{Grader: "llama\x1b[31m3 漢字漢字漢字漢字", Notice: nasty, Draft: nasty}
	return su
}

func TestNoLineIsWiderThanTheScreenWhateverItShows(t *testing.T) {
	t.Parallel()
	for _, st := range stages() {
		t.Run(st.name, func(t *testing.T) {
			t.Parallel()
			su := nastySetup()
			if st.name == "failed" {
				su.examiner.Model = graderFunc(refuse)
			}
			s := newScreen(t, su)
			st.do(s)
			s.m.notice = nasty
			s.m.trouble.err = errors.New(nasty)
			s.m.out.Failure = errors.New(nasty)
			for _, w := range []int{1, 2, 7, 20, 40, 59, 64, 80, 105, 200} {
				for _, h := range []int{1, 5, 12, 24, 60} {
					s.m.top = 3 * h
					s.send(tea.WindowSizeMsg{Width: w, Height: h})
					checkFits(t, s.m.View(), w, h)
				}
			}
		})
	}
}

// checkFits reports lines that are too wide or too many, and control characters
// that no style of ours made.
func checkFits(t *testing.T, v tea.View, w, h int) {
	t.Helper()
	lines := strings.Split(v.Content, "\n")
	if len(lines) > h {
		t.Errorf("%d×%d: %d lines", w, h, len(lines))
	}
	for i, l := range lines {
		if got := ansi.StringWidth(l); got > w {
			t.Errorf("%d×%d: line %d is %d columns wide: %q", w, h, i, got, l)
		}
		for _, r := range ansi.Strip(l) {
			if r < ' ' || r == '\u202e' {
				t.Errorf("%d×%d: line %d holds %q: %q", w, h, i, r, l)
			}
		}
		if strings.Contains(l, "\x1b]") || strings.Contains(l, "\x1b[2J") {
			t.Errorf("%d×%d: line %d holds a foreign sequence: %q", w, h, i, l)
		}
	}
	if c := v.Cursor; c != nil && (c.X < 0 || c.X >= w || c.Y < 0 || c.Y >= h) {
		t.Errorf("%d×%d: the cursor is at %d,%d", w, h, c.X, c.Y)
	}
}

func TestNoColorGivesNoColourSequences(t *testing.T) {
	t.Parallel()
	for _, st := range stages() {
		su := st.setup()
		su.options.NoColor = true
		s := newScreen(t, su)
		st.do(s)
		for _, seq := range strings.Split(s.m.View().Content, "\x1b[")[1:] {
			params, _, _ := strings.Cut(seq, "m")
			for _, p := range strings.Split(params, ";") {
				if p != "" && p != "0" && p != "1" && p != "3" {
					t.Errorf("%s: sequence %q without colour", st.name, params)
				}
			}
		}
	}
}

func TestALightTerminalGetsOtherColours(t *testing.T) {
	t.Parallel()
	s := newScreen(t, offline())
	dark := s.m.View().Content
	s.m.theme(false)
	if s.m.View().Content == dark {
		t.Error("the screen looks the same on a light background")
	}
}

func TestEveryVerdictHasASignAndAWord(t *testing.T) {
	t.Parallel()
	want := map[grade.Verdict]string{
		grade.Met: "✓ met", grade.Partly: "◐ partly", grade.Missed: "✗ missed", grade.Contradicted: "! contradicted",
	}
	for v, label := range want {
		if got, _ := newStyles(true, true).verdict(v); got != label {
			t.Errorf("verdict(%s) = %q, want %q", v, got, label)
		}
	}
}

func BenchmarkAKeyInALongAnswer(b *testing.B) {
	s := newScreen(b, offline())
	s.send(tea.PasteMsg{Content: strings.Repeat("so many words that say next to nothing\n", 1500)})
	for b.Loop() {
		s.send(keyPress("x"))
		s.m.View()
	}
}

func TestResizeKeepsTheText(t *testing.T) {
	t.Parallel()
	s := newScreen(t, offline())
	s.write(said)
	for _, w := range []int{20, 200, 5, 80} {
		s.send(tea.WindowSizeMsg{Width: w, Height: 24})
	}
	s.wantText(said)
}

func TestMarkdownIsRenderedInPlainLines(t *testing.T) {
	t.Parallel()
	src := "# Title\n\nSome *soft* **hard** `code &amp;` &amp; \\*text\\*\nwraps here.\n\n- one\n- two\n  - inner\n\n3. third\n4. fourth\n\n```sh\n  aws s3 ls\n```\n\n> said\n\nsee <https://a.b> or [docs](https://c.d)\n"
	want := `Title

Some soft hard code &amp; & *text* wraps
here.

• one
• two
  • inner

3. third
4. fourth

    aws s3 ls

│ said

see https://a.b or docs (https://c.d)`
	var lines []string
	for _, l := range markdown(src, 40, newStyles(true, false)) {
		lines = append(lines, strings.TrimRight(ansi.Strip(l), " "))
	}
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("markdown:\n%s\nwant:\n%s", got, want)
	}
}

func FuzzMarkdownShowsNoControlCharacters(f *testing.F) {
	f.Add(nasty, 40)
	f.Add("- a\n  - b\n    1. c\n\n> > > d", 3)
	f.Fuzz(func(t *testing.T, src string, width int) {
		if width < 12 || width > 200 || len(src) > 1<<12 {
			return // no screen is so narrow or wide, and no answer so long
		}
		for _, l := range markdown(src, width, newStyles(true, true)) {
			for _, r := range ansi.Strip(l) {
				if r < ' ' {
					t.Errorf("markdown(%q) holds %q", src, r)
				}
			}
		}
	})
}
