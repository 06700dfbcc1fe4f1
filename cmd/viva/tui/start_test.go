package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

func offer() Offer {
	return Offer{
		Unfinished: "yesterday, 2 of 5 answered", Due: "3 questions are due.", Questions: 5, Most: 6,
		Topics: []Option{{"lambda", "AWS Lambda"}, {"s3", "Amazon S3"}},
		Levels: []Option{{"core", "core"}, {"advanced", "advanced"}},
	}
}

// beginning opens a start screen and presses keys.
func beginning(o Offer, w, h int, keys ...string) *start {
	s := newStart(o, Options{Title: "viva", Grader: "estimate, offline", NoColor: true})
	s.Update(tea.WindowSizeMsg{Width: w, Height: h})
	for _, k := range keys {
		s.Update(keyPress(k))
	}
	return s
}

func (s *start) screen() string { return ansi.Strip(s.View().Content) }

func TestTheStartScreenWishes(t *testing.T) {
	t.Parallel()
	fresh := offer()
	fresh.Unfinished = ""
	for _, tt := range []struct {
		name  string
		offer Offer
		keys  []string
		want  Wish
	}{
		{"enter begins a mixed interview", fresh, []string{"enter"}, Wish{Questions: 5}},
		{"an unfinished one comes first", offer(), []string{"enter"}, Wish{Resume: true}},
		{"and can be passed by", offer(), []string{"down", "enter"}, Wish{Questions: 5}},
		{"fewer questions", fresh, []string{"down", "left", "left", "enter"}, Wish{Questions: 3}},
		{"never none", fresh, []string{"down", "left", "left", "left", "left", "left", "left", "enter"}, Wish{Questions: 1}},
		{"never more than there are", fresh, []string{"down", "right", "right", "right", "enter"}, Wish{Questions: 6}},
		{"a topic", fresh, []string{"down", "down", "right", "right", "enter"}, Wish{Questions: 5, Topic: "s3"}},
		{"all topics again", fresh, []string{"down", "down", "right", "right", "right", "enter"}, Wish{Questions: 5}},
		{"a level, the other way round", fresh, []string{"down", "down", "down", "left", "enter"}, Wish{Questions: 5, Level: "advanced"}},
		{"what is typed, wherever one stands", fresh, []string{"c", "o", "l", "d", "enter"}, Wish{Questions: 5, About: "cold"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := beginning(tt.offer, 80, 24, tt.keys...)
			if got := s.wish(); got != tt.want || !s.begun {
				t.Errorf("wish %+v, begun %v, want %+v", got, s.begun, tt.want)
			}
		})
	}
}

func TestLeavingTheStartScreenBeginsNothing(t *testing.T) {
	t.Parallel()
	if s := beginning(offer(), 80, 24, "down", "esc"); s.begun {
		t.Error("an interview was begun")
	}
}

func TestTheStartScreenShowsWhatThereIs(t *testing.T) {
	t.Parallel()
	s := beginning(offer(), 80, 24, "down", "down", "down", "right")
	for _, want := range []string{"Go on  yesterday, 2 of 5 answered", "3 questions are due.", "‹ AWS Lambda ›", "all levels", "type what you want to be asked about", "Enter begin"} {
		if !strings.Contains(s.screen(), want) {
			t.Errorf("the screen lacks %q:\n%s", want, s.screen())
		}
	}
}

func TestTheStartScreenFitsAnyScreen(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{80, 24}, {40, 12}, {20, 6}, {5, 2}, {1, 1}, {200, 60}} {
		s := beginning(offer(), size[0], size[1], "down", "down")
		lines := strings.Split(s.screen(), "\n")
		if len(lines) > size[1] {
			t.Errorf("%dx%d: %d lines", size[0], size[1], len(lines))
		}
		for _, l := range lines {
			if ansi.StringWidth(l) > size[0] {
				t.Errorf("%dx%d: a line of %d columns: %q", size[0], size[1], ansi.StringWidth(l), l)
			}
		}
	}
}
