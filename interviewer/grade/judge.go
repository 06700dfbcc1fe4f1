package grade

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"time"

	"viva/content"
	"viva/interviewer/grade/estimate"
	"viva/interviewer/grade/words"
	"viva/prompts"
)

// ErrMalformedReply reports a model reply that does not fit the points, after
// one request to mend it. The caller may ask again; it must not invent a score.
var ErrMalformedReply = errors.New("the model's reply does not fit the points")

// Model is a language model as the judge needs it.
type Model interface {
	// Complete sends one prompt. Where the prompt has a schema, the reply's text
	// is the JSON value found in it.
	Complete(ctx context.Context, p prompts.Prompt) (prompts.Reply, error)
	// Stream sends one prompt and yields the reply in pieces, an error last.
	Stream(ctx context.Context, p prompts.Prompt) iter.Seq2[string, error]
}

// JudgeOptions say how a model judges. The zero value is a judge of normal
// strictness that asks about all points at once, alone and anew each time.
type JudgeOptions struct {
	Name       string // of the model, where it does not say its own
	Endpoint   string // where the model is; tells apart what is kept of models of one name
	Strictness Strictness
	Apart      bool       // ask about each point in a call of its own, as small models need it
	Second     *Estimator // whose strong disagreement has a point voted on; nil: nobody's
	Store      Store      // where grades are kept, so that the same answer has the same grade; nil: nowhere
	Silent     bool       // ask for no feedback
	Follows    bool       // ask for a follow-up question too
}

// Judge grades with a language model.
type Judge struct {
	model Model
	JudgeOptions
}

// NewJudge returns a judge that asks model.
func NewJudge(model Model, o JudgeOptions) *Judge {
	return &Judge{model, o}
}

// Grade asks for the verdicts, checks their evidence, votes on what is doubtful,
// computes the score and then asks for the feedback's words. The error is the
// model's, or ErrMalformedReply; when only the feedback fails, viva words it itself.
func (j *Judge) Grade(ctx context.Context, s Submission) (Grade, error) {
	start := time.Now()
	g, gate, points, err := begin(s, Grader{ByModel, j.Name})
	if err != nil || gate.closed {
		return g, err
	}
	key, err := j.key(s, points)
	if err != nil {
		return Grade{}, err
	}
	if kept, ok := j.kept(key); ok {
		return kept, nil
	}
	h := hearing{Judge: j, s: s, points: points, evidence: newEvidence(s.Asked, gate.answer)}
	if j.Second != nil {
		h.estimate(ctx, gate.answer, g.Has(FlagInstruction))
	}
	said, err := h.hear(ctx)
	if err != nil {
		return Grade{}, fmt.Errorf("grade question %q: %w", s.Reference.Question.ID, err)
	}
	h.vote(ctx, said)
	if ctx.Err() != nil {
		return Grade{}, ctx.Err()
	}
	h.award(ctx, &g, said)
	g.finish(gate.limit)
	h.sign(&g)
	g.Feedback = g.remark()
	settled := g
	s.tell(Progress{Grade: &settled, Tokens: h.last.CompletionTokens})
	if !j.Silent {
		g.Feedback = j.feedback(ctx, s, g)
	}
	if j.Follows {
		g.FollowUp = j.followUp(ctx, s, g)
	}
	g.Made.Milliseconds = time.Since(start).Milliseconds()
	j.keep(key, g)
	return g, nil
}

// hearing is one answer being judged.
type hearing struct {
	*Judge
	s        Submission
	points   []content.Point
	evidence evidence
	credits  map[string]float64 // the estimator's, by point; nil: it does not read the answer

	version string        // of the prompt
	last    prompts.Reply // the newest reply, with the tokens of all
}

// hear asks for a verdict on every point, and for mistakes: in one call, or in a
// call a point and one for the mistakes.
func (h *hearing) hear(ctx context.Context) (verdicts, error) {
	if !h.Apart {
		return h.ask(ctx, h.points, h.s.Reference.Question.Mistakes)
	}
	var all verdicts
	var heard []PointGrade
	for _, p := range h.points {
		h.s.tell(Progress{Points: slices.Clone(heard), Of: len(h.points), Tokens: h.last.CompletionTokens})
		v, err := h.ask(ctx, []content.Point{p}, nil)
		if err != nil {
			return all, err
		}
		all.Points = append(all.Points, v.Points...)
		first, _ := v.on(p.ID)
		if first.Verdict == Missed || !h.shows(ctx, first, p) {
			first.Verdict, first.Quote = Missed, ""
		}
		heard = append(heard, PointGrade{ID: p.ID, Text: p.Text, Weight: p.Weight, Verdict: first.Verdict, Quote: first.Quote})
	}
	v, err := h.ask(ctx, nil, h.s.Reference.Question.Mistakes)
	all.Mistakes = v.Mistakes
	return all, err
}

