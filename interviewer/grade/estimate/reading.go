// Package estimate grades an answer without a language model: it measures how
// the answer stands to each point and mistake of a question, by meaning, with an
// encoder's vectors, and by what vectors do not see, negation, opposites, numbers,
// order and rare words. A Model turns the measures into credits; it was fitted to
// answers that people graded.
//
//	answer ─→ clauses ─→ vectors ─┐             ┌─→ Credits: of each point, from −½ to 1
//	                              ├─→ Reading ──┤
//	points, mistakes, wordings ───┘    Model    └─→ Claims: how likely each mistake is made
//
// The measures stand in table.go, one a line.
package estimate

import (
	"context"
	"math"

	"viva/content"
	"viva/interviewer/grade/words"
)

// Encoder gives texts their vectors. Wordings of the bank come up with every
// answer to their question, so it pays to keep theirs.
type Encoder struct {
	Embed func(ctx context.Context, texts []string) ([][]float32, error) // unit vectors, in order
	Split
}

// Split gives the tokens of a text, common ones with low ids, and a unit vector for
// each that is the same wherever the token stands, as an encoder has it before it
// reads the text.
type Split func(text string) (ids []int32, vectors [][]float32)

// Reading is one answer measured against one question.
type Reading struct {
	Clauses []words.Clause

	points, mistakes, question []group
	weights                    []float64 // of the points
	texts                      []text    // of the clauses
	near                       []near    // of the clauses
	linked                     [][]bool
	evidence                   []evidence // of the points
	rarity                     map[string]float64
	soft                       []soft // of the points
	answer                     answer
}

// near is how close a clause comes to each group of wordings.
type near struct {
	points, mistakes []closeness
	question         float64
	truth, falsehood closeness // to the nearest point and mistake
}

// closeness of a clause to the wordings of one thing: the cosine with the
// nearest of them, and that blended with the mean over all.
type closeness struct{ nearest, blend float64 }

// wordingBlend is how much of a blend is the mean over the wordings.
const wordingBlend = 0.5

// group is a point, a mistake or the question with all its wordings.
type group struct {
	wordings []text
	stems    map[string]bool // of all wordings
	key      map[string]bool // those that tell it from the other groups
	numbers  map[string]bool
	vectors  [][]float32
}

// Read measures an answer against a question with the given points. The encoder
// reads clauses that are respelt where they need it; those of the Reading are as they
// were said, and only those that quotable accepts can show a point. The error is Embed's.
func (e Encoder) Read(ctx context.Context, answer string, q content.Question, points []content.Point, quotable func(clause string) bool) (*Reading, error) {
	r := &Reading{Clauses: words.Clauses(answer)}
	known := Vocabulary(q)
	english := func(word string) (int, bool) {
		ids, _ := e.Split(word)
		if len(ids) != 1 {
			return 0, false
		}
		return int(ids[0]), true
	}
	pieces := make([]string, len(r.Clauses))
	for i, c := range r.Clauses {
		pieces[i] = words.Plain(c.Text, known)
	}
	pieces = words.Respell(pieces, answer, known, english)
	all := pieces
	add := func(to *[]group, first string, more []string) {
		texts := append([]string{first}, more...)
		g := group{stems: map[string]bool{}, numbers: map[string]bool{}}
		for _, t := range texts {
			w := readText(t)
			g.wordings = append(g.wordings, w)
			union(g.stems, w.stems)
			union(g.numbers, w.numbers)
		}
		all = append(all, texts...)
		*to = append(*to, g)
	}
	for _, p := range points {
		add(&r.points, p.Text, p.Say)
		r.weights = append(r.weights, float64(p.Weight))
	}
	for _, m := range q.Mistakes {
		add(&r.mistakes, m.Claim, m.Say)
	}
	add(&r.question, q.Text, q.AskedAs)
	vectors, err := e.Embed(ctx, all)
	if err != nil {
		return nil, err
	}
	rest := vectors[len(pieces):]
	for _, groups := range [][]group{r.points, r.mistakes, r.question} {
		for i := range groups {
			n := len(groups[i].wordings)
			groups[i].vectors, rest = rest[:n], rest[n:]
		}
	}
	r.weigh()
	for i, p := range pieces {
		r.texts = append(r.texts, readText(p))
		r.near = append(r.near, r.nearness(vectors[i]))
	}
	r.link()
	var sentences []string
	for i, c := range r.Clauses {
		if i == 0 || c.Sentence != r.Clauses[i-1].Sentence {
			sentences = append(sentences, pieces[i])
		}
	}
	r.softly(e.Split, sentences)
	r.answer = r.readAnswer(answer, known)
	r.find(quotable)
	return r, nil
}

