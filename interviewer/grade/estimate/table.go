package estimate

import "math"

// evidence is the clause that best makes a point.
type evidence struct {
	at    int     // the clause; -1: none may be quoted
	match float64 // the best match of any clause
	other float64 // the best match in another sentence
}

// mistakeShare is what closeness to a mistake takes off a match with a point.
const mistakeShare = 0.55

// find finds the clauses that best make each point, among those that may be quoted.
func (r *Reading) find(quotable func(clause string) bool) {
	r.evidence = make([]evidence, len(r.points))
	may := make([]bool, len(r.Clauses))
	for i, c := range r.Clauses {
		may[i] = quotable(c.Text)
	}
	for j := range r.points {
		e := evidence{at: -1, match: -1, other: -1}
		best := -2.0
		for i, n := range r.near {
			if !may[i] {
				continue
			}
			if shows := n.shows(j); shows > best {
				e.at, best = i, shows
			}
			e.match = max(e.match, n.match(j))
		}
		for i, n := range r.near {
			if may[i] && r.Clauses[i].Sentence != r.Clauses[max(e.at, 0)].Sentence {
				e.other = max(e.other, n.match(j))
			}
		}
		r.evidence[j] = e
	}
}

// shows is how well a clause shows a point: how close it comes, less by how much a
// mistake comes closer.
func (n near) shows(point int) float64 {
	near := n.points[point].nearest
	return near - max(n.falsehood.nearest-near, 0)
}

// match is closeness to a point less a share of that to a mistake: true and false
// sentences about one thing lie close together.
func (n near) match(point int) float64 {
	return n.points[point].blend - mistakeShare*max(n.falsehood.blend, stray)
}

// Quote returns the clause that best makes a point, or "" when none may be quoted.
func (r *Reading) Quote(point int) string {
	if at := r.evidence[point].at; at >= 0 {
		return r.Clauses[at].Text
	}
	return ""
}

// Against returns the clause that speaks most for a mistake about a point's
// subject, else the one that Quote returns.
func (r *Reading) Against(point int) string {
	clause, most := r.Quote(point), math.Inf(-1)
	for i, n := range r.near {
		for m, c := range n.mistakes {
			if lead := c.nearest - n.points[point].nearest; r.linked[point][m] && !r.Clauses[i].Split && c.nearest > aboutAt && lead > most {
				clause, most = r.Clauses[i].Text, lead
			}
		}
	}
	return clause
}

// Claim returns the clause that says a mistake most; "" when there is none.
func (r *Reading) Claim(mistake int) string {
	_, clause := r.mistakeRow(mistake)
	return clause
}

// Nearest is the closest that any clause comes to any point or mistake.
func (r *Reading) Nearest() float64 { return r.answer.best }

// feature is one measure, and whether what is fitted may fall (1) or rise (−1)
// as it grows.
type feature[C any] struct {
	name  string
	way   int
	value func(C) float64
}

// made is a point seen at its best clause.
type made struct {
	*Reading
	point int
	evidence
	near near
	said text
}

func (c made) words() soft { return c.soft[c.point] }

// pointFeatures is what the credit of a point is fitted to.
var pointFeatures = []feature[made]{
	{"best match", 1, func(c made) float64 { return c.match }},
	{"match of another sentence", 1, func(c made) float64 { return c.other }},
	{"lead over the nearest mistake there", 1, func(c made) float64 {
		return c.near.points[c.point].nearest - max(c.near.falsehood.nearest, stray)
	}},
	{"closeness to a linked mistake", -1, func(c made) float64 { return c.opposition(c.point) }},
	{"lead of a linked mistake", 0, func(c made) float64 { return c.oppositionLead(c.point) }},
	{"lead over other points there", 0, func(c made) float64 { return c.near.points[c.point].blend - c.rival() }},
	{"lead over the question there", 0, func(c made) float64 { return c.near.points[c.point].nearest - c.near.question }},
	{"rare words shared there", 1, func(c made) float64 { return c.overlap(c.points[c.point], c.said) }},
	{"rare words shared anywhere", 1, func(c made) float64 { return c.overlapAnywhere(c.points[c.point]) }},
	{"rare words shared, over mistakes", 0, func(c made) float64 {
		return c.overlap(c.points[c.point], c.said) - c.overlapWith(c.mistakes, c.said)
	}},
	{"key words said around", 0, func(c made) float64 { return c.share(c.points[c.point].key, c.around()) }},
	{"soft recall anywhere", 1, func(c made) float64 { return c.words().anywhere }},
	{"soft recall of the text", 1, func(c made) float64 { return c.words().text }},
	{"soft recall in a sentence", 1, func(c made) float64 { return c.words().sentence }},
	{"its lead over mistakes", 0, func(c made) float64 { return c.words().lead }},
	{"soft precision there", 0, func(c made) float64 { return c.words().precision }},
	{"its lead over mistakes there", 0, func(c made) float64 { return c.words().precise }},
	{"words said of a wording", 1, func(c made) float64 { return c.words().said }},
	{"words said of the text", 1, func(c made) float64 { return c.words().stated }},
	{"words foreign to the point", 0, func(c made) float64 { return c.foreign(c.points[c.point], c.said) }},
	{"same order", 0, func(c made) float64 { return c.points[c.point].sameOrder(c.said) }},
	{"denial", 0, func(c made) float64 { return c.denial(c.points[c.point], c.said) }},
	{"opposites", 0, func(c made) float64 { return c.points[c.point].opposed(c.said) }},
	{"numbers", 0, func(c made) float64 { return c.points[c.point].sameNumbers(c.said) }},
	{"place", 0, func(c made) float64 { return float64(c.at) / float64(max(len(c.Clauses), 1)) }},
	{"length there", 0, func(c made) float64 { return float64(c.said.words) }},
	{"numbers named by none", 0, func(c made) float64 { return c.answer.strange }},
	{"lean", 0, func(c made) float64 { return c.answer.lean }},
	{"worst clause", 0, func(c made) float64 { return c.answer.worst }},
	{"accused clauses", 0, func(c made) float64 { return c.answer.accused }},
	{"on topic", 0, func(c made) float64 { return c.answer.onTopic }},
	{"best of the answer", 0, func(c made) float64 { return c.answer.best }},
	{"echo", 0, func(c made) float64 { return c.answer.echo }},
	{"substance", 0, func(c made) float64 { return c.answer.substance }},
	{"sentences that ask", 0, func(c made) float64 { return c.answer.asking }},
	{"talk about answering", 0, func(c made) float64 { return c.answer.talk }},
	{"familiar words", 0, func(c made) float64 { return c.answer.familiar }},
	{"points covered", 0, func(c made) float64 { return c.answer.covered }},
}