// ask gets verdicts that fit the points, with one repair turn.
func (h *hearing) ask(ctx context.Context, points []content.Point, mistakes []content.Mistake) (verdicts, error) {
	p, err := judgePrompt(h.s, points, mistakes)
	if err != nil {
		return verdicts{}, err
	}
	h.version = p.Version
	reply, err := h.complete(ctx, p)
	if err != nil {
		return verdicts{}, err
	}
	said, faults := parse(reply.Text, points)
	if len(faults) == 0 {
		return said, nil
	}
	again, err := p.Repair(reply.Text, faults)
	if err != nil {
		return verdicts{}, err
	}
	if reply, err = h.complete(ctx, again); err != nil {
		return verdicts{}, err
	}
	if said, faults = parse(reply.Text, points); len(faults) > 0 {
		return verdicts{}, fmt.Errorf("%w: %s", ErrMalformedReply, strings.Join(faults, "; "))
	}
	return said, nil
}

// complete sends one prompt and counts its tokens.
func (h *hearing) complete(ctx context.Context, p prompts.Prompt) (prompts.Reply, error) {
	reply, err := h.model.Complete(ctx, p)
	before := h.last
	h.last = reply
	h.last.PromptTokens += before.PromptTokens
	h.last.CompletionTokens += before.CompletionTokens
	return reply, err
}

// sign says which model judged, by which prompt, for how many tokens.
func (h *hearing) sign(g *Grade) {
	if h.last.Model != "" {
		g.Grader.Name = shown(h.last.Model)
	}
	g.Made.Prompt = h.version
	g.Made.PromptTokens, g.Made.CompletionTokens = h.last.PromptTokens, h.last.CompletionTokens
}

