package index

import (
	"strings"

	"viva/content"
	"viva/index/lexical"
)

// vocabulary is what the questions of a library, and the subjects outside it, say.
type vocabulary struct {
	*lexical.Index
	docs    []int            // the number in the index of each owner
	names   [][]lexical.Term // what the id of each question says
	speller *lexical.Speller
}

// newVocabulary indexes the words of the questions. Those of the built-in bank, and
// of the subjects outside it, are counted already where it comes first.
func newVocabulary(lib content.Library, subjects []content.Subject, counted string, known func(word string) bool) *vocabulary {
	v := &vocabulary{Index: lexical.NewIndex()}
	questions, ready := lib.Questions(), 0 // of which so many are counted
	if len(lib) > 0 && lib[0].Name == content.BuiltinName {
		w, err := lexical.Decode(counted, lib[0].Version)
		if err == nil && w.Len() == len(lib[0].Questions)+len(content.Outside()) {
			v.Index, ready = w, len(lib[0].Questions)
		}
	}
	for i, q := range questions {
		v.names = append(v.names, lexical.Terms(strings.ReplaceAll(q.ID, "-", " ")))
		if i < ready {
			v.docs = append(v.docs, i)
			continue
		}
		v.docs = append(v.docs, v.Len())
		v.Add(document(q))
	}
	for i, s := range subjects {
		doc := ready + i
		if ready == 0 {
			doc = v.Len()
			v.Add(subject(s))
		}
		v.docs = append(v.docs, doc)
	}
	v.speller = v.Speller(known)
	return v
}

// BuiltinWords counts the words of the built-in bank and of the subjects outside
// it, for ./gen.
func BuiltinWords(bank *content.Bank, outside []content.Subject) []byte {
	words := lexical.NewIndex()
	for _, q := range bank.Questions {
		words.Add(document(q))
	}
	for _, s := range outside {
		words.Add(subject(s))
	}
	return words.Encode(bank.Version)
}

// document is what a question says: the ways in which it is asked, and what it says
// beside them.
func document(q content.Question) lexical.Document {
	var d lexical.Document
	for _, p := range q.Passages() {
		switch p.Kind {
		case content.PassageQuestion, content.PassageAskedAs, content.PassageSearched:
			d.Wordings = append(d.Wordings, p.Text)
		case content.PassageMistake: // names what is not so
		default:
			d.Rest = append(d.Rest, p.Text)
		}
	}
	return d
}

// subject is what a subject outside the bank says.
func subject(s content.Subject) lexical.Document {
	return lexical.Document{Wordings: s.Wordings}
}
