package content

import "slices"

// What counts as near, in cosines of the built-in encoder. Wordings of one
// subject share a good deal, and a mistake is often a truth with two words
// changed, so a wording is only led astray by a clear margin.
const (
	alike    = 0.86 // from here on two points say the same
	near     = 0.55 // a way of asking as near as this to a question is about it
	astrayBy = 0.1  // and astray when nearer to another by this much
	nearTrue = 0.6  // an error as near as this to a true point is about it
	falseBy  = 0.1  // and reads like the truth when nearer to it by this much
)

// comparison gives the cosines of a text with each of some texts.
type comparison func(text string) ([]float32, error)

// rows compares each of texts; after the first error, which l keeps, there are none.
func (l *linter) rows(with comparison, texts []string) [][]float32 {
	var rows [][]float32
	for _, t := range texts {
		if l.err != nil {
			return nil
		}
		var row []float32
		row, l.err = with(t)
		rows = append(rows, row)
	}
	return rows
}

// against prepares the comparison with texts.
func (l *linter) against(texts []string) comparison {
	if l.err != nil || len(texts) == 0 {
		return func(string) ([]float32, error) { return nil, l.err }
	}
	var compare comparison
	compare, l.err = l.similar(texts)
	return compare
}

func (l *linter) pointsAlike(q *Question) {
	texts := make([]string, len(q.Points))
	for i, p := range q.Points {
		texts[i] = p.Text
	}
	for i, row := range l.rows(l.against(texts), texts) {
		for j := i + 1; j < len(row); j++ {
			if row[j] >= alike {
				l.find(RuleAlike, q.Points[j].Pos, q.Points[j].ID, "points %q and %q of %q say the same (cosine %.2f): merge them or set them apart",
					q.Points[i].ID, q.Points[j].ID, q.ID, row[j])
			}
		}
	}
}

// owner says whose a passage is, by the question's place, and whether it states
// one of its facts.
type owner struct {
	question int
	fact     bool
}

// askedAstray finds ways of asking that would lead to another question if they
// did not stand in their own. A neighbour named in related may be as near as it
// likes.
func (l *linter) askedAstray(at int) {
	q := &l.bank.Questions[at]
	for i, row := range l.rows(l.bankwide, q.AskedAs) {
		asked := q.AskedAs[i]
		nearness := l.nearness(asked, row)
		rival := -1
		for o := range l.bank.Questions {
			other := &l.bank.Questions[o]
			if o != at && !slices.Contains(q.Related, other.ID) && (rival < 0 || nearness[o] > nearness[rival]) {
				rival = o
			}
		}
		if rival >= 0 && nearness[rival] >= near && nearness[rival] > nearness[at]+astrayBy {
			l.find(RuleAstray, q.Pos, asked, "%q of %q lies nearer to %q (%.2f against %.2f): reword it, or name each other in related",
				asked, q.ID, l.bank.Questions[rival].ID, nearness[rival], nearness[at])
		}
	}
}

// factShare is how much a point and its wordings count for what an entry is
// about, beside 1 for what is asked and answered.
const factShare = 0.9

// nearness is how near a text is to each question of the bank, from its cosines
// with every passage: the mean of the best passage and of the next two, which is
// how a search counts. Where the text itself stands in the bank it does not
// count.
func (l *linter) nearness(text string, row []float32) []float32 {
	best := make([][3]float32, len(l.bank.Questions))
	for i, c := range row {
		o := l.owners[i]
		if l.passages[i] == text {
			continue
		}
		if o.fact {
			c *= factShare
		}
		of := &best[o.question]
		for j := range of {
			if c > of[j] {
				c, of[j] = of[j], c
			}
		}
	}
	near := make([]float32, len(best))
	for i, b := range best {
		near[i] = (b[0] + (b[1]+b[2])/2) / 2
	}
	return near
}

// mistakesAstray finds wordings of a mistake that lie nearer to a true point
// than to their own claim and its other wordings: a true answer would trip over
// them.
func (l *linter) mistakesAstray(q *Question) {
	truths := make([]string, len(q.Points))
	for i, p := range q.Points {
		truths[i] = p.Text
	}
	for _, m := range q.Mistakes {
		errors := append([]string{m.Claim}, m.Say...)
		toErrors, toTruths := l.rows(l.against(errors), m.Say), l.rows(l.against(truths), m.Say)
		if l.err != nil {
			return
		}
		for i, wording := range m.Say {
			own := float32(-1)
			for j, e := range errors {
				if e != wording {
					own = max(own, toErrors[i][j])
				}
			}
			for j, c := range toTruths[i] {
				if c >= nearTrue && c > own+falseBy {
					l.find(RuleMistake, m.Pos, wording, "%q lies nearer to the true point %q than to its own claim (cosine %.2f against %.2f): say the error more plainly",
						wording, q.Points[j].ID, c, own)
					break
				}
			}
		}
	}
}
