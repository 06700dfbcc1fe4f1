package tui

import (
	"context"
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
)

// Offer is what a start screen offers.
type Offer struct {
	Unfinished string   // an interview that can be gone on with, in words; "": none
	Due        string   // what should be repeated, in words; "": nothing
	Questions  int      // how many are asked unless the user says otherwise
	Most       int      // how many can be asked
	Topics     []Option // to choose from
	Levels     []Option
}

// Option is one thing to choose. The zero Option stands for all.
type Option struct{ ID, Title string }

// Wish is what the user wants to be asked. The zero Wish is that nobody wants
// anything: the screen was left.
type Wish struct {
	Resume    bool // go on with the unfinished interview, and nothing else
	Questions int
	Topic     string // an Option's ID; "": all
	Level     string
	About     string // "": nothing in particular
}

// Start shows what can be begun until the user chooses. ok is false when the
// screen was left. The error is the terminal's or the context's.
func Start(ctx context.Context, offer Offer, o Options) (wish Wish, ok bool, err error) {
	s := newStart(offer, o)
	_, err = tea.NewProgram(s, programOptions(ctx, o)...).Run()
	switch {
	case ctx.Err() != nil:
		return Wish{}, false, ctx.Err()
	case err != nil:
		return Wish{}, false, fmt.Errorf("draw the start: %w", err)
	}
	return s.wish(), s.begun, nil
}

// row is a line of the start screen that can be stood on.
type row int

const (
	beginRow row = iota
	resumeRow
	questionsRow
	topicRow
	levelRow
	aboutRow
)

// start is the start screen.
type start struct {
	offer  Offer
	opts   Options
	keys   startKeys
	styles styles

	width, height int
	rows          []row
	at            int // of rows
	questions     int
	topic, level  int // of the offer's, from 1; 0: all
	about         textinput.Model
	begun         bool
}

type startKeys struct{ begin, leave, up, down, less, more key.Binding }

func newStart(offer Offer, o Options) *start {
	bind := func(name, what string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(name, what))
	}
	s := &start{offer: offer, opts: o, questions: offer.Questions, about: textinput.New(), keys: startKeys{
		begin: bind("Enter", "begin", "enter"),
		leave: bind("Esc", "leave", "esc", "ctrl+c"),
		up:    bind("↑↓", "move", "up", "shift+tab"),
		down:  bind("↓", "down", "down", "tab"),
		less:  bind("←→", "change", "left"),
		more:  bind("→", "more", "right"),
	}}
	s.rows = []row{beginRow, questionsRow, topicRow, levelRow, aboutRow}
	if offer.Unfinished != "" {
		s.rows = append([]row{resumeRow}, s.rows...)
	}
	s.about.Prompt = ""
	s.about.Placeholder = "type what you want to be asked about"
	s.about.SetVirtualCursor(false)
	s.about.Focus()
	s.theme(true)
	return s
}

func (s *start) theme(dark bool) {
	s.styles = newStyles(dark, s.opts.NoColor)
	s.about.SetStyles(s.styles.line())
}

// wish is what stands on the screen.
func (s *start) wish() Wish {
	if s.rows[s.at] == resumeRow {
		return Wish{Resume: true}
	}
	return Wish{
		Questions: s.questions, Topic: chosen(s.offer.Topics, s.topic).ID, Level: chosen(s.offer.Levels, s.level).ID,
		About: strings.TrimSpace(s.about.Value()),
	}
}

// chosen is option n from 1, and all for 0.
func chosen(of []Option, n int) Option {
	if n == 0 {
		return Option{}
	}
	return of[n-1]
}

// Init asks the terminal for its background.
func (s *start) Init() tea.Cmd {
	if s.opts.NoColor {
		return nil
	}
	return tea.RequestBackgroundColor
}

// Update takes one message in.
func (s *start) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = msg.Width, msg.Height
		s.about.SetWidth(max(s.width-2-labelled-5, 1))
	case tea.BackgroundColorMsg:
		s.theme(msg.IsDark())
	case tea.KeyPressMsg:
		cmd = s.pressed(msg)
	default:
		s.about, cmd = s.about.Update(msg)
	}
	return s, cmd
}

