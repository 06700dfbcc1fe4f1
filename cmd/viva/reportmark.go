package main

import (
	"bytes"
	"fmt"
	html "html/template"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"viva/interviewer"
	"viva/interviewer/grade"
)

// piece is a stretch of an answer; Verdict is "" where no verdict rests on it.
type piece struct {
	Text    string
	Verdict grade.Verdict
	About   string // the sign of the verdict and its point's number
}

// pieces cuts an answer at the words that its grade quotes.
func pieces(a interviewer.ReportAnswer) []piece {
	answer := strings.TrimRight(a.Text, " \n")
	if a.Grade == nil {
		return []piece{{Text: answer}}
	}
	var all []piece
	end := 0
	for _, m := range a.Grade.Marks(answer) {
		about := m.Verdict.Sign()
		if m.Point > 0 {
			about = fmt.Sprintf("%s\u00a0%d", about, m.Point)
		}
		all = append(all, piece{Text: answer[end:m.From]}, piece{answer[m.From:m.To], m.Verdict, about})
		end = m.To
	}
	return append(all, piece{Text: answer[end:]})
}

// What Markdown reads as more than text: anywhere, and at the start of a line.
var (
	markdownAnywhere = regexp.MustCompile("[\\\\`*\\[\\]<>|~$&]|\\b_+|_+\\b")
	markdownLine     = regexp.MustCompile(`(?m)^(\s*)([#+=-]|\d+[.)])`)
	markdownIndent   = regexp.MustCompile(`(?m)^[ \t]+`)
)

// escaped is s as Markdown that shows s.
func escaped(s string) string {
	s = markdownAnywhere.ReplaceAllStringFunc(s, func(found string) string {
		return `\` + strings.Join(strings.Split(found, ""), `\`)
	})
	return markdownLine.ReplaceAllStringFunc(s, func(start string) string {
		return start[:len(start)-1] + `\` + start[len(start)-1:]
	})
}

// quotedMarkdown is an answer as a Markdown quotation that keeps its lines.
func quotedMarkdown(s string) string {
	lines := strings.Split(escaped(strings.TrimSpace(s)), "\n")
	for i, l := range lines {
		if strings.TrimSpace(l) == "" {
			lines[i] = ">"
			continue
		}
		l = markdownIndent.ReplaceAllStringFunc(l, func(in string) string {
			return strings.Repeat("&nbsp;", len(strings.ReplaceAll(in, "\t", "    ")))
		})
		if i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" {
			l += lineBreak(l)
		}
		lines[i] = "> " + l
	}
	return strings.Join(lines, "\n")
}

// lineBreak ends a line of Markdown that the next one is not to be joined to.
func lineBreak(line string) string {
	if strings.HasSuffix(line, `\`) {
		return "  " // a third backslash would not be read as one
	}
	return `\`
}

// renderedReference is a reference answer, which is Markdown, as HTML. Raw HTML in
// it is left out, pictures give way to their words, as the page loads nothing, and
// headings go below those of the page.
func renderedReference(src string) (html.HTML, error) {
	source := []byte(src)
	doc := goldmark.DefaultParser().Parse(text.NewReader(source))
	var pictures []ast.Node
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = 5
		case *ast.Image:
			if entering {
				pictures = append(pictures, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, n := range pictures {
		for c := n.FirstChild(); c != nil; c = n.FirstChild() {
			n.Parent().InsertBefore(n.Parent(), n, c)
		}
		n.Parent().RemoveChild(n.Parent(), n)
	}
	var out bytes.Buffer
	if err == nil {
		err = goldmark.DefaultRenderer().Render(&out, source, doc)
	}
	return html.HTML(out.String()), err
}
