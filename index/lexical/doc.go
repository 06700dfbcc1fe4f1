// Package lexical compares texts by their words, where package embed compares
// them by their meaning: rare words such as OOMKilled, 403 or gp3 say more than
// an encoder that has seldom seen them can tell.
//
//	text ─→ words ─→ terms (stems, abbreviations spelled out) ─→ BM25 over documents
//
// A [Speller] mends words that neither the documents nor English know.
package lexical
