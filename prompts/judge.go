package prompts

import (
	"bytes"
	"encoding/json"
	"fmt"

	"viva/content"
)

// JudgeInput is what a model sees when it judges an answer.
type JudgeInput struct {
	Question   string
	Asked      string // the follow-up, or Question again
	Points     []content.Point
	Mistakes   []content.Mistake
	Neighbours []content.Passage // where the answer strays
	Dispute    *Dispute          // nil: none
	Marker     string            // a line that cannot stand in the answer
	Answer     string
}

// Dispute is a candidate's objection to the verdict on one point; Marker is a
// line that Because cannot hold.
type Dispute struct{ Point, Because, Marker string }

// Judge asks for a verdict and a quote a point, and for mistakes.
func Judge(in JudgeInput) (Prompt, error) {
	p, err := chat("judge", in)
	if err != nil {
		return Prompt{}, err
	}
	p.Schema = judgeSchema(in.Points)
	p.MaxTokens = 200 + 120*len(in.Points)
	return p, nil
}

// judgeSchema demands each point once, under its id and in the author's order,
// and of each the quote before the verdict: a model held to a schema writes its
// reply in that order, so that it looks for evidence before it judges.
func judgeSchema(points []content.Point) json.RawMessage {
	const verdict = `{"type":"object","additionalProperties":false,"required":["quote","verdict"],"properties":{` +
		`"quote":{"type":"string"},"verdict":{"type":"string","enum":["met","partly","missed","contradicted"]}}}`
	const mistakes = `{"type":"array","items":{"type":"object","additionalProperties":false,"required":["claim","quote","fix"],` +
		`"properties":{"claim":{"type":"string"},"quote":{"type":"string"},"fix":{"type":"string"}}}}`
	var ids, properties bytes.Buffer
	for i, p := range points {
		comma := []string{"", ","}[min(i, 1)]
		fmt.Fprintf(&ids, "%s%q", comma, p.ID)
		fmt.Fprintf(&properties, "%s%q:%s", comma, p.ID, verdict)
	}
	return fmt.Appendf(nil, `{"type":"object","additionalProperties":false,"required":["points","mistakes"],"properties":{`+
		`"points":{"type":"object","additionalProperties":false,"required":[%s],"properties":{%s}},"mistakes":%s}}`,
		&ids, &properties, mistakes)
}

// FeedbackInput is what a model sees when it words the feedback: the verdicts
// and the quotes, not the answer.
type FeedbackInput struct {
	Question string
	Points   []Judged
	Mistakes []content.Mistake
}

// Judged is a point with what was decided about it.
type Judged struct{ Text, Verdict, Quote string }

// Feedback asks for two to four sentences that follow from the verdicts.
func Feedback(in FeedbackInput) (Prompt, error) {
	p, err := chat("feedback", in)
	p.MaxTokens = 200
	return p, err
}

// FollowUpInput is what a model sees when it words a follow-up.
type FollowUpInput struct {
	Question string
	Point    string // what was left out
	Said     string // quoted words that touch it; "": none
}

// FollowUp asks for one question that leads to a point without giving it away.
func FollowUp(in FollowUpInput) (Prompt, error) {
	p, err := chat("followup", in)
	p.MaxTokens = 80
	return p, err
}

// RemarkInput is what feedback without a model is made of.
type RemarkInput struct {
	Opening   string   // the first sentence, which names what was right or that nothing was; "": one is made
	Right     string   // quoted words that met the heaviest point; "": none
	RightMore int      // how many further points were met
	Half      string   // quoted words that partly met one
	Fixes     []string // what is true where the answer claims otherwise
	Missing   string   // the heaviest missed point; "": none
}

// Remark words feedback without a model.
func Remark(in RemarkInput) (string, error) {
	text, _, err := render("remark", in)
	return text, err
}

// ClarifyInput is what a model sees when the candidate asks back.
type ClarifyInput struct {
	Question string
	Asked    string // what the candidate asks
}

// Clarify asks for a sentence or two on what the question means.
func Clarify(in ClarifyInput) (Prompt, error) {
	p, err := chat("clarify", in)
	p.MaxTokens = 120
	return p, err
}
