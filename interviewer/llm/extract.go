package llm

import (
	"encoding/json"
	"errors"
	"strings"
)

// ErrNoJSON reports a reply in which no JSON object or array stands.
var ErrNoJSON = errors.New("no JSON in the reply")

// ExtractJSON finds the JSON object or array in a model's reply: the longest
// that is valid, apart from commas before a closing bracket, which it removes.
// Thoughts, code fences and prose around it are passed over. Text inside the
// JSON stays as it is, as does JSON that stands alone. If there is none the
// error is [ErrNoJSON].
func ExtractJSON(text string) (json.RawMessage, error) {
	text = afterThought(text)
	var best []byte
	// A start that leads nowhere is tried again from the next bracket; the
	// budget keeps a reply of nothing but brackets from taking quadratic time.
	for budget := 64*len(text) + 1<<16; budget > 0; {
		start := strings.IndexAny(text, "{[")
		if start < 0 {
			break
		}
		text = text[start:]
		found, read := bracketed(text)
		budget -= read
		if found == nil || !json.Valid(found) {
			text = text[1:]
			continue
		}
		if len(found) > len(best) {
			best = found
		}
		text = text[read:]
	}
	if best == nil {
		return nil, ErrNoJSON
	}
	return best, nil
}

// afterThought drops a thought that stands first, also one whose opening tag
// the server kept to itself. One that never ends leaves nothing.
func afterThought(text string) string {
	const open, end = "<think>", "</think>"
	text = strings.TrimSpace(text)
	thought, rest, ended := strings.Cut(text, end)
	switch {
	case strings.HasPrefix(text, open) && ended:
		return afterThought(rest)
	case strings.HasPrefix(text, open):
		return ""
	case ended && !strings.ContainsAny(text[:1], "{[`") && !strings.Contains(thought, open):
		return rest
	}
	return text
}

// bracketed copies text, which begins with a bracket, up to the one that closes
// it, without commas that nothing follows. It returns nil when the brackets do
// not match, and how many bytes it read.
func bracketed(text string) (out []byte, read int) {
	var closers []byte
	out = make([]byte, 0, 64)
	for i := 0; i < len(text); i++ {
		switch b := text[i]; b {
		case '{':
			closers = append(closers, '}')
		case '[':
			closers = append(closers, ']')
		case '}', ']':
			if closers[len(closers)-1] != b {
				return nil, i + 1
			}
			closers = closers[:len(closers)-1]
			if len(closers) == 0 {
				return append(out, b), i + 1
			}
		case ',':
			if dangling(text[i+1:]) {
				continue
			}
		case '"':
			n := quoted(text[i:])
			out = append(out, text[i:i+n]...)
			i += n - 1
			continue
		}
		out = append(out, text[i])
	}
	return nil, len(text)
}

// dangling reports whether a closing bracket is next.
func dangling(rest string) bool {
	rest = strings.TrimLeft(rest, " \t\r\n")
	return rest != "" && (rest[0] == '}' || rest[0] == ']')
}

// quoted is the length of the string that text begins with, or of all of text
// if it does not end.
func quoted(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(text)
}
