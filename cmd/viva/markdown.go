package main

import (
	"io"
	"os"

	"charm.land/lipgloss/v2"
	"golang.org/x/term"

	"viva/cmd/viva/tui"
)

// widestText is the longest line that is easy to read.
const widestText = 96

// rendersMarkdown reports whether printMarkdown renders.
func (a *app) rendersMarkdown() bool { return !a.noColor && isTerminal(a.out) }

// printMarkdown renders for a terminal and prints as it is elsewhere.
func (a *app) printMarkdown(text string) error {
	if a.rendersMarkdown() {
		text = tui.Markdown(text, a.width(), lipgloss.HasDarkBackground(os.Stdin, os.Stdout))
	}
	_, err := io.WriteString(a.out, text)
	return err
}

// width is how wide text may run at stdout.
func (a *app) width() int { return min(a.terminalWidth(), widestText) }

// terminalWidth is the width of the terminal at stdout, or of easy text where
// there is none.
func (a *app) terminalWidth() int {
	if f, ok := a.out.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	return widestText
}
