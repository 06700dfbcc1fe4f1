package tui

import (
	"bytes"
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textarea"
	"charm.land/bubbles/v2/textinput"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"viva/interviewer/grade"
)

// styles is the whole palette. Colour only repeats what a word or a sign says.
type styles struct {
	title  lipgloss.Style // the program's name
	strong lipgloss.Style // the question, headings
	dim    lipgloss.Style // what may be overlooked
	rule   lipgloss.Style // thin lines
	accent lipgloss.Style // where the interview stands, keys that work
	notice lipgloss.Style // the sentence above the keys
	code   lipgloss.Style
	good   lipgloss.Style
	fair   lipgloss.Style
	bad    lipgloss.Style
	text   lipgloss.Style
	still  bool // nothing moves
}

func newStyles(dark, noColor bool) styles {
	plain := lipgloss.NewStyle()
	pick := lipgloss.LightDark(dark)
	in := func(light, dark string) lipgloss.Style {
		if noColor {
			return plain
		}
		return plain.Foreground(pick(lipgloss.Color(light), lipgloss.Color(dark)))
	}
	accent := in("#0B7285", "#66D9E8")
	return styles{
		title:  accent.Bold(true),
		strong: plain.Bold(true),
		dim:    in("#6C6C6C", "#949494"),
		rule:   in("#C6C6C6", "#4E4E4E"),
		accent: accent,
		notice: in("#A15C00", "#F2CC60"),
		code:   in("#7048A8", "#C9A6F5"),
		good:   in("#2B7A3E", "#7EE2A8"),
		fair:   in("#A15C00", "#F2CC60"),
		bad:    in("#C0362C", "#FF938A"),
		text:   plain,
		still:  noColor,
	}
}

// box styles the answer box.
func (s styles) box() textarea.Styles {
	state := textarea.StyleState{
		Base: s.text, Text: s.text, CursorLine: s.text, EndOfBuffer: s.text,
		Placeholder: s.dim, Prompt: s.accent, Selection: lipgloss.NewStyle().Reverse(true),
	}
	return textarea.Styles{Focused: state, Blurred: state, Cursor: textarea.CursorStyle{Blink: !s.still}}
}

// line styles a text of one line.
func (s styles) line() textinput.Styles {
	state := textinput.StyleState{Text: s.text, Placeholder: s.dim, Prompt: s.accent}
	return textinput.Styles{Focused: state, Blurred: state, Cursor: textinput.CursorStyle{Blink: !s.still}}
}

// keys names keys in one line; of those that do not fit the last one always stays.
func (s styles) keys(width int, bindings ...key.Binding) string {
	var parts []string
	for _, k := range bindings {
		parts = append(parts, s.accent.Render(k.Help().Key)+" "+s.dim.Render(k.Help().Desc))
	}
	for len(parts) > 1 && ansi.StringWidth(strings.Join(parts, "   ")) > width {
		parts = append(parts[:len(parts)-2], parts[len(parts)-1])
	}
	return strings.Join(parts, "   ")
}

// page is a screen of lines that are cut to the width, with a margin where there is room.
func page(lines []string, width, screen int) string {
	for i, l := range lines {
		if l = ansi.Truncate(l, width, "…"); l != "" && screen > width {
			l = " " + l
		}
		lines[i] = l
	}
	return strings.Join(lines, "\n")
}

// verdict gives the sign, the word and the style of a verdict.
func (s styles) verdict(v grade.Verdict) (label string, style lipgloss.Style) {
	style = s.dim
	switch v {
	case grade.Met:
		style = s.good
	case grade.Partly:
		style = s.fair
	case grade.Missed:
		style = s.bad
	case grade.Contradicted:
		style = s.bad.Bold(true)
	}
	return v.Sign() + " " + oneLine(string(v)), style
}

// band is the style of a score.
func (s styles) band(score int) lipgloss.Style {
	switch {
	case score >= 80:
		return s.good
	case score >= 40:
		return s.fair
	}
	return s.bad
}

// styled is a part of a text in a style of its own.
type styled struct {
	Span
	style lipgloss.Style
}

// firstMark is the first of the characters for private use that stand for the
// styles while a text is wrapped, and markEnd the one that ends each.
const (
	markEnd   = '\ue000'
	firstMark = '\ue001'
)

// bringOut wraps a text to the width and gives its parts their styles, and rest to
// what lies between. Parts that overlap an earlier one are left out.
func bringOut(text string, parts []styled, width int, rest lipgloss.Style) []string {
	var marked strings.Builder
	end := 0
	for i, p := range parts {
		if p.From < end || p.To > len(text) || p.From >= p.To {
			continue
		}
		marked.WriteString(text[end:p.From] + string(firstMark+rune(i)) + text[p.From:p.To] + string(markEnd))
		end = p.To
	}
	lines := wrap(marked.String()+text[end:], width)
	style := rest
	for i, l := range lines {
		var out, run strings.Builder
		flush := func() {
			if run.Len() > 0 {
				out.WriteString(style.Render(run.String()))
			}
			run.Reset()
		}
		for _, r := range l {
			switch at := int(r - firstMark); {
			case r == markEnd:
				flush()
				style = rest
			case at >= 0 && at < len(parts):
				flush()
				style = parts[at].style
			default:
				run.WriteRune(r)
			}
		}
		flush()
		lines[i] = out.String()
	}
	return lines
}

