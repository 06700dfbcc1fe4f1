package embed

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEncodeGivesTheIDsOfTheReference(t *testing.T) {
	entries := golden[struct {
		Text string
		IDs  []int32
	}](t, "tokens.json")
	for _, entry := range entries {
		want := entry.IDs
		if len(want) > MaxTokens {
			want = append(want[:MaxTokens-1:MaxTokens-1], endID)
		}
		ids, total := encoder(t).tokens.encode(entry.Text)
		if total != len(entry.IDs) {
			t.Errorf("encode(%.60q): %d tokens in all, want %d", entry.Text, total, len(entry.IDs))
		}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Errorf("encode(%.60q) (-want +got):\n%s", entry.Text, diff)
		}
	}
}

func TestWhatIsNotUTF8LeavesNoTrace(t *testing.T) {
	for text, want := range map[string]string{
		"\xff":                      "",
		"cold\xc3 start":            "cold start",
		"c\xe2\x82old":              "cold",
		"cafe\xff\u0301":            "café",
		"\xed\xa0\x80surrogate":     "surrogate",
		"[S\xffEP] is split [SEP]":  "[ sep ] is split [SEP]",
		"\xf8\x88\x80\x80\x80 long": "long",
	} {
		got, _ := encoder(t).tokens.encode(text)
		valid, _ := encoder(t).tokens.encode(want)
		if diff := cmp.Diff(valid, got); diff != "" {
			t.Errorf("encode(%q) is not encode(%q) (-want +got):\n%s", text, want, diff)
		}
	}
}

func TestNewTokenizerRefusesAnotherVocabulary(t *testing.T) {
	w, err := parse(minilm)
	if err != nil {
		t.Fatal(err)
	}
	for name, vocabulary := range map[string]string{
		"none":                         "",
		"one piece too many":           w.vocabulary + "more\n",
		"special tokens under new ids": "[UNK]\n[CLS]\n[SEP]\n" + strings.Repeat("word\n", vocabularySize-3),
	} {
		if _, err := newTokenizer(vocabulary); err == nil {
			t.Errorf("newTokenizer on a vocabulary with %s: no error", name)
		}
	}
}

func FuzzEncode(f *testing.F) {
	f.Add("How do I avoid Lambda cold starts?")
	f.Add("[CLS] caf\u0301e \xff 漢字 👩‍💻 \x00 [SEP")
	f.Add(strings.Repeat("a", 101) + strings.Repeat(" é", 300))
	f.Fuzz(func(t *testing.T, text string) {
		ids, total := encoder(t).tokens.encode(text)
		if len(ids) != min(total, MaxTokens) {
			t.Fatalf("encode gives %d ids of %d", len(ids), total)
		}
		if ids[0] != startID || ids[len(ids)-1] != endID {
			t.Fatalf("encode gives %v, want [CLS] first and [SEP] last", ids)
		}
		for _, id := range ids {
			if id < 0 || id >= vocabularySize {
				t.Fatalf("encode gives %d, which is no id", id)
			}
		}
	})
}