// Vocabulary counts the words of an entry's texts and of plain English.
func Vocabulary(q content.Question) map[string]int {
	texts := append([]string{q.Text, q.Answer}, q.AskedAs...)
	for _, p := range q.Points {
		texts = append(append(texts, p.Text), p.Say...)
	}
	for _, m := range q.Mistakes {
		texts = append(append(texts, m.Claim, m.Fix), m.Say...)
	}
	return words.Vocabulary(texts)
}

func union(into, from map[string]bool) {
	for k := range from {
		into[k] = true
	}
}

// weigh gives each stem its rarity among the groups, rounded so that sums are the
// same in whatever order a set is walked through, and each group the stems
// that are its own: in most of its wordings and in few other groups.
func (r *Reading) weigh() {
	groups := append(append(append([]group{}, r.points...), r.mistakes...), r.question...)
	in := map[string]int{}
	for _, g := range groups {
		for s := range g.stems {
			in[s]++
		}
	}
	r.rarity = map[string]float64{}
	for s, n := range in {
		r.rarity[s] = math.Round(1024*math.Log(1+float64(len(groups))/float64(n))) / 1024
	}
	for _, groups := range [][]group{r.points, r.mistakes} {
		for i := range groups {
			groups[i].key = keys(groups[i], in, len(groups))
		}
	}
}

// keys are the stems of at least two wordings that few other groups use.
func keys(g group, in map[string]int, groups int) map[string]bool {
	key := map[string]bool{}
	for s := range g.stems {
		n := 0
		for _, w := range g.wordings {
			if w.stems[s] {
				n++
			}
		}
		if (n >= 2 || len(g.wordings) == 1) && 2*in[s] <= groups {
			key[s] = true
		}
	}
	return key
}

func (r *Reading) nearness(v []float32) near {
	n := near{truth: far, falsehood: far}
	for _, g := range r.points {
		c := g.closeness(v)
		n.points = append(n.points, c)
		n.truth = n.truth.max(c)
	}
	for _, g := range r.mistakes {
		c := g.closeness(v)
		n.mistakes = append(n.mistakes, c)
		n.falsehood = n.falsehood.max(c)
	}
	n.question = r.question[0].closeness(v).nearest
	return n
}

// far is further from anything than any text is.
var far = closeness{-1, -1}

func (c closeness) max(d closeness) closeness {
	return closeness{max(c.nearest, d.nearest), max(c.blend, d.blend)}
}

func (g group) closeness(v []float32) closeness {
	nearest, sum := -1.0, 0.0
	for _, w := range g.vectors {
		c := Cosine(v, w)
		nearest, sum = max(nearest, c), sum+c
	}
	return closeness{nearest, (1-wordingBlend)*nearest + wordingBlend*sum/float64(len(g.vectors))}
}

// Cosine of two unit vectors.
func Cosine(a, b []float32) float64 {
	var sum float32
	for i := range a {
		sum += a[i] * b[i]
	}
	return float64(sum)
}

// linkedAt is the cosine at which a mistake's wording and a point's are about
// one thing.
const linkedAt = 0.5

// link marks for each point the mistakes about the same thing: the nearest, and
// each that is near enough.
func (r *Reading) link() {
	for _, p := range r.points {
		marks := make([]bool, len(r.mistakes))
		closest, at := -1.0, -1
		for m, g := range r.mistakes {
			near := -1.0
			for _, v := range p.vectors {
				near = max(near, g.closeness(v).nearest)
			}
			marks[m] = near >= linkedAt
			if near > closest {
				closest, at = near, m
			}
		}
		if at >= 0 {
			marks[at] = true
		}
		r.linked = append(r.linked, marks)
	}
}