func judgePrompt(s Submission, points []content.Point, mistakes []content.Mistake) (prompts.Prompt, error) {
	in := prompts.JudgeInput{
		Question:   s.Reference.Question.Text,
		Asked:      s.Asked,
		Points:     points,
		Mistakes:   mistakes,
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

// disagreement is how far apart the credits that judge and estimator give a point
// must lie for it to be voted on.
const disagreement = 0.9

// votes is how often a doubtful point is judged in all.
const votes = 3

// vote has the points judged again, twice, whose evidence does not hold or about
// which the estimator thinks otherwise, and takes the verdict in the middle. A
// verdict stands as it is when the candidate disputes one, or no vote can be had.
func (h *hearing) vote(ctx context.Context, said verdicts) {
	doubtful := h.doubtful(ctx, said)
	if len(doubtful) == 0 || h.s.Dispute != nil {
		return
	}
	ballots := map[string][]pointVerdict{}
	for range votes - 1 {
		slices.Reverse(doubtful) // another order, for a model that repeats itself
		again, err := h.ask(ctx, doubtful, nil)
		if err != nil {
			return
		}
		for _, v := range again.Points {
			ballots[v.ID] = append(ballots[v.ID], v)
		}
	}
	for i, v := range said.Points {
		at := slices.IndexFunc(doubtful, func(p content.Point) bool { return p.ID == v.ID })
		if more := ballots[v.ID]; at >= 0 && more != nil {
			said.Points[i] = h.middle(ctx, append(more, v), doubtful[at])
		}
	}
}

// middle returns the ballot in the middle, by credit; one whose evidence does not
// hold counts as missed.
func (h *hearing) middle(ctx context.Context, ballots []pointVerdict, p content.Point) pointVerdict {
	credit := func(v pointVerdict) float64 {
		if !h.shows(ctx, v, p) {
			return creditMissed
		}
		return v.Verdict.Credit()
	}
	slices.SortStableFunc(ballots, func(a, b pointVerdict) int { return int(2 * (credit(a) - credit(b))) })
	winner := ballots[len(ballots)/2]
	winner.firmness = Firm
	if credit(ballots[0]) != credit(ballots[len(ballots)-1]) {
		winner.firmness = CloseCall
	}
	return winner
}

// doubtful lists the points to vote on.
func (h *hearing) doubtful(ctx context.Context, said verdicts) []content.Point {
	var points []content.Point
	for _, p := range h.points {
		v, _ := said.on(p.ID)
		credit, known := h.credits[p.ID]
		if v.Verdict != Missed && !h.shows(ctx, v, p) || known && math.Abs(credit-v.Verdict.Credit()) >= disagreement {
			points = append(points, p)
		}
	}
	return points
}

// sentenceWords is how many words of one sentence tell its language.
const sentenceWords = 8

// estimate asks the estimator about an answer that it can read, at least in part:
// nobody answers in two languages, save who speaks to the candidate in one and to the
// grader in another. Once the grader is addressed, whatever language that is in, the
// rest is read with care too. An estimator that fails is not heard.
func (h *hearing) estimate(ctx context.Context, answer string, addressed bool) {
	known := estimate.Vocabulary(h.s.Reference.Question)
	english := func(s string) bool { return len(words.Tokens(s)) >= sentenceWords && words.IsEnglish(s, known) }
	if addressed || words.IsEnglish(answer, known) || slices.ContainsFunc(content.Sentences(answer), english) {
		h.credits, _ = h.Second.credits(ctx, h.s, answer)
	}
}

// shows reports whether a verdict's quote is evidence for what it says of the point:
// it stands in the answer and, where the estimator reads that, is about the point.
func (h *hearing) shows(ctx context.Context, v pointVerdict, p content.Point) bool {
	if !h.evidence.holds(v.Quote) {
		return false
	}
	credit, known := h.credits[p.ID]
	if !known {
		return true
	}
	near, err := h.Second.nearness(ctx, v.Quote, p)
	return err != nil || near >= quoteNear || near >= quoteApart && credit >= bandPartly
}

// award takes the verdicts over in the bank's order. One without evidence falls
// to missed, and the grade says so.
func (h *hearing) award(ctx context.Context, g *Grade, said verdicts) {
	for _, p := range h.points {
		v, _ := said.on(p.ID)
		if v.Verdict == Missed {
			v.Quote = ""
		} else if !h.shows(ctx, v, p) {
			v.Verdict, v.Quote = Missed, ""
			g.flag(FlagEvidence)
		}
		g.Points = append(g.Points, PointGrade{
			ID: p.ID, Text: p.Text, Weight: p.Weight,
			Verdict: v.Verdict, Quote: v.Quote, Credit: h.Strictness.credit(v.Verdict), Firmness: v.firmness,
		})
	}
	seen := map[string]bool{}
	for _, m := range said.Mistakes {
		claim, quote := words.Fold(m.Claim), words.Fold(m.Quote)
		if m.Claim != "" && h.evidence.holds(m.Quote) && !seen[claim] && !seen[quote] {
			seen[claim], seen[quote] = true, true
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
	var said strings.Builder
	for piece, err := range j.model.Stream(ctx, prompt) {
		if err != nil {
			return g.remark()
		}
		said.WriteString(piece)
		s.tell(Progress{Grade: &g, Feedback: shown(said.String()), Tokens: g.Made.CompletionTokens})
	}
	if text := shown(said.String()); text != "" {
		return text
	}
	return g.remark()
}

// followUp asks the model to word a follow-up on the heaviest open point. One that
// gives the point away, or is none, is dropped: then the bank's is asked. There is none
// on a follow-up, on a disputed verdict and on an answer that was no try.
func (j *Judge) followUp(ctx context.Context, s Submission, g Grade) *FollowUp {
	open := g.Open()
	if s.Only != nil || s.Dispute != nil || len(open) == 0 {
		return nil
	}
	point, ok := s.Reference.Question.Point(open[0].ID)
	if !ok {
		return nil // derived points are told by their sentence
	}
	prompt, err := prompts.FollowUp(prompts.FollowUpInput{Question: s.Asked, Point: point.Text, Said: brief(open[0].Quote)})
	if err != nil {
		return nil
	}
	reply, err := j.model.Complete(ctx, prompt)
	ask := shown(reply.Text)
	if err != nil || !isQuestion(ask) || givesAway(ask, point, s.Asked+" "+s.Answer) {
		return nil
	}
	return &FollowUp{Point: point.ID, Ask: ask}
}

// ErrGivesAway reports a model's clarification that tells what should be answered.
var ErrGivesAway = errors.New("the model's clarification gives a point away")

// Clarify asks the model what the question means, for a candidate who asks back. A
// reply that tells of a point what neither the question nor the candidate did is
// ErrGivesAway.
func (j *Judge) Clarify(ctx context.Context, q content.Question, asked, back string) (string, error) {
	prompt, err := prompts.Clarify(prompts.ClarifyInput{Question: asked, Asked: brief(back)})
	if err != nil {
		return "", err
	}
	reply, err := j.model.Complete(ctx, prompt)
	if err != nil {
		return "", fmt.Errorf("clarify question %q: %w", q.ID, err)
	}
	text := brief(shown(reply.Text))
	for _, p := range q.Points {
		if givesAway(text, p, asked+" "+back) {
			return "", ErrGivesAway
		}
	}
	return text, nil
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
