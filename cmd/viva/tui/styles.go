package tui

import (
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
