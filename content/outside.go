package content

import (
	_ "embed" // the subjects
	"strings"
)

// outside holds "subject: wording | wording …" lines.
//
//go:embed aws/outside.txt
var outside string

// Subject is something that people ask about and the built-in bank does not
// hold. A search keeps such subjects beside the bank, to see that a query is
// nearer to one of them than to any question.
type Subject struct {
	Name     string
	Wordings []string // what people type who need it
}

// Outside returns the subjects outside the built-in bank.
func Outside() []Subject {
	var all []Subject
	for line := range strings.Lines(outside) {
		name, wordings, _ := strings.Cut(strings.TrimSpace(line), ":")
		s := Subject{Name: name}
		for w := range strings.SplitSeq(wordings, "|") {
			if w = strings.TrimSpace(w); w != "" {
				s.Wordings = append(s.Wordings, w)
			}
		}
		if len(s.Wordings) > 0 {
			all = append(all, s)
		}
	}
	return all
}
