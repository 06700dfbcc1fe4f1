package tui

import "testing"

func TestKeysWhileAnswering(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		keys  []string
		phase phase
		box   string
		text  string // on the screen
	}{
		{"enter makes a new line", []string{"a", "enter", "b"}, asking, "a\nb", ""},
		{"ctrl+s submits", []string{"a", "ctrl+s"}, graded, "", "✓ met"},
		{"an empty answer is asked about", []string{"ctrl+d"}, asking, "", "Submit nothing?"},
		{"an empty answer is submitted the second time", []string{"ctrl+d", "ctrl+d"}, graded, "", ""},
		{"another key takes the question back", []string{"ctrl+d", "a", "backspace", "ctrl+d"}, asking, "", "Submit nothing?"},
		{"a hint says its cost first", []string{"a", "ctrl+t"}, asking, "a", "A hint costs 5 points. Press again to take it."},
		{"a hint is taken the second time", []string{"a", "ctrl+t", "ctrl+t"}, asking, "a", "Hint 1: Which setting keeps"},
		{"there is no hint after the last", []string{"ctrl+t", "ctrl+t", "ctrl+t", "ctrl+t"}, asking, "", "There is no further hint for this question."},
		{"repeat asks in other words", []string{"ctrl+r"}, asking, "", "In other words: why is the first call slow?"},
		{"repeat goes on to the next words", []string{"ctrl+r", "ctrl+r"}, asking, "", "In other words: what makes Lambda wait?"},
		{"skip asks first", []string{"a", "ctrl+n"}, asking, "a", "let go of what you wrote?"},
		{"skip leaves the question", []string{"a", "ctrl+n", "ctrl+n"}, asking, "", "Question 2 of 2"},
		{"esc throws nothing away", []string{"a", "esc", "esc"}, asking, "a", ""},
		{"a question mark is text", []string{"?"}, asking, "?", ""},
		{"help opens while typing", []string{"a", "ctrl+g"}, asking, "a", "While you answer"},
		{"esc closes help", []string{"a", "f1", "esc"}, asking, "a", "What is a Lambda cold start"},
		{"the editor must be set", []string{"ctrl+o"}, asking, "", "No editor is set."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, offline())
			s.press(tt.keys...)
			s.wantPhase(tt.phase)
			s.wantText(tt.text)
			if got := s.m.box.Value(); got != tt.box {
				t.Errorf("box = %q, want %q", got, tt.box)
			}
		})
	}
}

func TestSlashCommands(t *testing.T) {
	t.Parallel()
	tests := []struct {
		typed string
		again bool // submitted a second time
		box   string
		text  string
	}{
		{"/hint", false, "/hint", "A hint costs 5 points."},
		{"/hint", true, "", "Hint 1:"},
		{"/repeat", false, "", "In other words:"},
		{"/skip", true, "", "Question 2 of 2"},
		{"/again", false, "", "There is no answer yet to come back to."},
		{"/answer", false, "", "There is no answer yet to come back to."},
		{"/dispute 2 I said so", false, "", "press d at the grade"},
		{"/help", false, "", "While you answer"},
		{"/hnit", false, "/hnit", "There is no command /hnit"},
		{"/quit", false, "", "Leave the interview?"},
		{"/etc/fstab is read at boot", false, "", "✓ met"},
	}
	for _, tt := range tests {
		t.Run(tt.typed, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, offline())
			s.write(tt.typed)
			s.press("ctrl+d")
			if tt.again {
				s.press("ctrl+d")
			}
			s.wantText(tt.text)
			if got := s.m.box.Value(); got != tt.box {
				t.Errorf("box = %q, want %q", got, tt.box)
			}
		})
	}
}

func TestTheReferenceToASkippedQuestionCanBeRead(t *testing.T) {
	t.Parallel()
	s := newScreen(t, offline())
	s.press("ctrl+n", "ctrl+n")
	s.write("/answer")
	s.press("ctrl+d")
	s.wantText("Question 2 of 2", "Reference answer", "keeps environments ready.")
	s.press("esc")
	s.wantText("Which S3 storage classes are there")
}

func TestKeysAtAGrade(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		keys  []string
		phase phase
		text  string
	}{
		{"a warns before the follow-up", []string{"a"}, graded, "The answer tells what the follow-up asks about."},
		{"a shows the reference answer", []string{"a", "a"}, graded, "Provisioned concurrency keeps environments ready."},
		{"r tries again", []string{"r"}, asking, "What is a Lambda cold start"},
		{"d opens a dispute", []string{"d"}, disputing, "2 I did say that"},
		{"a dispute names its point", []string{"d", "x", "ctrl+d"}, disputing, "Begin with the point's number, 1 to 4"},
		{"a dispute is judged", []string{"d", "2", " ", "I", " ", "d", "i", "d", "ctrl+d"}, graded, "Judged again"},
		{"esc puts a dispute aside", []string{"d", "2", "esc"}, graded, "✓ met"},
		{"a dispute put aside comes back", []string{"d", "2", "esc", "d"}, disputing, "┃ 2"},
		{"a dispute put aside is no answer", []string{"d", "2", "esc", "enter"}, asking, "Answer as you would say it aloud."},
		{"q asks whether to leave", []string{"q"}, graded, "Leave the interview?"},
		{"esc stays", []string{"q", "esc"}, graded, "✓ met"},
		{"a question mark is help", []string{"?"}, graded, "While you answer"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			su := withModel()
			su.w, su.h = 100, 50
			s := newScreen(t, su)
			s.write(said)
			s.press("ctrl+d")
			s.wantNoText("Provisioned concurrency keeps environments ready.")
			s.press(tt.keys...)
			s.wantPhase(tt.phase)
			s.wantText(tt.text)
		})
	}
}

func TestAnEstimateCannotBeDisputed(t *testing.T) {
	t.Parallel()
	s := newScreen(t, offline())
	s.write(said)
	s.press("ctrl+d", "d")
	s.wantPhase(graded)
	s.wantText("A dispute is judged by a language model")
}

func TestLeaving(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		keys []string
		quit bool
	}{
		{"ctrl+c once stays", []string{"a", "ctrl+c"}, false},
		{"ctrl+c twice leaves", []string{"a", "ctrl+c", "ctrl+c"}, true},
		{"another key between stays", []string{"ctrl+c", "a", "ctrl+c"}, false},
		{"q and enter leave", []string{"a", "ctrl+d", "q", "enter"}, true},
		{"q and esc stay", []string{"a", "ctrl+d", "q", "esc"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newScreen(t, offline())
			if s.press(tt.keys...); s.quit != tt.quit {
				t.Errorf("quit = %v, want %v", s.quit, tt.quit)
			}
			if s.m.phase == reported {
				t.Error("leaving finished the interview")
			}
		})
	}
}