func (s *start) pressed(k tea.KeyPressMsg) tea.Cmd {
	here := s.rows[s.at]
	switch {
	case key.Matches(k, s.keys.leave):
		return tea.Quit
	case key.Matches(k, s.keys.begin):
		s.begun = true
		return tea.Quit
	case key.Matches(k, s.keys.up):
		s.at = max(s.at-1, 0)
	case key.Matches(k, s.keys.down):
		s.at = min(s.at+1, len(s.rows)-1)
	case here != aboutRow && key.Matches(k, s.keys.less):
		s.change(here, -1)
	case here != aboutRow && key.Matches(k, s.keys.more):
		s.change(here, 1)
	case here == questionsRow && len(k.Text) == 1 && k.Text[0] >= '1' && k.Text[0] <= '9':
		s.questions = min(int(k.Text[0]-'0'), max(s.offer.Most, 1))
	default: // whatever is typed is what one wants to be asked about
		if k.Text != "" && strings.TrimSpace(k.Text) != "" {
			s.at = len(s.rows) - 1
		}
		var cmd tea.Cmd
		s.about, cmd = s.about.Update(k)
		return cmd
	}
	return nil
}

// change goes to the next or the previous value of a row, round and round.
func (s *start) change(r row, by int) {
	around := func(n, of int) int { return (n + by + of) % of }
	switch r {
	case questionsRow:
		s.questions = min(max(s.questions+by, 1), max(s.offer.Most, 1))
	case topicRow:
		s.topic = around(s.topic, len(s.offer.Topics)+1)
	case levelRow:
		s.level = around(s.level, len(s.offer.Levels)+1)
	}
}

// labelled is how wide the names of the rows are.
const labelled = 13

// View draws the screen.
func (s *start) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.WindowTitle = oneLine(s.opts.Title)
	if s.width <= 0 || s.height <= 0 {
		return v
	}
	w := min(max(s.width-2, 1), maxColumn)
	lines := []string{s.styles.title.Render(oneLine(s.opts.Title)) + "  " + s.styles.dim.Render(oneLine(s.opts.Grader)), ""}
	roomy := s.height >= lowScreen
	if roomy {
		lines = append(lines, paint(wrap("A mock interview. Nothing must be chosen: Enter begins.", w), s.styles.text)...)
		lines = append(lines, "")
	}
	if s.offer.Due != "" {
		lines = append(append(lines, paint(wrap(s.offer.Due, w), s.styles.notice)...), "")
	}
	about := 0
	for i, r := range s.rows {
		if roomy && r == questionsRow {
			lines = append(lines, "")
		}
		if r == aboutRow {
			about = len(lines)
		}
		lines = append(lines, s.line(r, i == s.at))
	}
	lines = append(lines[:min(len(lines), s.height-1)], make([]string, max(s.height-1-len(lines), 0))...)
	lines = append(lines, s.styles.keys(w, s.keys.begin, s.keys.up, s.keys.less, s.keys.leave))
	if c := s.about.Cursor(); c != nil && s.rows[s.at] == aboutRow && about < s.height-1 {
		c.X += 1 + 2 + labelled
		c.Y += about
		v.Cursor = c
	}
	v.Content = page(lines, w, s.width)
	return v
}

// line is one row.
func (s *start) line(r row, here bool) string {
	mark, style := "  ", s.styles.text
	if here {
		mark, style = s.styles.accent.Render("▌")+" ", s.styles.strong
	}
	named := func(name, value string) string {
		return mark + style.Render(fmt.Sprintf("%-*s", labelled, name)) + value
	}
	choice := func(text string) string {
		if !here {
			return s.styles.text.Render(text)
		}
		return s.styles.accent.Render("‹ ") + s.styles.strong.Render(text) + s.styles.accent.Render(" ›")
	}
	all := func(o Option, name string) string {
		if o == (Option{}) {
			return name
		}
		return oneLine(o.Title)
	}
	switch r {
	case beginRow:
		return mark + style.Render("Begin an interview")
	case resumeRow:
		return mark + style.Render("Go on") + s.styles.dim.Render("  "+oneLine(s.offer.Unfinished))
	case questionsRow:
		return named("Questions", choice(fmt.Sprint(s.questions)))
	case topicRow:
		return named("Topic", choice(all(chosen(s.offer.Topics, s.topic), "all topics")))
	case levelRow:
		return named("Level", choice(all(chosen(s.offer.Levels, s.level), "all levels")))
	}
	return named("About", s.about.View())
}
