package embed

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The ids that every BERT vocabulary gives its special tokens.
const (
	unknownID = 100
	startID   = 101
	endID     = 102
)

// maxWord is the longest word, in code points, that is looked up at all; a longer one is [UNK].
const maxWord = 100

// special finds the tokens that stand for themselves wherever they occur in a text.
var special = regexp.MustCompile(`\[(?:PAD|UNK|CLS|SEP|MASK)\]`)

// tokenizer splits text as BERT's uncased models were trained to: into words, and each word greedily
// into the longest pieces the vocabulary has (WordPiece).
//
// It gives the ids that Hugging Face's tokenizers 0.23 gives, which sentence-transformers uses. Tried
// one by one, 624 of the 1.1 million code points fall differently: rare ones that Unicode added or
// put in another category after version 8. None of them is in the vocabulary.
type tokenizer struct {
	first   map[string]int32 // pieces that start a word, and the special tokens
	further map[string]int32 // pieces that go on with one, without their "##"
	longest int              // bytes in the longest piece
}

// newTokenizer takes the vocabulary as one piece a line, in the order of their ids.
func newTokenizer(vocabulary string) (*tokenizer, error) {
	t := &tokenizer{
		first:   make(map[string]int32, vocabularySize),
		further: make(map[string]int32, vocabularySize/4),
	}
	var id int32
	for piece := range strings.Lines(vocabulary) {
		piece = strings.TrimSuffix(piece, "\n")
		if rest, ok := strings.CutPrefix(piece, "##"); ok {
			t.further[rest] = id
		} else {
			t.first[piece] = id
		}
		t.longest = max(t.longest, len(piece))
		id++
	}
	if id != vocabularySize {
		return nil, fmt.Errorf("%d pieces, want %d", id, vocabularySize)
	}
	for piece, want := range map[string]int32{"[UNK]": unknownID, "[CLS]": startID, "[SEP]": endID} {
		if id, ok := t.first[piece]; !ok || id != want {
			return nil, fmt.Errorf("%s is not piece %d", piece, want)
		}
	}
	return t, nil
}

// encode gives the ids of text between [CLS] and [SEP], at most MaxTokens in all, and how many there
// would be without that limit.
func (t *tokenizer) encode(text string) (ids []int32, total int) {
	ids = []int32{startID}
	for text != "" {
		from, to := len(text), len(text)
		if at := special.FindStringIndex(text); at != nil {
			from, to = at[0], at[1]
		}
		for _, word := range words(text[:from]) {
			ids = t.appendPieces(ids, word)
		}
		if id, ok := t.first[text[from:to]]; ok {
			ids = append(ids, id)
		}
		text = text[to:]
	}
	ids = append(ids, endID)
	total = len(ids)
	if total > MaxTokens {
		ids = append(ids[:MaxTokens-1], endID)
	}
	return ids, total
}

// appendPieces appends the ids of word's pieces, or of [UNK] if the vocabulary cannot spell it.
func (t *tokenizer) appendPieces(ids []int32, word string) []int32 {
	if utf8.RuneCountInString(word) > maxWord {
		return append(ids, unknownID)
	}
	before := len(ids)
	pieces := t.first
	for word != "" {
		id, size := t.longestPrefix(pieces, word)
		if size == 0 {
			return append(ids[:before], unknownID)
		}
		ids = append(ids, id)
		word, pieces = word[size:], t.further
	}
	return ids
}

// longestPrefix finds the longest piece that word starts with; size is 0 if there is none.
func (t *tokenizer) longestPrefix(pieces map[string]int32, word string) (id int32, size int) {
	for size := min(len(word), t.longest); size > 0; size-- {
		if id, ok := pieces[word[:size]]; ok {
			return id, size
		}
	}
	return 0, 0
}

// words splits text at white space and around every punctuation mark and CJK ideograph, in lower case
// and without accents. Control characters and what is not UTF-8 leave no trace.
func words(text string) []string {
	var list []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			list = append(list, word.String())
			word.Reset()
		}
	}
	for _, r := range norm.NFD.String(strings.Map(clean, text)) {
		switch r = unicode.ToLower(r); {
		case unicode.Is(unicode.Mn, r): // an accent, now that NFD has taken it off its letter
		case unicode.IsSpace(r):
			flush()
		case isPunctuation(r) || isIdeograph(r):
			flush()
			list = append(list, string(r))
		default:
			word.WriteRune(r)
		}
	}
	flush()
	return list
}

// clean makes all white space a blank and drops (-1) what has no meaning as text. It comes before
// NFD, lest what it drops keep a letter and its accent apart.
func clean(r rune) rune {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return ' '
	case r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co):
		return -1
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// isPunctuation counts all ASCII signs as punctuation, also those that Unicode calls symbols, like $.
func isPunctuation(r rune) bool {
	if r < utf8.RuneSelf {
		return unicode.IsPunct(r) || unicode.IsSymbol(r)
	}
	return unicode.IsPunct(r)
}

// isIdeograph covers the blocks BERT was trained with. Hangul and kana are not among them.
func isIdeograph(r rune) bool {
	return unicode.Is(ideographs, r)
}

var ideographs = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x3400, Hi: 0x4dbf, Stride: 1},
		{Lo: 0x4e00, Hi: 0x9fff, Stride: 1},
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x20000, Hi: 0x2a6df, Stride: 1},
		{Lo: 0x2a700, Hi: 0x2b81f, Stride: 1},
		{Lo: 0x2b920, Hi: 0x2ceaf, Stride: 1},
		{Lo: 0x2f800, Hi: 0x2fa1f, Stride: 1},
	},
}
