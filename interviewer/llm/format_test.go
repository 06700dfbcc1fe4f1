package llm_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"viva/interviewer/llm"
	"viva/interviewer/llm/llmtest"
	"viva/prompts"
)

const schema = `{"type":"object","properties":{"verdict":{"type":"string"}}}`

// shaped is a prompt whose reply must fit the schema.
func shaped() prompts.Prompt {
	p := say("grade this")
	p.Schema = json.RawMessage(schema)
	return p
}

// accepting answers requests of these formats only, and refuses the rest with
// the status and message.
func accepting(formats string, status int, message string) llmtest.Reply {
	return llmtest.Func(func(r llmtest.Request) llmtest.Reply {
		if r.Format == "" || slices.Contains(strings.Split(formats, " "), r.Format) {
			return llmtest.Text(`{"verdict":"met"}`)
		}
		return llmtest.Fault(status, "invalid_request_error", message)
	})
}

// formats is what was asked for, in order.
func formats(srv *llmtest.Server) (out []string) {
	for _, r := range srv.Requests() {
		out = append(out, r.Format)
	}
	return out
}

func TestTheFormatGoesDownTheLadderOnce(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reply llmtest.Reply
		want  []string // formats of two calls
	}{
		"all accepted": {accepting("json_schema", 0, ""), []string{"json_schema", "json_schema"}},
		"objects only": {
			accepting("json_object", 400, "response_format type json_schema is unavailable"),
			[]string{"json_schema", "json_object+schema", "json_object", "json_object"},
		},
		"llama.cpp's Python server": {
			accepting("json_object json_object+schema", 500, "Input should be 'text' or 'json_object', loc: response_format"),
			[]string{"json_schema", "json_object+schema", "json_object+schema"},
		},
		"none": {
			accepting("none", 422, "Failed to parse grammar"),
			[]string{"json_schema", "json_object+schema", "json_object", "", ""},
		},
		"an old llama.cpp": {
			accepting("none", 500, "JSON schema conversion failed"),
			[]string{"json_schema", "json_object+schema", "json_object", "", ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := llmtest.New(t, tt.reply)
			client := connect(t, llm.Options{BaseURL: srv.URL})
			for range 2 {
				if got, err := client.Complete(t.Context(), shaped()); err != nil || got.Text == "" {
					t.Errorf("Complete = %q, %v, want a reply", got.Text, err)
				}
			}
			if diff := cmp.Diff(tt.want, formats(srv)); diff != "" {
				t.Errorf("formats (-want +got):\n%s", diff)
			}
			for _, r := range srv.Requests() {
				if told := strings.Contains(r.Text(), schema); told != (r.Format != "json_schema") {
					t.Errorf("format %q: schema in the text = %v:\n%s", r.Format, told, r.Text())
				}
			}
		})
	}
}

func TestTheSchemaIsSentAsItIs(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Text("{}"))
	p := shaped()
	if _, err := connect(t, llm.Options{BaseURL: srv.URL}).Complete(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	want := `"response_format":{"type":"json_schema","json_schema":{"name":"test","schema":` + schema + `,"strict":true}}`
	if raw := string(srv.Requests()[0].Raw); !strings.Contains(raw, want) {
		t.Errorf("request = %s\nwant in it %s", raw, want)
	}
	if diff := cmp.Diff(shaped(), p); diff != "" {
		t.Errorf("the prompt was changed (-want +got):\n%s", diff)
	}
}

func TestOtherFaultsKeepTheFormat(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Fault(400, "", "messages must alternate"), llmtest.Text("{}"))
	client := connect(t, llm.Options{BaseURL: srv.URL})
	if _, err := client.Complete(t.Context(), shaped()); !errors.Is(err, llm.ErrRejected) {
		t.Errorf("error = %v, want ErrRejected", err)
	}
	if _, err := client.Complete(t.Context(), shaped()); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"json_schema", "json_schema"}, formats(srv)); diff != "" {
		t.Errorf("formats (-want +got):\n%s", diff)
	}
}

func TestAFormatRefusedWithoutOneIsAnError(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Fault(400, "", "grammar is broken"))
	client := connect(t, llm.Options{BaseURL: srv.URL})
	if _, err := client.Complete(t.Context(), say("no schema")); !errors.Is(err, llm.ErrRejected) {
		t.Errorf("error = %v, want ErrRejected", err)
	}
	if _, err := client.Complete(t.Context(), shaped()); !errors.Is(err, llm.ErrRejected) {
		t.Errorf("error = %v, want ErrRejected", err)
	}
	if got := len(srv.Requests()); got != 5 {
		t.Errorf("%d requests, want 1 without a schema and 4 with one", got)
	}
}

func TestWhatTheModelDoesNotTakeIsLeftOut(t *testing.T) {
	t.Parallel()
	fussy := llmtest.Func(func(r llmtest.Request) llmtest.Reply {
		for _, word := range []string{"max_tokens", "temperature", "seed"} {
			if strings.Contains(string(r.Raw), `"`+word+`"`) {
				return llmtest.Fault(400, "unsupported_parameter", "Unsupported parameter: '"+word+"'")
			}
		}
		return llmtest.Text("hello")
	})
	for model, want := range map[string]int{
		"test-model": 5, // three refusals, then two calls
		"o3-mini":    3, // go-openai itself forbids two of the three
	} {
		srv := llmtest.New(t, fussy)
		client := connect(t, llm.Options{BaseURL: srv.URL, Model: model})
		for range 2 {
			if _, err := client.Complete(t.Context(), say("hello")); err != nil {
				t.Errorf("%s: %v", model, err)
			}
		}
		requests := srv.Requests()
		if len(requests) != want {
			t.Errorf("%s: %d requests, want %d", model, len(requests), want)
		}
		if last := string(requests[len(requests)-1].Raw); !strings.Contains(last, `"max_completion_tokens":50`) {
			t.Errorf("%s: last request = %s, want the newer limit", model, last)
		}
	}
}

func TestTheLadderIsSafeForManyCallers(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, accepting("none", 400, "no response_format here"))
	client := connect(t, llm.Options{BaseURL: srv.URL})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := client.Complete(t.Context(), shaped()); err != nil {
				t.Error(err)
			}
			if _, err := collect(client.Stream(t.Context(), shaped())); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
