package grade

import (
	"context"
	_ "embed" // for the calibration
	"fmt"
	"math"
	"time"

	"viva/content"
	"viva/interviewer/grade/estimate"
	"viva/interviewer/grade/words"
)

// An answer no clause of which comes so close to any wording is about something else.
const offTopicAt = 0.45

//go:generate go run ./gen
//go:embed calibration.bin
var calibration []byte

// Estimator grades without a language model, by calibrated measures of how each
// clause of an answer stands to the wordings of each point and mistake: see package
// estimate. It reads English only. Its grades are estimates and say so, with a
// range that holds four times of five.
type Estimator struct {
	encoder    estimate.Encoder
	model      estimate.Model
	strictness Strictness
}

// NewEstimator returns an estimator over the encoder that it was calibrated with.
func NewEstimator(encoder estimate.Encoder, strictness Strictness) *Estimator {
	model, err := estimate.Decode(calibration)
	if err != nil {
		panic(err) // a file of ours, checked by a test
	}
	return &Estimator{encoder, model, strictness}
}

// Grade estimates each point's credit. An answer that is not English gets no
// score but FlagLanguage. The error is the encoder's, or ErrUngraded.
func (e *Estimator) Grade(ctx context.Context, s Submission) (Grade, error) {
	start := time.Now()
	g, gate, points, err := begin(s, Grader{ByEstimate, "built-in"})
	if err != nil || gate.closed {
		return g, err
	}
	q := s.Reference.Question
	if !words.IsEnglish(gate.answer, estimate.Vocabulary(q)) {
		return g.unreadable(points), nil
	}
	r, err := Read(ctx, e.encoder, s, gate.answer)
	if err != nil {
		return Grade{}, fmt.Errorf("estimate question %q: %w", q.ID, err)
	}
	e.judge(&g, r, q, points)
	if r.Nearest() < offTopicAt {
		g.flag(FlagOffTopic)
	}
	g.finish(gate.limit)
	spread := e.model.Error(*g.Score)
	g.PlusMinus = &spread
	g.Feedback = g.remark()
	g.Made.Milliseconds = time.Since(start).Milliseconds()
	return g, nil
}

// Read measures an answer, which is what the gate left of s.Answer, against all
// points of its question, asked for or not: what is true of another is no mistake.
func Read(ctx context.Context, encoder estimate.Encoder, s Submission, answer string) (*estimate.Reading, error) {
	points, _ := pointsOf(s.Reference.Question, nil)
	return encoder.Read(ctx, answer, s.Reference.Question, points, newEvidence(s.Asked, s.Answer).holds)
}

// credits estimates the credit of each point, by its id.
func (e *Estimator) credits(ctx context.Context, s Submission, answer string) (map[string]float64, error) {
	r, err := Read(ctx, e.encoder, s, answer)
	if err != nil {
		return nil, fmt.Errorf("estimate question %q: %w", s.Reference.Question.ID, err)
	}
	points, _ := pointsOf(s.Reference.Question, nil)
	credits := map[string]float64{}
	for j, c := range e.model.Estimate(r).Credits {
		credits[points[j].ID] = c
	}
	return credits, nil
}

// nearness is how close a quote comes to a wording of the point, a cosine.
func (e *Estimator) nearness(ctx context.Context, quote string, p content.Point) (float64, error) {
	vectors, err := e.encoder.Embed(ctx, append([]string{quote, p.Text}, p.Say...))
	if err != nil {
		return 0, err
	}
	near := -1.0
	for _, wording := range vectors[1:] {
		near = max(near, estimate.Cosine(vectors[0], wording))
	}
	return near, nil
}

// judge turns the measures into verdicts on the points asked for, and mistakes.
func (e *Estimator) judge(g *Grade, r *estimate.Reading, q content.Question, points []content.Point) {
	all, _ := pointsOf(q, nil)
	made := e.model.Estimate(r)
	for _, p := range points {
		for j := range all {
			if all[j].ID == p.ID {
				g.Points = append(g.Points, pointGrade(p, e.strictness.bend(made.Credits[j]), r.Quote(j), r.Against(j)))
			}
		}
	}
	for i, m := range q.Mistakes {
		if made.Claims[i] >= estimate.ClaimAt {
			g.Mistakes = append(g.Mistakes, MistakeFound{Claim: m.Claim, Quote: r.Claim(i), Fix: m.Fix})
		}
	}
}

// pointGrade shows an estimated credit as a verdict, with the clause that makes
// the point or speaks against it.
func pointGrade(p content.Point, credit float64, quote, against string) PointGrade {
	g := PointGrade{ID: p.ID, Text: p.Text, Weight: p.Weight, Credit: math.Round(1000*credit) / 1000}
	switch g.Verdict = VerdictFor(g.Credit); g.Verdict {
	case Met, Partly:
		g.Quote = quote
	case Contradicted:
		g.Quote = against
	}
	return g
}

// unreadable completes the grade of an answer in another language.
func (g Grade) unreadable(points []content.Point) Grade {
	g.flag(FlagLanguage)
	why := "the offline estimator reads English only, and this answer is in another language: configure a model to have it graded"
	g.Error = &why
	for _, p := range points {
		g.Points = append(g.Points, PointGrade{ID: p.ID, Text: p.Text, Weight: p.Weight, Verdict: Missed})
	}
	return g
}
