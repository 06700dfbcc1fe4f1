package grade

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"viva/content"
	"viva/interviewer/grade/estimate"
	"viva/prompts"
)

// ErrUngraded reports a question without a reference answer: it can be asked
// and never graded.
var ErrUngraded = errors.New("the question has no reference answer to grade against")

// begin makes the empty grade of a submission, passes it through the gate and
// returns the points to judge. A gated answer's grade is complete.
func begin(s Submission, by Grader) (Grade, gated, []content.Point, error) {
	q := s.Reference.Question
	if !q.Graded() {
		return Grade{}, gated{}, nil, fmt.Errorf("grade question %q: %w", q.Ref(), ErrUngraded)
	}
	points, derived := pointsOf(q, s.Only)
	g := Grade{
		ID: id(s, points), Question: q.Ref(), Number: q.Place(), Grader: by,
		Points: []PointGrade{}, Mistakes: []MistakeFound{}, Flags: []Flag{},
		Made: Provenance{At: time.Now().UTC().Truncate(time.Second)},
	}
	if derived {
		g.flag(FlagDerivedPoints)
	}
	gate := gate(s, estimate.Vocabulary(q))
	g.Flags = append(g.Flags, gate.flags...)
	if gate.closed {
		for _, p := range points {
			g.Points = append(g.Points, PointGrade{ID: p.ID, Text: p.Text, Weight: p.Weight, Verdict: Missed})
		}
		g.finish(gate.limit)
		g.Feedback = gateRemark(g)
	}
	return g, gate, points, nil
}

// pointsOf returns the points to judge. Where the bank has none, the sentences
// of the reference answer are taken, which derived says.
func pointsOf(q content.Question, only []string) (points []content.Point, derived bool) {
	all := q.Points
	if len(all) == 0 {
		derived = true
		for i, s := range content.Sentences(q.Answer) {
			all = append(all, content.Point{ID: fmt.Sprintf("sentence-%d", i+1), Text: s, Weight: 2})
		}
	}
	if only == nil {
		return all, derived
	}
	for _, id := range only {
		for _, p := range all {
			if p.ID == id {
				points = append(points, p)
			}
		}
	}
	return points, derived
}

// id hashes what is graded: the same submission has the same id.
func id(s Submission, points []content.Point) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00", s.Reference.Question.Key(), s.Asked, s.Answer)
	for _, p := range points {
		fmt.Fprintf(h, "%s\x00%s\x00%d\x00", p.ID, p.Text, p.Weight)
	}
	if s.Dispute != nil {
		fmt.Fprintf(h, "%s\x00%s", s.Dispute.Point, s.Dispute.Because)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// finish computes score and band.
func (g *Grade) finish(limit int) {
	score := Score(g.Points, len(g.Mistakes), limit)
	g.Score, g.Band = &score, Band(score)
}

func (g *Grade) flag(f Flag) {
	if !g.Has(f) {
		g.Flags = append(g.Flags, f)
	}
}

// remark words the verdicts without a model.
func (g Grade) remark() string { return g.Remark("") }

// Remark words the verdicts without a model. The opening is its first sentence,
// which names what was right; "" makes one.
func (g Grade) Remark(opening string) string {
	in := prompts.RemarkInput{Opening: opening}
	in.Right, in.Half = g.Quoted()
	for _, p := range g.Points {
		if p.Verdict == Met {
			in.RightMore++
		}
	}
	in.RightMore = max(in.RightMore-1, 0)
	for _, m := range g.Mistakes {
		in.Fixes = append(in.Fixes, m.Fix)
	}
	for _, p := range g.Open() {
		if p.Verdict != Partly {
			in.Missing = p.Text
			break
		}
	}
	text, err := prompts.Remark(in)
	if err != nil {
		panic(err) // a template of ours over plain data
	}
	return text
}

// Quoted returns the words that made the heaviest point made, and those that
// touched the heaviest one touched; "" for none.
func (g Grade) Quoted() (right, half string) {
	for weight := 3; weight >= 1; weight-- {
		for _, p := range g.Points {
			switch {
			case p.Weight != weight:
			case p.Verdict == Met && right == "":
				right = unstopped(p.Quote)
			case p.Verdict == Partly && half == "":
				half = unstopped(p.Quote)
			}
		}
	}
	return right, half
}

// unstopped drops the stop at the end of a quote that goes into a sentence.
func unstopped(quote string) string { return strings.TrimRight(quote, " .,;:") }

// gateRemark says kindly why an answer was not judged.
func gateRemark(g Grade) string {
	said := map[Flag]string{
		FlagEmpty:       "Nothing was said, so there is nothing to grade. One sentence is a start.",
		FlagShort:       "That is too short to judge. Say what it is and what it does, in a sentence or two.",
		FlagEcho:        "That says the question back. Start with what you would tell a colleague.",
		FlagDontKnow:    "That is an honest answer. Read the reference, and try this question again tomorrow.",
		FlagRepetition:  "That says one thing over and over. Each sentence should add a fact.",
		FlagInstruction: "That talks to the grader and does not answer the question.",
	}
	for _, f := range g.Flags {
		if s := said[f]; s != "" {
			return s
		}
	}
	return g.remark()
}