// markdown renders src in lines of at most width columns. It knows CommonMark,
// which is all that reference answers use; glamour knows more, but its syntax
// highlighters cost every start of the program 20 ms.
func markdown(src string, width int, s styles) []string {
	src = readable(src)
	r := renderer{src: []byte(src), s: s}
	return r.blocks(goldmark.New().Parser().Parse(text.NewReader(r.src)), max(width, 1))
}

// Markdown renders src for a terminal with the given background, in lines of at
// most width columns.
func Markdown(src string, width int, dark bool) string {
	return strings.Join(markdown(src, width, newStyles(dark, false)), "\n") + "\n"
}

type renderer struct {
	src []byte
	s   styles
}

// blocks renders the children of n, a blank line between them save in a tight list.
func (r renderer) blocks(n ast.Node, width int) []string {
	var lines []string
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if len(lines) > 0 && c.Kind() != ast.KindTextBlock && !tight(n, c) {
			lines = append(lines, "")
		}
		lines = append(lines, r.block(c, width)...)
	}
	return lines
}

func tight(parent, child ast.Node) bool {
	if l, ok := parent.(*ast.List); ok {
		return l.IsTight
	}
	l, ok := child.(*ast.List)
	return ok && l.IsTight && parent.Kind() == ast.KindListItem
}

func (r renderer) block(n ast.Node, width int) []string {
	switch n := n.(type) {
	case *ast.Heading:
		return paint(r.flow(n, width), r.s.strong)
	case *ast.ListItem:
		return hang(marker(n), r.blocks(n, width-len([]rune(marker(n)))))
	case *ast.List:
		return r.blocks(n, width)
	case *ast.Blockquote:
		var lines []string
		for _, l := range r.blocks(n, width-2) {
			lines = append(lines, r.s.rule.Render("│")+" "+l)
		}
		return lines
	case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
		return paint(hang("  ", wrap(string(n.Lines().Value(r.src)), width-2)), r.s.code)
	case *ast.ThematicBreak:
		return []string{r.s.rule.Render(strings.Repeat("─", width))}
	}
	return r.flow(n, width)
}

func marker(n *ast.ListItem) string {
	l, ok := n.Parent().(*ast.List)
	if !ok || !l.IsOrdered() {
		return "• "
	}
	number := l.Start
	for c := l.FirstChild(); c != nil && c != ast.Node(n); c = c.NextSibling() {
		number++
	}
	return fmt.Sprintf("%d. ", number)
}

// flow renders running text.
func (r renderer) flow(n ast.Node, width int) []string {
	return strings.Split(lipgloss.Wrap(r.inline(n, r.s.text), max(width, 1), ""), "\n")
}

// inline renders what stands inside a line in the given style.
func (r renderer) inline(n ast.Node, style lipgloss.Style) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			b.WriteString(r.words(c.Segment.Value(r.src), style) + lineEnd(c))
		case *ast.String:
			b.WriteString(r.words(c.Value, style))
		case *ast.CodeSpan:
			b.WriteString(r.s.code.Render(r.verbatim(c)))
		case *ast.Emphasis:
			b.WriteString(r.inline(c, emphasis(style, c.Level)))
		case *ast.AutoLink:
			b.WriteString(r.words(c.URL(r.src), style))
		case *ast.Link:
			b.WriteString(r.inline(c, style) + r.s.dim.Render(" ("+oneLine(string(c.Destination))+")"))
		default:
			b.WriteString(r.inline(c, style))
		}
	}
	return b.String()
}

// verbatim is a code span's text, in which nothing is escaped.
func (r renderer) verbatim(n ast.Node) string {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(r.src))
		}
	}
	return strings.ReplaceAll(b.String(), "\n", " ")
}

func emphasis(s lipgloss.Style, level int) lipgloss.Style {
	if level > 1 {
		return s.Bold(true)
	}
	return s.Italic(true)
}

func lineEnd(t *ast.Text) string {
	switch {
	case t.HardLineBreak():
		return "\n"
	case t.SoftLineBreak():
		return " "
	}
	return ""
}

// words resolves escapes and entities, which may hide control characters.
func (r renderer) words(raw []byte, style lipgloss.Style) string {
	raw = util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(bytes.Clone(raw))))
	return style.Render(strings.ReplaceAll(readable(string(raw)), "\n", " "))
}
