package grade

import (
	"context"
	"fmt"
	"math"
	"time"

	"viva/content"
)

// Constants of the estimator, chosen on the fitting half of testdata/graded and
// reported on the other half by TestEvalEstimator.
const (
	creditAt     = 0.60 // cosine of a clause and a wording at which half the credit is expected
	creditSlope  = 0.06 // how fast credit grows around it
	mistakeFloor = 0.55 // a clause nearer than this to a mistake may be one,
	mistakeLead  = 0.04 // if it lies this much nearer to it than to any true wording
	offTopicAt   = 0.40 // an answer with no clause as near as this to any wording is about something else

	// estimateError is half the width of the range that holds the labelled score of
	// four answers in five of the reporting half.
	estimateError = 20
)

// Embed turns texts into unit vectors, in order. Wordings of the bank come up
// with every answer to their question, so it pays to keep theirs.
type Embed func(ctx context.Context, texts []string) ([][]float32, error)

// Estimator grades without a language model: it compares each clause of the
// answer with the wordings of each point and of each mistake by meaning. It
// reads English only. Its grades are estimates and say so.
type Estimator struct {
	embed      Embed
	strictness Strictness
}

// NewEstimator returns an estimator over embed.
func NewEstimator(embed Embed, strictness Strictness) *Estimator {
	return &Estimator{embed, strictness}
}

// Grade estimates each point's credit. An answer that is not English gets no
// score but FlagLanguage. The error is embed's, or ErrUngraded.
func (e *Estimator) Grade(ctx context.Context, s Submission) (Grade, error) {
	start := time.Now()
	g, gate, points, err := begin(s, Grader{ByEstimate, "built-in"})
	if err != nil || gate.closed {
		return g, err
	}
	if !isEnglish(gate.answer) {
		return g.unreadable(points), nil
	}
	pieces := clauses(gate.answer)
	near, err := e.compare(ctx, pieces, points, s.Reference.Question.Mistakes)
	if err != nil {
		return Grade{}, fmt.Errorf("estimate question %q: %w", s.Reference.Question.ID, err)
	}
	e.estimate(&g, points, s.Reference.Question.Mistakes, near, newEvidence(s.Asked, s.Answer))
	if near.best() < offTopicAt {
		g.flag(FlagOffTopic)
	}
	g.finish(gate.limit)
	spread := estimateError
	g.PlusMinus = &spread
	g.Feedback = g.remark()
	g.Made.Milliseconds = time.Since(start).Milliseconds()
	return g, nil
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

// nearness holds, for each clause, its highest cosine with the wordings of each
// point and of each mistake.
type nearness struct {
	clauses  []string
	points   [][]float64 // [clause][point]
	mistakes [][]float64 // [clause][mistake]
}

// compare embeds the clauses and wordings in one call.
func (e *Estimator) compare(ctx context.Context, pieces []string, points []content.Point, mistakes []content.Mistake) (nearness, error) {
	texts := append([]string(nil), pieces...)
	var groups []span // of texts: one a point, then one a mistake
	group := func(first string, more []string) {
		from := len(texts)
		texts = append(append(texts, first), more...)
		groups = append(groups, span{from, len(texts)})
	}
	for _, p := range points {
		group(p.Text, p.Say)
	}
	for _, m := range mistakes {
		group(m.Claim, m.Say)
	}
	vectors, err := e.embed(ctx, texts)
	if err != nil {
		return nearness{}, err
	}
	near := nearness{clauses: pieces}
	for i := range pieces {
		row := make([]float64, len(groups))
		for j, g := range groups {
			row[j] = highest(vectors[i], vectors[g.from:g.to])
		}
		near.points = append(near.points, row[:len(points)])
		near.mistakes = append(near.mistakes, row[len(points):])
	}
	return near, nil
}

func highest(v []float32, others [][]float32) float64 {
	best := math.Inf(-1)
	for _, o := range others {
		best = max(best, cosine(v, o))
	}
	return best
}

// cosine of two unit vectors.
func cosine(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// best is the nearest any clause comes to any wording.
func (n nearness) best() float64 {
	best := math.Inf(-1)
	for i := range n.clauses {
		_, p := argmax(n.points[i])
		_, m := argmax(n.mistakes[i])
		best = max(best, p, m)
	}
	return best
}

// argmax returns where the highest value stands, and it; -1 and -Inf for none.
func argmax(xs []float64) (int, float64) {
	at, best := -1, math.Inf(-1)
	for i, x := range xs {
		if x > best {
			at, best = i, x
		}
	}
	return at, best
}

// wrongClause is a clause that lies nearer to a mistake than to any truth.
type wrongClause struct{ clause, mistake, point int }

// wrong finds the clauses that say a mistake, and the point each one opposes:
// the nearest, or -1 where none is near.
func (n nearness) wrong() []wrongClause {
	var found []wrongClause
	for i := range n.clauses {
		m, toMistake := argmax(n.mistakes[i])
		p, toPoint := argmax(n.points[i])
		if m < 0 || toMistake < mistakeFloor || toMistake-toPoint < mistakeLead {
			continue
		}
		if toPoint < creditAt {
			p = -1
		}
		found = append(found, wrongClause{i, m, p})
	}
	return found
}

// estimate turns nearness into credits and mistakes. A clause that counts as a
// mistake earns nothing, and contradicts its point unless another clause makes it.
func (e *Estimator) estimate(g *Grade, points []content.Point, mistakes []content.Mistake, near nearness, ev evidence) {
	wrong := near.wrong()
	excluded := map[int]bool{}
	against := map[int]int{} // point → clause
	seen := map[int]bool{}
	for _, w := range wrong {
		excluded[w.clause] = true
		against[w.point] = w.clause
		if !seen[w.mistake] {
			seen[w.mistake] = true
			m := mistakes[w.mistake]
			g.Mistakes = append(g.Mistakes, MistakeFound{Claim: m.Claim, Quote: near.clauses[w.clause], Fix: m.Fix})
		}
	}
	for j, p := range points {
		pg := PointGrade{ID: p.ID, Text: p.Text, Weight: p.Weight}
		sim := math.Inf(-1)
		for i, clause := range near.clauses {
			if !excluded[i] && near.points[i][j] > sim && ev.holds(clause) {
				sim, pg.Quote = near.points[i][j], clause
			}
		}
		pg.Credit = e.credit(sim)
		if i, ok := against[j]; ok && VerdictFor(pg.Credit) == Missed {
			pg.Credit, pg.Quote = creditContradicted, near.clauses[i]
		}
		if pg.Verdict = VerdictFor(pg.Credit); pg.Verdict == Missed {
			pg.Quote = ""
		}
		g.Points = append(g.Points, pg)
	}
}

// credit is the expected credit of a point whose best clause lies at this
// cosine: it grows with the cosine, from 0 to 1.
func (e *Estimator) credit(sim float64) float64 {
	at := creditAt + e.strictness.shift()
	return math.Round(1000/(1+math.Exp(-(sim-at)/creditSlope))) / 1000
}
