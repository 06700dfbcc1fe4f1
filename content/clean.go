package content

import (
	"strings"
	"unicode"
)

// Printable removes what a terminal would obey rather than show: control
// characters, an escape sequence's first among them, save line ends and tabs,
// the characters that reorder the text after them, and those that have no width
// and no meaning. Line ends become \n.
func Printable(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || reorders(r) || unseen(r) {
			return -1
		}
		return r
	}, s)
}

// unseen reports zero-width and soft characters; the joiners that scripts and
// emoji need are not among them.
func unseen(r rune) bool {
	return r == '\u00AD' || r == '\u200B' || r == '\u2060' || r == '\uFEFF'
}

func reorders(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}
