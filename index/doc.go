// Package index finds questions by meaning.
//
// Every question stands in the index as several passages: the question, the
// ways it is asked, its answer, its points and how they are said. A query is
// compared with all of them, and the passages vote for their question:
//
//	query ─→ encoder ─→ nearest passages (chromem-go) ─→ one score a question ─→ Hits
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
