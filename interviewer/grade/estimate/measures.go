package estimate

// opposition is the closest that a clause which is no whole made of parts comes
// to a mistake about the point's subject.
func (r *Reading) opposition(point int) float64 {
	most := 0.0
	for i, n := range r.near {
		for m, c := range n.mistakes {
			if r.linked[point][m] && !r.Clauses[i].Split && c.nearest >= n.truth.nearest {
				most = max(most, c.nearest)
			}
		}
	}
	return most
}

// aboutAt is the closeness at which a clause is about what a mistake is about.
const aboutAt = 0.4

// oppositionLead is the largest lead, over the point, of a mistake about its
// subject, in clauses that are about either.
func (r *Reading) oppositionLead(point int) float64 {
	most := -1.0
	for i, n := range r.near {
		for m, c := range n.mistakes {
			if r.linked[point][m] && !r.Clauses[i].Split && c.nearest > aboutAt {
				most = max(most, c.nearest-n.points[point].nearest)
			}
		}
	}
	return most
}

// rival is the best blend of another point at the evidence.
func (c made) rival() float64 {
	most := -1.0
	for j, n := range c.near.points {
		if j != c.point {
			most = max(most, n.blend)
		}
	}
	return most
}

// overlapAnywhere is the largest overlap of any clause with a group.
func (r *Reading) overlapAnywhere(g group) float64 {
	most := 0.0
	for _, t := range r.texts {
		most = max(most, r.overlap(g, t))
	}
	return most
}

// overlapWith is the largest overlap of said with any of the groups; 0 for none.
func (r *Reading) overlapWith(groups []group, said text) float64 {
	most := 0.0
	for _, g := range groups {
		most = max(most, r.overlap(g, said))
	}
	return most
}

// around is the stems of the evidence's sentence and the one before.
func (c made) around() map[string]bool {
	set := map[string]bool{}
	here := c.Clauses[c.at].Sentence
	for i, k := range c.Clauses {
		if k.Sentence == here || k.Sentence == here-1 {
			union(set, c.texts[i].stems)
		}
	}
	return set
}
