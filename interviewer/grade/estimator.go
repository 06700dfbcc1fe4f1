package grade

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"viva/content"
)

// The calibration, fitted to the labelled verdicts, mistakes and scores of the
// fitting half of testdata/graded (85 answers to 16 questions; forms were chosen by
// leaving questions out in turn), then rounded; TestEvalEstimator reports the other
// half. All but the last are in units of closeness, a cosine, or shares of it.
// Not fitted: wordingBlend and leanMost are the best of three or four values tried,
// oppositeLink matters little between 0.4 and 0.6, and stray lies a little below the
// median closeness of a clause to its nearest mistake.
const (
	wordingBlend = 0.5  // closeness: so much of the mean over the wordings, the rest of the nearest
	stray        = 0.3  // a clause counts as so close to some mistake, be it further
	mistakeShare = 0.55 // what a clause's closeness to a mistake takes off its match with a point
	leanMost     = 0.1  // no single clause moves the answer's lean by more

	creditAt    = 0.22  // match at which half the credit is expected
	creditSlope = 0.035 // how fast credit grows around it

	oppositeLink  = 0.5    // cosine at which a mistake's wording and a point's are about one thing
	oppositeAt    = 0.89   // closeness to an opposite at which an even answer contradicts as likely as not
	oppositeSlope = 0.0625 // how fast that grows around it
	oppositeLean  = 3      // how much further that lies for each bit of lean

	mistakeAt    = 0.34 // a clause so close to a mistake says it,
	mistakeTruth = 0.7  // less this share of its closeness to a point
	mistakeLean  = 2    // and less this for each bit of the answer's lean

	// An answer no clause of which comes so close to any wording is about something
	// else: such answers of the fitting half reach 0.42 at most, all others 0.48.
	offTopicAt = 0.45

	// estimateError is half the width of the range that holds the labelled score of
	// four answers in five of the reporting half.
	estimateError = 29
)

// Embed turns texts into unit vectors, in order. Wordings of the bank come up
// with every answer to their question, so it pays to keep theirs.
type Embed func(ctx context.Context, texts []string) ([][]float32, error)

// Estimator grades without a language model: it compares each clause of the
// answer with the wordings of each point and of each mistake by meaning. True
// and false sentences about one thing lie close together, so it weighs what a
// clause has in common with a point against what it has in common with a
// mistake, and reads each clause in the light of the whole answer: one that leans
// to the mistakes is believed less. It reads English only. Its grades are
// estimates and say so.
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
	q := s.Reference.Question
	if !isEnglish(gate.answer, vocabulary(q)) {
		return g.unreadable(points), nil
	}
	near, err := e.compare(ctx, gate.answer, q)
	if err != nil {
		return Grade{}, fmt.Errorf("estimate question %q: %w", q.ID, err)
	}
	g.Mistakes = append(g.Mistakes, near.mistaken(q.Mistakes)...)
	ev := newEvidence(s.Asked, s.Answer)
	for _, p := range points {
		g.Points = append(g.Points, e.judge(p, near, ev))
	}
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

// nearness says how close each clause comes to each point and to each mistake of
// the entry, asked for or not: what is true of another point is no mistake.
type nearness struct {
	clauses   []string
	column    map[string]int // of a point, by its id
	points    [][]float64    // [clause][point]
	mistakes  [][]float64    // [clause][mistake]
	opposites [][]bool       // [point][mistake]: they are about one thing
	accusable []bool         // [clause]: it may be said to be wrong
	lean      float64        // how much closer the answer is to the points than to the mistakes
}

// compare embeds the clauses and wordings in one call.
func (e *Estimator) compare(ctx context.Context, answer string, q content.Question) (nearness, error) {
	n := nearness{clauses: clauses(answer), column: map[string]int{}}
	texts := respelt(n.clauses, answer, vocabulary(q))
	var groups []span // of texts: one a point, then one a mistake
	group := func(first string, more []string) {
		from := len(texts)
		texts = append(append(texts[:from:from], first), more...)
		groups = append(groups, span{from, len(texts)})
	}
	points, _ := pointsOf(q, nil)
	for j, p := range points {
		n.column[p.ID] = j
		group(p.Text, p.Say)
	}
	for _, m := range q.Mistakes {
		group(m.Claim, m.Say)
	}
	vectors, err := e.embed(ctx, texts)
	if err != nil {
		return nearness{}, err
	}
	for i := range n.clauses {
		row, nearest := make([]float64, len(groups)), make([]float64, len(groups))
		for j, g := range groups {
			row[j], nearest[j] = closeness(vectors[i], vectors[g.from:g.to])
		}
		n.points = append(n.points, row[:len(points)])
		n.mistakes = append(n.mistakes, row[len(points):])
		n.accusable = append(n.accusable, !n.hasParts(i) && accuses(nearest[:len(points)], nearest[len(points):]))
	}
	for _, g := range groups[:len(points)] {
		n.opposites = append(n.opposites, opposites(vectors, g, groups[len(points):]))
	}
	n.lean = n.leaning()
	return n, nil
}

