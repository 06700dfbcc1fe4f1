package tui

import (
	"context"
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Choice is one line of a picker.
type Choice struct {
	Ref     string // what Pick returns when it is chosen
	Title   string
	About   string // what may be overlooked, beside the title
	Snippet string // why it is here
	Marks   []Span // words of Snippet to bring out
}

// Span is a part of a text, in bytes: text[From:To].
type Span struct{ From, To int }

// Found is what a picker shows for a query.
type Found struct {
	Choices []Choice
	Notice  string // above the choices; "": nothing
}

// Finder looks a query up. An empty query finds nothing.
type Finder func(ctx context.Context, query string) (Found, error)

// Pick lets the user type a query, see what it finds with each key, and choose.
// It returns the Ref of the choice, "" when the user left without one. The error
// is the terminal's or the context's; what find returns is shown instead.
func Pick(ctx context.Context, query string, find Finder, o Options) (ref string, err error) {
	p := newPicker(ctx, query, find, o)
	_, err = tea.NewProgram(p, programOptions(ctx, o)...).Run()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", fmt.Errorf("draw the list: %w", err)
	}
	return p.chosen, nil
}

// picker is the list and the line above it. Commands never touch it.
type picker struct {
	ctx    context.Context // Bubble Tea gives no other place
	find   Finder
	opts   Options
	keys   pickKeys
	styles styles
	line   textinput.Model

	width, height int
	found         Found
	at            int    // the choice under the bar
	asked         string // the query whose result is shown or awaited
	busy          bool   // a result is awaited
	entered       bool   // the first of it was chosen already
	chosen        string
}

type pickKeys struct{ choose, close, up, down, top, bottom key.Binding }

func newPickKeys() pickKeys {
	bind := func(name, what string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(name, what))
	}
	return pickKeys{
		choose: bind("Enter", "practise it", "enter"),
		close:  bind("Esc", "close", "esc", "ctrl+c"),
		up:     bind("↑↓", "move", "up", "ctrl+p", "ctrl+k"),
		down:   bind("↓", "down", "down", "ctrl+n", "ctrl+j", "tab"),
		top:    bind("PgUp", "first", "pgup"),
		bottom: bind("PgDn", "last", "pgdown"),
	}
}

func newPicker(ctx context.Context, query string, find Finder, o Options) *picker {
	p := &picker{ctx: ctx, find: find, opts: o, keys: newPickKeys(), line: textinput.New()}
	p.line.Prompt = "› "
	p.line.Placeholder = "what is on your mind"
	p.line.SetVirtualCursor(false)
	p.line.SetValue(oneLine(query))
	p.line.CursorEnd()
	p.line.Focus()
	p.theme(true)
	return p
}

func (p *picker) theme(dark bool) {
	p.styles = newStyles(dark, p.opts.NoColor)
	p.line.SetStyles(p.styles.line())
}

// Init asks the terminal for its background and looks the query up.
func (p *picker) Init() tea.Cmd {
	if p.opts.NoColor {
		return p.look()
	}
	return tea.Batch(tea.RequestBackgroundColor, p.look())
}

// foundMsg is what a query came to.
type foundMsg struct {
	query string
	found Found
	err   error
}

// look has what is typed looked up unless a result is awaited: then the reply
// does it.
func (p *picker) look() tea.Cmd {
	query := strings.TrimSpace(p.line.Value())
	if p.busy || query == p.asked {
		return nil
	}
	p.asked, p.busy = query, true
	ctx, find := p.ctx, p.find
	return func() tea.Msg {
		if query == "" {
			return foundMsg{}
		}
		found, err := find(ctx, query)
		return foundMsg{query, found, err}
	}
}

// Update takes one message in.
func (p *picker) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		p.width, p.height = msg.Width, msg.Height
		p.line.SetWidth(max(p.width-6, 1))
	case tea.BackgroundColorMsg:
		p.theme(msg.IsDark())
	case foundMsg:
		return p, p.take(msg)
	case tea.KeyPressMsg:
		return p, p.pressed(msg)
	default:
		var cmd tea.Cmd
		p.line, cmd = p.line.Update(msg)
		return p, tea.Batch(cmd, p.look())
	}
	return p, nil
}

