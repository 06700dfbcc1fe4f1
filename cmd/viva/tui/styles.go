package tui

import (
	"strings"

	"charm.land/bubbles/v2/textarea"
	"charm.land/lipgloss/v2"

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
