package interviewer

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"viva/interviewer/grade"
)

// Past is one time that a question was put to the candidate, in an earlier
// interview.
type Past struct {
	Question string    // its key
	At       time.Time // when it was last before the candidate
	Score    *int      // of the first attempt; nil: it has no grade
	Skipped  bool      // left without an answer, which is no zero
	Gap      bool      // a point of weight 3 was missed
}

// When a question is due again after it went badly, so-so or well. Answered well
// once more when it is due, it comes after twice the time, up to the longest.
const (
	badly    = 50 // a score below went badly
	well     = 80 // from here on it went well
	day      = 24 * time.Hour
	soon     = day
	later    = 4 * day
	longest  = 256 * day
	failed   = 60 // a score below is a question missed
	heaviest = 3  // the weight of a point that no good answer lacks
)

// PastTurns lists what a stored interview asked. What an exam under way scored
// is not among it, for nothing may tell it yet.
func PastTurns(rec Record) []Past {
	h := history{id: rec.ID}
	at := map[int]time.Time{}
	for _, e := range rec.Events {
		h.apply(e)
		if e.Kind == Asked || e.Kind == Answered || e.Kind == Skipped {
			at[e.Turn] = e.At
		}
	}
	var past []Past
	for i := range h.turns {
		t := &h.turns[i]
		if !t.asked {
			continue
		}
		p := Past{Question: t.Question.Key(), At: at[i], Skipped: t.Skipped}
		if g := t.Total(); g != nil && !h.sealed() {
			p.Score, p.Gap = g.Score, hasGap(*g)
		}
		past = append(past, p)
	}
	return past
}

func hasGap(g grade.Grade) bool {
	return slices.ContainsFunc(g.Points, func(p grade.PointGrade) bool {
		return p.Weight == heaviest && (p.Verdict == grade.Missed || p.Verdict == grade.Contradicted)
	})
}

// Due returns the keys of the questions that are due at now, the one that has
// been due for longest first. A question that was skipped is due at once, one
// scored under 50 after a day and one under 80 after four; from 80 on it is due
// after 4, 8, 16 … days, counted from when it was last asked, as long as it keeps
// being answered well. Well again before it was due says little and doubles
// nothing. An answer without a score leaves the interval as it was.
func Due(past []Past, now time.Time) []string {
	due := map[string]time.Time{}
	for key, times := range byQuestion(past) {
		if at := dueAt(times); !at.After(now) {
			due[key] = at
		}
	}
	return slices.SortedFunc(maps.Keys(due), func(a, b string) int {
		return cmp.Or(due[a].Compare(due[b]), cmp.Compare(a, b))
	})
}

// dueAt is when a question should be asked again that was asked at these times,
// the last of them last.
func dueAt(times []Past) time.Time {
	var due time.Time
	var interval time.Duration // 0: it did not go well the last time
	for _, p := range times {
		wait := cmp.Or(interval, later)
		switch {
		case p.Skipped:
			interval, wait = 0, 0
		case p.Score == nil:
		case *p.Score < badly:
			interval, wait = 0, soon
		case *p.Score < well:
			interval, wait = 0, later
		case interval == 0:
			interval, wait = later, later
		case !p.At.Before(due):
			interval = min(2*interval, longest)
			wait = interval
		}
		due = p.At.Add(wait)
	}
	return due
}

// Missed returns the keys of the questions that went wrong the last time they
// were answered or skipped: scored under 60, skipped, or with a point of weight 3
// missed. They come in this order, the lowest score and then the longest ago
// first.
func Missed(past []Past) []string {
	wrong := map[string]Past{}
	for key, times := range byQuestion(past) {
		for _, p := range slices.Backward(times) {
			if p.Score == nil && !p.Skipped {
				continue // it tells nothing
			}
			if p.badness() < fine {
				wrong[key] = p
			}
			break
		}
	}
	return slices.SortedFunc(maps.Keys(wrong), func(a, b string) int {
		x, y := wrong[a], wrong[b]
		return cmp.Or(cmp.Compare(x.badness(), y.badness()), cmp.Compare(x.score(), y.score()), x.At.Compare(y.At), cmp.Compare(a, b))
	})
}

// How bad it is that a question was missed, the worst first.
const (
	low = iota
	skipped
	gap
	fine
)

func (p Past) badness() int {
	switch {
	case p.Skipped:
		return skipped
	case p.score() < failed:
		return low
	case p.Gap:
		return gap
	}
	return fine
}

func (p Past) score() int {
	if p.Score == nil {
		return 0
	}
	return *p.Score
}

// lastAsked says when each question was last before the candidate.
func lastAsked(past []Past) map[string]time.Time {
	last := map[string]time.Time{}
	for _, p := range past {
		if p.At.After(last[p.Question]) {
			last[p.Question] = p.At
		}
	}
	return last
}

// byQuestion sorts the past by question, and each question's by time.
func byQuestion(past []Past) map[string][]Past {
	times := map[string][]Past{}
	for _, p := range past {
		times[p.Question] = append(times[p.Question], p)
	}
	for _, list := range times {
		slices.SortStableFunc(list, func(a, b Past) int { return a.At.Compare(b.At) })
	}
	return times
}
