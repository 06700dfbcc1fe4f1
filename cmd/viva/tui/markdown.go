package tui

import (
	"bytes"
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

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