// pointRow returns the features of a point; nil when no clause can be quoted for it.
func (r *Reading) pointRow(point int) []float64 {
	e := r.evidence[point]
	if e.at < 0 {
		return nil
	}
	return row(pointFeatures, made{r, point, e, r.near[e.at], r.texts[e.at]})
}

// claimed is a mistake seen at the clause that leads most to it.
type claimed struct {
	*Reading
	mistake, at int
	near        near
	said        text
}

var mistakeFeatures = []feature[claimed]{
	{"closeness there", 1, func(c claimed) float64 { return c.near.mistakes[c.mistake].nearest }},
	{"blend there", 1, func(c claimed) float64 { return c.near.mistakes[c.mistake].blend }},
	{"lead over the nearest point there", 1, func(c claimed) float64 {
		return c.near.mistakes[c.mistake].nearest - c.near.truth.nearest
	}},
	{"blended lead", 1, func(c claimed) float64 { return c.near.mistakes[c.mistake].blend - c.near.truth.blend }},
	{"lead over other mistakes", 0, func(c claimed) float64 {
		return c.near.mistakes[c.mistake].blend - c.near.falsehood.blend
	}},
	{"lead over the question", 0, func(c claimed) float64 { return c.near.mistakes[c.mistake].nearest - c.near.question }},
	{"rare words shared", 1, func(c claimed) float64 { return c.overlap(c.mistakes[c.mistake], c.said) }},
	{"rare words shared, over points", 1, func(c claimed) float64 {
		return c.overlap(c.mistakes[c.mistake], c.said) - c.overlapWith(c.points, c.said)
	}},
	{"key words said", 1, func(c claimed) float64 { return c.share(c.mistakes[c.mistake].key, c.said.stems) }},
	{"words foreign to it", -1, func(c claimed) float64 { return c.foreign(c.mistakes[c.mistake], c.said) }},
	{"same order", 1, func(c claimed) float64 { return c.mistakes[c.mistake].sameOrder(c.said) }},
	{"denial", -1, func(c claimed) float64 { return c.denial(c.mistakes[c.mistake], c.said) }},
	{"opposites", 0, func(c claimed) float64 { return c.mistakes[c.mistake].opposed(c.said) }},
	{"numbers", 1, func(c claimed) float64 { return c.mistakes[c.mistake].sameNumbers(c.said) }},
	{"length there", 0, func(c claimed) float64 { return float64(c.said.words) }},
	{"lean", -1, func(c claimed) float64 { return c.answer.lean }},
	{"accused clauses", 1, func(c claimed) float64 { return c.answer.accused }},
	{"on topic", 0, func(c claimed) float64 { return c.answer.onTopic }},
	{"substance", 0, func(c claimed) float64 { return c.answer.substance }},
	{"talk about answering", 0, func(c claimed) float64 { return c.answer.talk }},
	{"sentences that ask", 0, func(c claimed) float64 { return c.answer.asking }},
}

// mistakeRow returns the features of a mistake and the clause that says it most;
// nil when there is no clause.
func (r *Reading) mistakeRow(mistake int) (features []float64, clause string) {
	at, most := -1, -2.0
	for i, n := range r.near {
		if lead := n.mistakes[mistake].blend - truthShare*n.truth.blend; !r.Clauses[i].Split && lead > most {
			at, most = i, lead
		}
	}
	if at < 0 {
		return nil, ""
	}
	return row(mistakeFeatures, claimed{r, mistake, at, r.near[at], r.texts[at]}), r.Clauses[at].Text
}

// truthShare is what closeness to a point takes off a clause's match with a mistake.
const truthShare = 0.7

func row[C any](table []feature[C], c C) []float64 {
	out := make([]float64, len(table))
	for i, f := range table {
		out[i] = f.value(c)
	}
	return out
}

func ways[C any](table []feature[C]) []int {
	out := make([]int, len(table))
	for i, f := range table {
		out[i] = f.way
	}
	return out
}
