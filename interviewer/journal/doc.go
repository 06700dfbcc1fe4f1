// Package journal keeps interviews in one SQLite file: what was accepted is on
// disk, and what cannot be read is reported and kept, never deleted.
//
//	sessions   id, started, state, questions, answered, score, grader, draft
//	   │       one row an interview: its summary, and the text being typed
//	   └─ events   session, seq, at, kind, body
//	               what happened, in order; body is the whole event as JSON
//
// Events are the truth. A summary is written with every event so that a history
// need not replay them, and both go in one transaction.
//
// An interview goes on through one Journal:
//
//	j, err := journal.Open(ctx, path)       // fails here if it cannot be written
//	err = j.Append(ctx, started, summary)   // seq 1 of a new session
//	err = j.SaveDraft(ctx, id, "so far")
//	err = j.Append(ctx, answered, summary)  // the draft goes with the answer
//
// and, after the program was killed, through another:
//
//	rec, err := j.Load(ctx, id)             // everything appended, and the draft
//	err = j.Append(ctx, next, summary)      // the seq after the last one loaded
//
// A session leaves one journal through Export and comes into another through
// Import, whole and as it was; [Exported] documents the form it travels in.
//
// Several programs may use one file at once. Each write waits for its turn, for
// five seconds at most. They may not share a session: a Journal appends only
// after the last event it wrote or loaded itself, and anything else between the
// two is ErrConflict.
package journal
