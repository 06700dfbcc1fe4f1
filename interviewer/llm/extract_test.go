package llm_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"viva/interviewer/llm"
)

var extractions = []struct{ name, text, want string }{
	{"alone", `{"a":1}`, `{"a":1}`},
	{"alone with space", "\n {\"a\": [1, 2]}\n", `{"a": [1, 2]}`},
	{"an array", `[1, 2]`, `[1, 2]`},
	{"a fence", "```json\n{\"a\":1}\n```", `{"a":1}`},
	{"a fence inside a string", "```\n{\"a\":\"```x```\"}\n```", "{\"a\":\"```x```\"}"},
	{"prose around", "Sure! Here it is: {\"a\":1}. Anything else?", `{"a":1}`},
	{"brackets in the prose", "As asked [see above] {sorry}: {\"a\":1} [1]", `{"a":1}`},
	{"a quote in the prose", `It's 5" long {"a":1}`, `{"a":1}`},
	{"an opening bracket in the prose", `Use { for blocks. {"a":1}`, `{"a":1}`},
	{"a thought", "<think>\nmaybe {\"a\":0}?\n</think>\n\n{\"a\":1}", `{"a":1}`},
	{"two thoughts", "<think>x</think> <think>y {\"b\":2}</think>{\"a\":1}", `{"a":1}`},
	{"a thought without its opening", "maybe {\"a\":0, \"b\":0}?\n</think>\n{\"a\":1}", `{"a":1}`},
	{"a thought in a string", `{"a":"<think>no</think>"}`, `{"a":"<think>no</think>"}`},
	{"a thought without an end", `<think> {"a":1}`, ""},
	{"dangling commas", "{\"a\":[1,2,],\n}", "{\"a\":[1,2]\n}"},
	{"a comma in a string", `{"a":"x,]","b":"\",}",}`, `{"a":"x,]","b":"\",}"}`},
	{"nested as it is", `{"result":{"a":1}}`, `{"result":{"a":1}}`},
	{"JSON in a string as it is", `{"result":"{\"a\":1}"}`, `{"result":"{\"a\":1}"}`},
	{"cut", `{"a":1, "b":`, ""},
	{"brackets that do not match", `{"a":[1}`, ""},
	{"prose", "Great answer!", ""},
	{"nothing", "", ""},
	{"a number", "62", ""},
}

func TestExtractJSON(t *testing.T) {
	t.Parallel()
	for _, tt := range extractions {
		got, err := llm.ExtractJSON(tt.text)
		if string(got) != tt.want || errors.Is(err, llm.ErrNoJSON) != (tt.want == "") {
			t.Errorf("%s: ExtractJSON(%q) = %s, %v, want %s", tt.name, tt.text, got, err, tt.want)
		}
	}
}

func TestExtractJSONTakesLinearTime(t *testing.T) {
	t.Parallel()
	const size = 1 << 17
	for _, part := range []string{"[", "{", "[]x[", "{,", `["`, "}", "[,\n", "</think>", "<think></think>"} {
		start := time.Now()
		_, _ = llm.ExtractJSON(strings.Repeat(part, size/len(part)))
		if took := time.Since(start); took > 10*time.Second { // quadratic time would be minutes
			t.Errorf("128 KiB of %q took %v", part, took)
		}
	}
}

func FuzzExtractJSON(f *testing.F) {
	for _, tt := range extractions {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := llm.ExtractJSON(text)
		if (err == nil) != json.Valid(got) {
			t.Fatalf("ExtractJSON(%q) = %q, %v: valid JSON or an error, not both", text, got, err)
		}
		if err != nil {
			return
		}
		again, err := llm.ExtractJSON(string(got))
		if err != nil || string(again) != string(got) {
			t.Errorf("ExtractJSON(%q) = %q, %v, want it unchanged", got, again, err)
		}
		if text = strings.TrimSpace(text); text[0] == '{' && json.Valid([]byte(text)) && string(got) != text {
			t.Errorf("ExtractJSON(%q) = %q, want all of it", text, got)
		}
	})
}
