package interviewer

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxAnswer is the longest answer taken, in bytes.
const MaxAnswer = 64 << 10

// ErrTooLong reports an answer over MaxAnswer.
var ErrTooLong = errors.New("the answer is longer than 64 kB: shorten it to what you would say aloud")

// Clean makes text from outside fit to keep, grade and show: bytes that are no
// UTF-8 become U+FFFD, line ends become \n, and control characters, escape
// sequences' first byte and direction overrides among them, are removed.
// repaired reports whether invalid UTF-8 was met.
func Clean(text string) (clean string, repaired bool) {
	repaired = !utf8.ValidString(text)
	if repaired {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	clean = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || isBidiControl(r) {
			return -1
		}
		return r
	}, text)
	return strings.Trim(clean, "\n"), repaired
}

// isBidiControl reports the characters that reorder the text after them.
func isBidiControl(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}
