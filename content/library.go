package content

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ErrUnknown is wrapped by an error about a question, topic or level that no
// bank in use holds.
var ErrUnknown = errors.New("unknown")

// Library is the banks in use, in the order given.
type Library []*Bank

// Questions returns all questions, bank by bank.
func (l Library) Questions() []Question {
	var all []Question
	for _, b := range l {
		all = append(all, b.Questions...)
	}
	return all
}

// Find resolves what a user calls a question: an id, bank:id where ids
// collide, or a number of the built-in bank.
func (l Library) Find(ref string) (Question, error) {
	bank, id, named := strings.Cut(ref, ":")
	if !named {
		bank, id = "", ref
	}
	var found []Question
	for _, q := range l.Questions() {
		if (bank == "" || q.Bank == bank) && q.is(id) {
			found = append(found, q)
		}
	}
	switch len(found) {
	case 0:
		if near := l.near(id); len(near) > 0 {
			return Question{}, unknown("no question %q: did you mean %s?", ref, strings.Join(near, " or "))
		}
		return Question{}, unknown("no question %q", ref)
	case 1:
		return found[0], nil
	}
	return Question{}, unknown("question %q stands in the banks %s and %s: call it %s or %s",
		id, found[0].Bank, found[1].Bank, found[0].Key(), found[1].Key())
}

func (q Question) is(id string) bool {
	if q.ID == id {
		return true
	}
	n, err := strconv.Atoi(id)
	return err == nil && q.Bank == BuiltinName && q.Number == n && n != 0
}

// unknownError says what was not found, and what there is.
type unknownError string

func (e unknownError) Error() string { return string(e) }
func (e unknownError) Unwrap() error { return ErrUnknown }

func unknown(format string, args ...any) error { return unknownError(fmt.Sprintf(format, args...)) }

// near returns up to three ids that share the most words with the given one.
func (l Library) near(id string) []string {
	words := strings.Split(strings.ToLower(id), "-")
	type scored struct {
		id string
		n  int
	}
	var all []scored
	for _, q := range l.Questions() {
		n := 0
		for _, w := range strings.Split(q.ID, "-") {
			if slices.Contains(words, w) {
				n++
			}
		}
		if n > 0 {
			all = append(all, scored{q.ID, n})
		}
	}
	slices.SortStableFunc(all, func(x, y scored) int { return y.n - x.n })
	var ids []string
	for _, s := range all[:min(3, len(all))] {
		ids = append(ids, s.id)
	}
	return ids
}

// Filter chooses questions; its zero value lets every question pass.
type Filter struct {
	Topics []string
	Level  Level
	Kind   Kind
	Day    int
}

// Match reports whether q passes.
func (f Filter) Match(q Question) bool {
	return (len(f.Topics) == 0 || slices.Contains(f.Topics, q.Topic)) &&
		(f.Level == "" || q.Level == f.Level) &&
		(f.Kind == "" || q.Kind == f.Kind) &&
		(f.Day == 0 || q.Day == f.Day)
}

// Select returns the questions that pass f. A topic, level, kind or day that no
// bank in use knows is an error that says which there are.
func (l Library) Select(f Filter) ([]Question, error) {
	if err := l.check(f); err != nil {
		return nil, err
	}
	var qs []Question
	for _, q := range l.Questions() {
		if f.Match(q) {
			qs = append(qs, q)
		}
	}
	return qs, nil
}

func (l Library) check(f Filter) error {
	topics := l.Topics()
	for _, t := range f.Topics {
		if len(topics) == 0 {
			return unknown("no topic %q: the banks in use have no topics", t)
		}
		if !slices.ContainsFunc(topics, func(x Topic) bool { return x.ID == t }) {
			ids := make([]string, len(topics))
			for i, x := range topics {
				ids[i] = x.ID
			}
			return unknown("no topic %q: there are %s", t, strings.Join(ids, ", "))
		}
	}
	if f.Level != "" && !slices.Contains(Levels, f.Level) {
		return unknown("no level %q: there are %s", f.Level, joinWords(Levels))
	}
	if f.Kind != "" && !slices.Contains(Kinds, f.Kind) {
		return unknown("no kind %q: there are %s", f.Kind, joinWords(Kinds))
	}
	known := func(q Question) bool { return q.Day == f.Day }
	if f.Day != 0 && !slices.ContainsFunc(l.Questions(), known) {
		return unknown("no day %d in the banks in use", f.Day)
	}
	return nil
}

// Topics returns the topics of all banks, sorted by id.
func (l Library) Topics() []Topic {
	var topics []Topic
	for _, b := range l {
		for _, t := range b.Topics {
			if !slices.ContainsFunc(topics, func(x Topic) bool { return x.ID == t.ID }) {
				topics = append(topics, t)
			}
		}
	}
	slices.SortFunc(topics, func(x, y Topic) int { return strings.Compare(x.ID, y.ID) })
	return topics
}
