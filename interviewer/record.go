package interviewer

import (
	"context"
	"time"

	"viva/interviewer/grade"
)

// EventKind says what happened.
type EventKind string

// The kinds of events. Point names the follow-up's point where an event is
// about a follow-up, and is "" where it is about the question itself.
const (
	Started   EventKind = "started"   // Plan is set; the first event of a session
	Asked     EventKind = "asked"     // Text was put to the candidate; again, when a question is retried
	Hinted    EventKind = "hinted"    // Text was given as a hint
	Answered  EventKind = "answered"  // Text was submitted
	Graded    EventKind = "graded"    // Grade is the grade of the turn's answer number Answer
	Disputed  EventKind = "disputed"  // Point's verdict was disputed because of Text; Grade is the new one
	Skipped   EventKind = "skipped"   // the question or follow-up was left without an answer
	Finished  EventKind = "finished"  // the session is over
	Clarified EventKind = "clarified" // Text was asked back; Lead is the reply
)

// Event is one thing that happened in an interview. Events are only ever
// appended; everything else about an interview follows from them.
type Event struct {
	At     time.Time    `json:"at"`
	Kind   EventKind    `json:"kind"`
	Turn   int          `json:"turn"`
	Point  string       `json:"point,omitzero"`
	Text   string       `json:"text,omitzero"`
	Lead   string       `json:"lead,omitzero"`   // what the interviewer said before Text, or in reply to it
	Line   string       `json:"line,omitzero"`   // id of the line that was said, which is not said again
	Answer int          `json:"answer,omitzero"` // from 0
	Grade  *grade.Grade `json:"grade,omitempty"`
	Plan   *Plan        `json:"plan,omitempty"`

	// Of an answer: after how many milliseconds its first word came, where a view
	// said so, and whether it replied to what an earlier sitting asked, so that
	// nobody knows how long it took.
	FirstWordMS int64 `json:"first_word_ms,omitzero"`
	Resumed     bool  `json:"resumed,omitzero"`
}

// Record is one interview as it was stored: enough to rebuild its report, and
// to go on with it, without any bank.
type Record struct {
	ID     string
	Events []Event
	Draft  string // what was being typed when it was last saved
}

// Summary is the line about an interview that a history shows.
type Summary struct {
	Session   string     `json:"session"`
	Started   time.Time  `json:"started"`
	State     State      `json:"state"`
	Questions int        `json:"questions"`
	Answered  int        `json:"answered"`
	Score     *int       `json:"score"`  // mean of the graded questions; nil: none yet
	Grader    grade.Kind `json:"grader"` // "" until something is graded, "mixed" where both graded
}

// State says whether an interview can go on.
type State string

// An interview is open until it is finished; a killed one stays open.
const (
	Open State = "open"
	Done State = "done"
)

// Recorder keeps events. Append returns once the event is on disk. The summary
// is the session's as of this event.
type Recorder interface {
	Append(ctx context.Context, e Event, s Summary) error
	// SaveDraft keeps the text being typed in a session; "" forgets it.
	SaveDraft(ctx context.Context, session, text string) error
}
