package interviewer

import (
	"errors"
	"strings"
	"unicode/utf8"

	"viva/content"
)

// MaxAnswer is the longest answer taken, in bytes.
const MaxAnswer = 64 << 10

// ErrTooLong reports an answer over MaxAnswer.
var ErrTooLong = errors.New("the answer is longer than 64 kB: shorten it to what you would say aloud")

// Clean makes text from outside fit to keep, grade and show: bytes that are no
// UTF-8 become U+FFFD, what a terminal would obey is removed, and so are blank
// lines at both ends. repaired reports whether invalid UTF-8 was met.
func Clean(text string) (clean string, repaired bool) {
	repaired = !utf8.ValidString(text)
	if repaired {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	return strings.Trim(content.Printable(text), "\n"), repaired
}
