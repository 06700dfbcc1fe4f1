package lexical

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func stems(text string) []string {
	var s []string
	for _, t := range Terms(text) {
		s = append(s, t.Stem)
	}
	return s
}

func TestTermsAreStemsAndWhatNamesStandFor(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"":                               nil,
		"?!… —":                          nil,
		"The queues are not working":     {"queue", "work"},
		"ASG flapping":                   {"asg", "flap", "auto", "scale", "group"},
		"Azure Key Vault":                {"azur", "key", "vault", "secret", "manag", "kms"},
		"set DeletionPolicy":             {"set", "deletionpolici", "delet", "polici"},
		"OOMKilled or 403?":              {"oomkil", "403"},
		"the function's timeout, don't.": {"function", "timeout"},
		"очередь":                        {"очередь"},
	} {
		if diff := cmp.Diff(want, stems(text)); diff != "" {
			t.Errorf("Terms(%q) (-want +got):\n%s", text, diff)
		}
	}
}

func pets() *Index {
	x := NewIndex()
	x.Add(Document{Wordings: []string{"feeding the cat", "the cat is hungry"}, Rest: []string{"A cat eats fish twice a day."}})
	x.Add(Document{Wordings: []string{"walking the dog"}, Rest: []string{"A dog walks twice a day; see cat."}})
	x.Add(Document{})
	return x
}

func TestMatchPutsTheDocumentThatSaysItFirst(t *testing.T) {
	t.Parallel()
	m := pets().Match("my cats are hungry, feeding!")
	for f, scores := range m.Scores {
		if scores[0] <= scores[1] || scores[2] != 0 {
			t.Errorf("field %d: scores %v, want the first one highest and the last one 0", f, scores)
		}
	}
	if m.Scores[Wordings][1] != 0 || m.Scores[Whole][1] == 0 {
		t.Errorf("scores %v: the second document says cat, but not in a wording", m.Scores)
	}
}

func TestAQueryWithoutTermsMatchesNothing(t *testing.T) {
	t.Parallel()
	x := pets()
	for _, empty := range []string{"", "of the", "…", "zebra"} {
		for f, scores := range x.Match(empty).Scores {
			if scores[0] != 0 || scores[1] != 0 || scores[2] != 0 {
				t.Errorf("%q, field %d: scores %v, want none", empty, f, scores)
			}
		}
	}
}

func TestWordsAreMendedByWhatTheDocumentsSay(t *testing.T) {
	t.Parallel()
	x := NewIndex()
	often := strings.Repeat("lambda function definition queue bucket message ", farMore)
	x.Add(Document{Wordings: []string{often, "lamda qeue"}}) // slips of the bank
	s := x.Speller(func(word string) bool { return slices.Contains([]string{"buckle", "massage", "spreadsheet"}, word) })
	for text, want := range map[string]string{
		"lamda fucntion":        "lambda function",
		"ambda":                 "lambda",
		"almbda":                "lambda",
		"defintion, buckte":     "definition, bucket",
		"massage in a buckle":   "massage in a buckle", // known
		"spreadsheets":          "spreadsheets",        // known but for its ending
		"kucket":                "kucket",              // no slip begins so
		"asg":                   "asg",
		"xylophon":              "xylophon",
		"b0cket":                "b0cket",
		strings.Repeat("a", 99): strings.Repeat("a", 99),
	} {
		got, changed := s.Mend(text)
		if got != want || changed != (got != text) {
			t.Errorf("Mend(%q) = %q, %v, want %q", text, got, changed, want)
		}
	}
}

func TestAnExcerptIsWhereTheQuerysWordsAre(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("Nothing of interest is said here, at some length. ", 6) + "The ASG waits\nfor its cooldown before it scales again. " + strings.Repeat("And more. ", 20)
	for _, tt := range []struct{ text, query, want string }{
		{"", "cooldown", ""},
		{"Cooldowns pause scaling.", "why does it pause after scaling", "Cooldowns [pause] [scaling]."},
		{"A short text.", "quite another", "A short text."},
		{long, "asg cooldown", "… The [ASG] waits for its [cooldown] before it [scales] again. And more. And more. And …"},
		{strings.Repeat("x", 200), "y", strings.Repeat("x", 80) + " …"},
		{strings.Repeat("あ", 100), "い", strings.Repeat("あ", 26) + " …"},
		{strings.Repeat("We run node.js here. ", 6), "js", "… [js] here. We run node.[js] here. We run node.[js] here. We run node.[js] here. We run …"},
	} {
		text, marks := Excerpt(tt.text, tt.query, 80)
		got, at := "", 0
		for _, m := range marks {
			got += text[at:m.From] + "[" + text[m.From:m.To] + "]"
			at = m.To
		}
		if got += text[at:]; got != tt.want {
			t.Errorf("Excerpt(%.30q, %q) = %q, want %q", tt.text, tt.query, got, tt.want)
		}
	}
}

func TestDistanceCountsFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"cache", "cache", 0}, {"cahce", "cache", 1}, {"cach", "cache", 1}, {"caache", "cache", 1}, {"cacke", "cache", 1},
		{"chace", "cahec", 2}, {"cache", "bucket", 3}, {"", "ab", 2}, {"a", "abcd", 3},
	} {
		if got := distance(tt.a, tt.b, 2); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if got := distance(tt.b, tt.a, 2); got != tt.want {
			t.Errorf("distance(%q, %q) = %d, want %d", tt.b, tt.a, got, tt.want)
		}
	}
}

func TestTheFileFormKeepsTheIndex(t *testing.T) {
	t.Parallel()
	x := pets()
	file := x.Encode("pets@1")
	back, err := Decode(string(file), "pets@1")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(x.Match("hungry cat").Scores, back.Match("hungry cat").Scores); diff != "" {
		t.Errorf("scores (-before +after):\n%s", diff)
	}
	if string(back.Encode("pets@1")) != string(file) {
		t.Error("encoding what was decoded gives another file")
	}
	back.Add(Document{Wordings: []string{"a hungry zebra"}})
	if m := back.Match("zebra"); m.Scores[Wordings][3] == 0 || back.Len() != 4 {
		t.Error("a document added later is not found")
	}
	if _, err := Decode(string(file), "pets@2"); err == nil {
		t.Error("a file of other documents was taken")
	}
	for cut := range len(file) {
		if _, err := Decode(string(file[:cut]), "pets@1"); err == nil {
			t.Fatalf("a file cut at byte %d of %d was taken", cut, len(file))
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(string(pets().Encode("v")))
	f.Add(fileFormat + "v\n\xff\xff\xff\xff\x7f")
	f.Fuzz(func(t *testing.T, file string) {
		if x, err := Decode(file, "v"); err == nil {
			x.Match("a hungry cat")
			x.Speller(func(string) bool { return false }).Mend("hungri")
		}
	})
}

func FuzzTermsTakesAnyText(f *testing.F) {
	f.Add("It's ASG's getHTTPResponse, Ünïcode\xff")
	x := pets()
	s := x.Speller(func(string) bool { return false })
	f.Fuzz(func(_ *testing.T, text string) {
		mended, _ := s.Mend(text)
		x.Match(mended)
		Excerpt(text, mended, 20)
	})
}

func BenchmarkMatch(b *testing.B) {
	x := pets()
	for b.Loop() {
		x.Match("my cats are hungry, what does the dog say")
	}
}
