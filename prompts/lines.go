package prompts

import (
	"bytes"
	_ "embed" // the lines
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/template"
)

// LineKind says what a line is for.
type LineKind string

// The kinds of lines. A Right, Half or Onward line needs a quote, a Bridge or
// Stay line a topic.
const (
	LineRight   LineKind = "right"   // the quoted words made a point
	LineHalf    LineKind = "half"    // the quoted words touched one
	LineMissed  LineKind = "missed"  // no point was made
	LineUnknown LineKind = "unknown" // the candidate does not know; the answer follows
	LineSkipped LineKind = "skipped" // the question was left
	LineOnward  LineKind = "onward"  // a follow-up starts from the quoted words
	LineAsking  LineKind = "asking"  // a follow-up where nothing was right
	LineBridge  LineKind = "bridge"  // the next question is on another topic
	LineStay    LineKind = "stay"    // it is on the same one
	LineLast    LineKind = "last"    // it is the last one
	LineUnclear LineKind = "unclear" // the candidate asked back, and there is no model to reply
)

// LineInput is what a line may name.
type LineInput struct {
	Quote string // the candidate's words
	Topic string // title of the next question's topic
}

// Line is a sentence that the interviewer says.
type Line struct {
	ID   string // names the template it was made of: "right-3"
	Text string
}

// Say returns a line of the kind that is none of those used, by their ids; once
// all were used they come again, the one used longest ago first. The same seed
// chooses the same line.
func Say(kind LineKind, in LineInput, used []string, seed uint64) (Line, error) {
	all, err := lines()
	if err != nil {
		return Line{}, err
	}
	of := all[kind]
	if len(of) == 0 {
		return Line{}, fmt.Errorf("no line of kind %q", kind)
	}
	best, bestAge := 0, -1
	for i := range of {
		at := (i + int(seed%uint64(len(of)))) % len(of)
		age := len(used) + 1 // never used
		if last := lastIndex(used, lineID(kind, at)); last >= 0 {
			age = len(used) - last
		}
		if age > bestAge {
			best, bestAge = at, age
		}
	}
	var out bytes.Buffer
	if err := of[best].Execute(&out, in); err != nil {
		return Line{}, fmt.Errorf("line %s: %w", lineID(kind, best), err)
	}
	return Line{lineID(kind, best), out.String()}, nil
}

func lineID(kind LineKind, at int) string { return fmt.Sprintf("%s-%d", kind, at+1) }

func lastIndex(ids []string, id string) int {
	for i, used := range slices.Backward(ids) {
		if used == id {
			return i
		}
	}
	return -1
}

// linesFile holds "kind: template" lines.
//
//go:embed lines.txt
var linesFile string

// lines are the templates by kind, in the order of the file.
var lines = sync.OnceValues(func() (map[LineKind][]*template.Template, error) {
	all := map[LineKind][]*template.Template{}
	for line := range strings.Lines(linesFile) {
		kind, text, ok := strings.Cut(strings.TrimSpace(line), ": ")
		t, err := template.New(kind).Option("missingkey=error").Parse(text)
		if !ok || err != nil {
			return nil, fmt.Errorf("line %q: %w", line, err)
		}
		all[LineKind(kind)] = append(all[LineKind(kind)], t)
	}
	return all, nil
})
