package grade

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"viva/content"
	"viva/prompts"
)

// ErrMalformedReply reports a model reply that does not fit the points, after
// one request to mend it. The caller may ask again; it must not invent a score.
var ErrMalformedReply = errors.New("the model's reply does not fit the points")

// Completer sends one prompt to a language model. Where the prompt has a
// schema, the reply's text is the JSON value found in it.
type Completer interface {
	Complete(ctx context.Context, p prompts.Prompt) (prompts.Reply, error)
}

// Judge grades with a language model.
type Judge struct {
	model      Completer
	name       string
	strictness Strictness
}

// NewJudge returns a judge that asks model, called name where it does not say
// its own name.
func NewJudge(model Completer, name string, strictness Strictness) *Judge {
	return &Judge{model, name, strictness}
}

// verdicts is the reply to the judge prompt.
type verdicts struct {
	Points   pointVerdicts  `json:"points"`
	Mistakes []MistakeFound `json:"mistakes"`
}

type pointVerdict struct {
	ID      string  `json:"id"`
	Quote   string  `json:"quote"`
	Verdict Verdict `json:"verdict"`
}

// pointVerdicts reads an object of verdicts by id, which is asked for, and also
// a list of verdicts with an id each, which some models write all the same.
// Doubled keys are kept, so that parse can see them.
type pointVerdicts []pointVerdict

// UnmarshalJSON implements json.Unmarshaler.
func (ps *pointVerdicts) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return json.Unmarshal(data, (*[]pointVerdict)(ps))
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil { // the opening brace
		return err
	}
	for dec.More() {
		id, err := dec.Token()
		if err != nil {
			return err
		}
		v := pointVerdict{}
		if err := dec.Decode(&v); err != nil {
			return err
		}
		v.ID, _ = id.(string)
		*ps = append(*ps, v)
	}
	return nil
}

// Grade asks for the verdicts, checks their evidence, computes the score and
// then asks for the feedback's words. The error is the model's, or
// ErrMalformedReply; when only the feedback fails, viva words it itself.
func (j *Judge) Grade(ctx context.Context, s Submission) (Grade, error) {
	start := time.Now()
	g, gate, points, err := begin(s, Grader{ByModel, j.name})
	if err != nil || gate.closed {
		return g, err
	}
	prompt, err := judgePrompt(s, points)
	if err != nil {
		return Grade{}, err
	}
	said, reply, err := j.ask(ctx, prompt, points)
	if err != nil {
		return Grade{}, fmt.Errorf("grade question %q: %w", s.Reference.Question.ID, err)
	}
	if reply.Model != "" {
		g.Grader.Name = shown(reply.Model)
	}
	j.award(&g, points, said, newEvidence(s.Asked, s.Answer))
	g.finish(gate.limit)
	g.Made.Prompt = prompt.Version
	g.Made.PromptTokens, g.Made.CompletionTokens = reply.PromptTokens, reply.CompletionTokens
	g.Feedback = j.feedback(ctx, s, g)
	g.Made.Milliseconds = time.Since(start).Milliseconds()
	return g, nil
}

func judgePrompt(s Submission, points []content.Point) (prompts.Prompt, error) {
	in := prompts.JudgeInput{
		Question:   s.Reference.Question.Text,
		Asked:      s.Asked,
		Points:     points,
		Mistakes:   s.Reference.Question.Mistakes,
		Neighbours: s.Reference.Neighbours,
		Marker:     marker(s.Answer),
		Answer:     s.Answer,
	}
	if s.Dispute != nil {
		in.Dispute = &prompts.Dispute{Point: s.Dispute.Point, Because: s.Dispute.Because, Marker: marker(s.Dispute.Because + s.Answer)}
		in.Marker = marker(s.Answer + s.Dispute.Because)
	}
	return prompts.Judge(in)
}

// marker is a line that the text cannot hold, since it follows from a hash of
// the text; the same text has the same marker, so the same grade.
func marker(text string) string {
	sum := sha256.Sum256([]byte("viva marker\x00" + text))
	return "~~~ " + hex.EncodeToString(sum[:8]) + " ~~~"
}

