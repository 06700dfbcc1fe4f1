package lexical

import (
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

// otherNames is the table of names, by their words; of each first word it holds how
// many words the longest name has that begins with it.
var otherNames = sync.OnceValue(func() nameTable {
	t := nameTable{meant: map[string][]string{}, longest: map[string]int{}}
	for line := range strings.Lines(names) {
		if name, meant, ok := strings.Cut(line, "="); ok {
			words := Words(name)
			t.meant[strings.Join(words, " ")] = Words(meant)
			t.longest[words[0]] = max(t.longest[words[0]], len(words))
		}
	}
	return t
})

type nameTable struct {
	meant   map[string][]string
	longest map[string]int
}

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

// Terms returns the terms of text in order: each word that is no stop word, the
// parts of those in camel case, and then what the names among them stand for.
func Terms(text string) []Term {
	return terms(text, Words(text), func(word string) string { return english.Stem(word, false) })
}

func terms(text string, words []string, stem func(word string) string) []Term {
	all := make([]Term, 0, len(words))
	add := func(words []string, spoken bool) {
		for _, w := range words {
			if !stop[w] {
				all = append(all, Term{stem(w), spoken})
			}
		}
	}
	add(words, true)
	add(humps(text), true)
	for _, meant := range meanings(words) {
		add(meant, false)
	}
	return all
}

// meanings returns what the names among words stand for, the longest name first
// where several begin alike.
func meanings(words []string) [][]string {
	var all [][]string
	table := otherNames()
	for i := 0; i < len(words); i++ {
		for n := min(table.longest[words[i]], len(words)-i); n > 0; n-- {
			if meant, ok := table.meant[strings.Join(words[i:i+n], " ")]; ok {
				all = append(all, meant)
				i += n - 1
				break
			}
		}
	}
	return all
}

// humps returns the parts of the words in camel case, in lower case.
func humps(text string) []string {
	var parts []string
	each(text, func(from, to int) {
		start, last := from, rune(0)
		for i, r := range text[from:to] {
			if unicode.IsUpper(r) && unicode.IsLower(last) {
				parts = append(parts, strings.ToLower(text[start:from+i]))
				start = from + i
			}
			last = r
		}
		if start > from {
			parts = append(parts, strings.ToLower(text[start:to]))
		}
	})
	return parts
}

// stop holds words that say nothing about a subject.
var stop = set(`a about after all also am amazon an and any anybody anyone anything are as at aws be because been before being but by
can cannot could did do does doing don done each either else ever every everyone everything few for from get gets getting
go goes going gone got had has have having he her here him his how i if in into is it its itself just know let lets like
ll make makes many may me might more most much must my need needs no nobody nor not now of off ok on one only or other our
out over own please put re really same see seems shall she should so some somebody someone something still such sure t than that
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
