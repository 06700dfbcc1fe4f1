// Package interviewer runs one mock interview: it plans which questions to
// ask, asks, takes the answers, has them graded, follows up on what was missed
// and reports.
//
//	MakePlan ──→ Start ──→ Next ──→ Answer ──→ Next … ──→ Finish ──→ Report
//	             Resume ─┘   ↑         │
//	                         └─────────┘  a follow-up, or the next question
//
// One turn, end to end: [Session.Next] says what to ask and records that it
// was asked. [Session.Answer] records the text before anything else, fetches
// the reference through the [Retriever], has the submission graded by the
// [Examiner], records the grade, and only then returns it. The next call of
// Next gives a follow-up about the heaviest missed point, or the next question.
//
// Which questions come is in plan.go and, for what is due again, schedule.go; what
// the interviewer says between them is in talk.go, in lines of package prompts;
// what it all came to is in report.go and review.go.
//
// Everything about an interview follows from its [Event]s: a session keeps no
// other state, so a stored [Record] is enough to report on it or to go on.
//
// The package knows no model client, index, terminal or database. It states
// what it needs as one-method ports, and cmd/viva plugs them in.
package interviewer
