package lexical

import (
	"bufio"
	_ "embed" // the table of other names
	"strings"
	"sync"
	"unicode"

	"github.com/kljensen/snowball/english"
)

// names holds "name = words" lines: what abbreviations stand for, and what does
// the work of another vendor's product on AWS.
//
//go:embed names.txt
var names string

// otherNames is the table of names, by name; the longest has maxName words.
var otherNames = sync.OnceValue(func() map[string][]string {
	table := map[string][]string{}
	lines := bufio.NewScanner(strings.NewReader(names))
	for lines.Scan() {
		if name, words, ok := strings.Cut(lines.Text(), "="); ok {
			table[strings.Join(Words(name), " ")] = Words(words)
		}
	}
	return table
})

const maxName = 4

// Words returns the words of text in lower case. A word is a run of letters and
// digits; one in camel case counts whole, as it is written.
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(text, "'", "")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// Term is a stem that a text holds, or that it stands for.
type Term struct {
	Stem   string
	Spoken bool // the text itself says it, rather than a name in it stands for it
}

// Terms returns the terms of text in order, each word that is no stop word and
// then what the names among them stand for.
func Terms(text string) []Term {
	words := Words(text)
	terms := make([]Term, 0, len(words))
	add := func(word string, spoken bool) {
		if !stop[word] {
			terms = append(terms, Term{english.Stem(word, false), spoken})
		}
	}
	for _, w := range append(words, humps(text)...) {
		add(w, true)
	}
	for _, w := range Names(text) {
		add(w, false)
	}
	return terms
}

// Names returns the words that the names in text stand for.
func Names(text string) []string {
	words := Words(text)
	var stand []string
	for i := 0; i < len(words); i++ {
		for n := min(maxName, len(words)-i); n > 0; n-- {
			if meant, ok := otherNames()[strings.Join(words[i:i+n], " ")]; ok {
				stand = append(stand, meant...)
				i += n - 1
				break
			}
		}
	}
	return stand
}

// humps returns the parts of the words in camel case, in lower case.
func humps(text string) []string {
	var parts []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		from := 0
		last := rune(0)
		for i, r := range word {
			if unicode.IsUpper(r) && unicode.IsLower(last) {
				parts = append(parts, strings.ToLower(word[from:i]))
				from = i
			}
			last = r
		}
		if from > 0 {
			parts = append(parts, strings.ToLower(word[from:]))
		}
	}
	return parts
}

// stop holds words that say nothing about a subject.
var stop = set(`a about all also am an and any anybody anyone anything are as at be because been before being but by
can cannot could did do does doing don done each either else ever every everyone everything few for from get gets getting
go goes going gone got had has have having he her here him his how i if in into is it its itself just know let lets like
ll make makes many may me might more most much must my need needs no nobody nor not now of off ok on one only or other our
out over own put re really same see seems shall she should so some somebody someone something still such sure t than that
the their them then there theres these they thing things this those though to too try trying up us use used using ve very
want wants was way we well were what when where whether which while who whole whom why will with without won would yes yet
you your arent cant couldnt didnt doesnt dont hadnt hasnt havent im isnt ive shouldnt thats wasnt
werent whats wont wouldnt youre`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