// take shows a result, and looks again when more was typed since.
func (p *picker) take(msg foundMsg) tea.Cmd {
	p.busy = false
	p.found, p.at = msg.found, 0
	if msg.err != nil {
		p.found = Found{Notice: sentence(msg.err)}
	}
	if cmd := p.look(); cmd != nil || !p.entered {
		return cmd
	}
	return p.choose()
}

// choose takes the choice under the bar. While a result is awaited, what is shown
// may not be what was meant: the first of that result is taken.
func (p *picker) choose() tea.Cmd {
	p.entered = p.busy
	if p.busy || len(p.found.Choices) == 0 {
		return nil
	}
	p.chosen = p.found.Choices[p.at].Ref
	return tea.Quit
}

func (p *picker) pressed(k tea.KeyPressMsg) tea.Cmd {
	last := max(len(p.found.Choices)-1, 0)
	switch {
	case key.Matches(k, p.keys.close):
		return tea.Quit
	case key.Matches(k, p.keys.choose):
		return p.choose()
	case key.Matches(k, p.keys.up):
		p.at = max(p.at-1, 0)
	case key.Matches(k, p.keys.down):
		p.at = min(p.at+1, last)
	case key.Matches(k, p.keys.top):
		p.at = 0
	case key.Matches(k, p.keys.bottom):
		p.at = last
	default:
		p.entered = false
		var cmd tea.Cmd
		p.line, cmd = p.line.Update(k)
		return tea.Batch(cmd, p.look())
	}
	return nil
}

// View draws the picker: the line, a rule, the choices, the keys.
func (p *picker) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.WindowTitle = oneLine(p.opts.Title)
	if p.width <= 0 || p.height <= 0 {
		return v
	}
	const head = 2
	w := max(p.width-2, 1)
	lines := []string{p.line.View(), p.styles.rule.Render(strings.Repeat("─", w))}
	foot := p.foot(w)
	lines = append(lines, p.body(w, max(p.height-head-1, 0))...)
	lines = append(lines[:min(len(lines), max(p.height-1, 0))], make([]string, max(p.height-1-len(lines), 0))...)
	lines = append(lines, foot)
	if c := p.line.Cursor(); c != nil && p.height > 1 {
		c.X++ // the margin
		v.Cursor = c
	}
	v.Content = page(lines, w, p.width)
	return v
}

func (p *picker) foot(width int) string {
	if len(p.found.Choices) == 0 {
		return p.styles.keys(width, p.keys.close)
	}
	return p.styles.keys(width, p.keys.choose, p.keys.up, p.keys.close)
}

// body is the notice and the choices, moved up so far that the one under the
// bar is seen whole.
func (p *picker) body(width, height int) []string {
	if p.asked == "" {
		return paint(wrap("Type what is on your mind: a symptom, a service, a question.", width), p.styles.dim)
	}
	var lines []string
	if p.found.Notice != "" {
		lines = append(paint(wrap(p.found.Notice, width), p.styles.notice), "")
	}
	from, to := 0, 0
	for i, c := range p.found.Choices {
		part := p.choice(c, i == p.at, width)
		if i == p.at {
			from, to = len(lines), len(lines)+len(part)
		}
		lines = append(lines, part...)
		if p.height >= lowScreen {
			lines = append(lines, "")
		}
	}
	return lines[min(max(to-height, 0), from):]
}

// choice is one choice; the one under the bar says why it is here.
func (p *picker) choice(c Choice, chosen bool, width int) []string {
	s := p.styles
	if !chosen {
		lines := []string{"  " + s.text.Render(ansi.Truncate(oneLine(c.Title), max(width-2, 1), "…"))}
		if p.height >= lowScreen {
			lines = append(lines, "  "+s.dim.Render(oneLine(c.About)))
		}
		return lines
	}
	lines := hang(s.accent.Render("▌")+" ", paint(wrap(c.Title, width-2), s.strong))
	lines = append(lines, "  "+s.dim.Render(oneLine(c.About)))
	if c.Snippet != "" {
		var marks []styled
		for _, m := range c.Marks {
			marks = append(marks, styled{m, s.fair.Bold(true)})
		}
		lines = append(lines, hang("  ", bringOut(c.Snippet, marks, width-2, s.text))...)
	}
	return lines
}
