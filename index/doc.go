// Package index finds questions by meaning.
//
// Every question stands in the index as several passages: the question, the
// ways it is asked and searched for, its answer, its points and how they are said.
// A query is compared with all of them by meaning, and with all that a question says
// by its words:
//
//	       ┌─→ embed ─→ cosines of all passages ─┐
//	query ─┤   (answers: chromem-go)             ├─→ signals ─→ rank ─→ Hits
//	       └─→ lexical ─→ BM25 of all words ─────┘   a question
//
// The weights of the signals are fitted by ./gen to judged queries, so that a
// hit's score is a probability. Whether the bank answers a query at all is a choice
// between its best question and the subjects outside the bank ([content.Outside]):
// a query that comes nearer to one of these is refused.
//
// The vectors of the built-in bank are made by ./gen and embedded in the
// program; a user's bank is embedded when it is first opened and kept in a
// cache file. Both are the same [Vectors] file, which names the encoder and
// passage layout it was made with: one made with another is never searched.
//
// The package also hands out what an answer is graded against ([Index.Retrieve])
// and the vectors of texts it already knows ([Index.Embed]). It is the only one
// that imports chromem-go.
package index
