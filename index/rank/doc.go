// Package rank turns what speaks for each question into an order and a
// confidence.
//
//	signals of each question ─→ weighted sum ─→ softmax ─→ share of each question
//	signals of the query     ─→ weighted sum ─→ logistic ─→ that any of them answers it
//
// The product of both is the confidence. The weights are fitted to judged
// queries by maximum likelihood, which makes it one: of the hits with a
// confidence of 0.8, about 80 in a hundred are right.
//
// A model of this kind, a conditional logit (McFadden, Conditional logit analysis of
// qualitative choice behavior, 1974), is the listwise form of learning to rank.
package rank