// ask gets verdicts that fit the points, with one repair turn.
func (j *Judge) ask(ctx context.Context, p prompts.Prompt, points []content.Point) (verdicts, prompts.Reply, error) {
	reply, err := j.model.Complete(ctx, p)
	if err != nil {
		return verdicts{}, reply, err
	}
	said, faults := parse(reply.Text, points)
	if len(faults) == 0 {
		return said, reply, nil
	}
	again, err := p.Repair(reply.Text, faults)
	if err != nil {
		return verdicts{}, reply, err
	}
	second, err := j.model.Complete(ctx, again)
	if err != nil {
		return verdicts{}, reply, err
	}
	second.PromptTokens += reply.PromptTokens
	second.CompletionTokens += reply.CompletionTokens
	said, faults = parse(second.Text, points)
	if len(faults) > 0 {
		return verdicts{}, second, fmt.Errorf("%w: %s", ErrMalformedReply, strings.Join(faults, "; "))
	}
	return said, second, nil
}

// parse reads a reply and names what does not fit: a point missing, doubled or
// unknown, or a verdict of another name.
func parse(reply string, points []content.Point) (verdicts, []string) {
	var v verdicts
	if err := json.Unmarshal([]byte(reply), &v); err != nil {
		return v, []string{"it is not the JSON object asked for"}
	}
	var faults, missing, doubled []string
	seen := map[string]int{}
	for i := range v.Points {
		p := &v.Points[i]
		p.Verdict = Verdict(strings.ToLower(strings.TrimSpace(string(p.Verdict))))
		seen[p.ID]++
		if !slices.Contains([]Verdict{Met, Partly, Missed, Contradicted}, p.Verdict) {
			faults = append(faults, fmt.Sprintf("point %q has the verdict %q: it should be met, partly, missed or contradicted", p.ID, p.Verdict))
		}
		if !slices.ContainsFunc(points, func(x content.Point) bool { return x.ID == p.ID }) {
			faults = append(faults, fmt.Sprintf("there is no point %q", p.ID))
		}
	}
	for _, p := range points {
		switch seen[p.ID] {
		case 0:
			missing = append(missing, p.ID)
		case 1:
		default:
			doubled = append(doubled, p.ID)
		}
	}
	if len(missing) > 0 {
		faults = append(faults, "no verdict on "+strings.Join(missing, ", "))
	}
	if len(doubled) > 0 {
		faults = append(faults, "more than one verdict on "+strings.Join(doubled, ", "))
	}
	return v, faults
}

// award takes the verdicts over in the bank's order. One without evidence falls
// to missed, and the grade says so.
func (j *Judge) award(g *Grade, points []content.Point, said verdicts, e evidence) {
	for _, p := range points {
		i := slices.IndexFunc(said.Points, func(v pointVerdict) bool { return v.ID == p.ID })
		v := said.Points[i]
		if v.Verdict == Missed {
			v.Quote = ""
		} else if !e.holds(v.Quote) {
			v.Verdict, v.Quote = Missed, ""
			g.flag(FlagEvidence)
		}
		g.Points = append(g.Points, PointGrade{
			ID: p.ID, Text: p.Text, Weight: p.Weight,
			Verdict: v.Verdict, Quote: v.Quote, Credit: j.strictness.credit(v.Verdict),
		})
	}
	seen := map[string]bool{}
	for _, m := range said.Mistakes {
		if m.Claim != "" && e.holds(m.Quote) && !seen[fold(m.Claim)] && !seen[fold(m.Quote)] {
			seen[fold(m.Claim)], seen[fold(m.Quote)] = true, true
			g.Mistakes = append(g.Mistakes, MistakeFound{Claim: shown(m.Claim), Quote: shown(m.Quote), Fix: shown(m.Fix)})
		}
	}
}

// feedback asks the model to word the verdicts, and words them itself when
// that fails.
func (j *Judge) feedback(ctx context.Context, s Submission, g Grade) string {
	in := prompts.FeedbackInput{Question: s.Asked}
	for _, p := range g.Points {
		in.Points = append(in.Points, prompts.Judged{Text: p.Text, Verdict: string(p.Verdict), Quote: brief(p.Quote)})
	}
	for _, m := range g.Mistakes {
		in.Mistakes = append(in.Mistakes, content.Mistake{Claim: m.Claim, Fix: m.Fix})
	}
	prompt, err := prompts.Feedback(in)
	if err != nil {
		return g.remark()
	}
	reply, err := j.model.Complete(ctx, prompt)
	if err != nil || strings.TrimSpace(reply.Text) == "" {
		return g.remark()
	}
	return shown(reply.Text)
}

// brief is a quote in one line, fit to stand in a prompt.
func brief(quote string) string {
	words := strings.Fields(quote)
	return strings.Join(words[:min(len(words), 30)], " ")
}

// shown makes a model's words fit for a terminal.
func shown(s string) string {
	return strings.TrimSpace(content.Printable(strings.ToValidUTF8(s, "\uFFFD")))
}