// closeness of a clause to the wordings of one thing: near one of them, and not
// far from the others. The cosine with the nearest comes beside it.
func closeness(v []float32, wordings [][]float32) (blend, nearest float64) {
	nearest, sum := math.Inf(-1), 0.0
	for _, w := range wordings {
		c := cosine(v, w)
		nearest, sum = max(nearest, c), sum+c
	}
	return (1-wordingBlend)*nearest + wordingBlend*sum/float64(len(wordings)), nearest
}

// hasParts reports a sentence whose parts are clauses too. It says several things
// at once, so that swapping two of them hardly moves its vector: what is wrong
// must show in one of the parts.
func (n nearness) hasParts(i int) bool {
	return i+1 < len(n.clauses) && len(n.clauses[i+1]) < len(n.clauses[i]) && strings.HasPrefix(n.clauses[i], n.clauses[i+1])
}

// accuses reports whether the wording that a clause lies nearest to is a mistake's.
func accuses(points, mistakes []float64) bool {
	_, truth := argmax(points)
	_, falsehood := argmax(mistakes)
	return falsehood >= truth
}

// cosine of two unit vectors.
func cosine(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

// opposites marks the mistakes that are about the same thing as a point: the
// nearest, and each that is near enough.
func opposites(vectors [][]float32, point span, mistakes []span) []bool {
	near := make([]float64, len(mistakes))
	for m, g := range mistakes {
		near[m] = math.Inf(-1)
		for _, v := range vectors[g.from:g.to] {
			for _, w := range vectors[point.from:point.to] {
				near[m] = max(near[m], cosine(v, w))
			}
		}
	}
	marks := make([]bool, len(mistakes))
	nearest, _ := argmax(near)
	for m := range marks {
		marks[m] = m == nearest || near[m] >= oppositeLink
	}
	return marks
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

// best is the closest any clause comes to any point or mistake.
func (n nearness) best() float64 {
	best := math.Inf(-1)
	for i := range n.clauses {
		best = max(best, n.truth(i), n.falsehood(i))
	}
	return best
}

// truth is how close a clause comes to any point.
func (n nearness) truth(clause int) float64 {
	_, c := argmax(n.points[clause])
	return c
}

// falsehood is how close a clause comes to any mistake.
func (n nearness) falsehood(clause int) float64 {
	_, c := argmax(n.mistakes[clause])
	return max(c, stray)
}

// leaning is the mean lead of the points over the mistakes.
func (n nearness) leaning() float64 {
	sum := 0.0
	for i := range n.clauses {
		sum += min(max(n.truth(i)-n.falsehood(i), -leanMost), leanMost)
	}
	return sum / float64(max(len(n.clauses), 1))
}

// made finds the clause that best makes a point, among those that can be quoted.
// Its match is its closeness to the point, less a share of that to a mistake.
func (n nearness) made(point int, ev evidence) (clause int, match float64) {
	clause, match = -1, math.Inf(-1)
	for i, text := range n.clauses {
		if m := n.points[i][point] - mistakeShare*n.falsehood(i); m > match && ev.holds(text) {
			clause, match = i, m
		}
	}
	return clause, match
}

// opposed finds the accusable clause that comes closest to an opposite of a point.
func (n nearness) opposed(point int) (clause int, closest float64) {
	clause, closest = -1, math.Inf(-1)
	for i, row := range n.mistakes {
		for m, c := range row {
			if n.accusable[i] && n.opposites[point][m] && c > closest {
				clause, closest = i, c
			}
		}
	}
	return clause, closest
}

// mistaken lists the mistakes that some accusable clause says.
func (n nearness) mistaken(mistakes []content.Mistake) []MistakeFound {
	var found []MistakeFound
	for m, mistake := range mistakes {
		lead := make([]float64, len(n.clauses))
		for i := range lead {
			lead[i] = math.Inf(-1)
			if n.accusable[i] {
				lead[i] = n.mistakes[i][m] - mistakeTruth*n.truth(i)
			}
		}
		if i, most := argmax(lead); most-mistakeLean*n.lean > mistakeAt {
			found = append(found, MistakeFound{Claim: mistake.Claim, Quote: n.clauses[i], Fix: mistake.Fix})
		}
	}
	return found
}

// judge estimates one point: the credit of its best clause, or that of a
// contradiction, each as far as it is likely.
func (e *Estimator) judge(p content.Point, n nearness, ev evidence) PointGrade {
	pg := PointGrade{ID: p.ID, Text: p.Text, Weight: p.Weight}
	made, match := n.made(n.column[p.ID], ev)
	against, closest := n.opposed(n.column[p.ID])
	doubt := logistic((closest - oppositeAt - oppositeLean*n.lean) / oppositeSlope)
	pg.Credit = math.Round(1000*((1-doubt)*e.credit(match)+doubt*creditContradicted)) / 1000
	switch pg.Verdict = VerdictFor(pg.Credit); pg.Verdict {
	case Met, Partly:
		pg.Quote = n.clauses[made]
	case Contradicted:
		pg.Quote = n.clauses[against]
	}
	return pg
}

// credit is the expected credit of a point that is not contradicted, by the
// match of its best clause: it grows with it, from 0 to 1.
func (e *Estimator) credit(match float64) float64 {
	return logistic((match - creditAt - e.strictness.shift()) / creditSlope)
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
