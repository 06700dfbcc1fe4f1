package llm_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"viva/interviewer/llm"
	"viva/interviewer/llm/llmtest"
	"viva/prompts"
)

// naps records pauses in place of sleeping.
type naps struct {
	mu   sync.Mutex
	took []time.Duration
}

func (n *naps) sleep(ctx context.Context, d time.Duration) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.took = append(n.took, d)
	return ctx.Err()
}

// connect makes a client of the endpoint that never really sleeps.
func connect(t *testing.T, o llm.Options) *llm.Client {
	t.Helper()
	if o.Model == "" {
		o.Model = "test-model"
	}
	if o.Sleep == nil {
		o.Sleep = new(naps).sleep
	}
	client, err := llm.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// say is a prompt of one message.
func say(text string) prompts.Prompt {
	return prompts.Prompt{
		Name: "test", MaxTokens: 50,
		Messages: []prompts.Message{{Role: prompts.System, Text: "Be brief."}, {Role: prompts.User, Text: text}},
	}
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]llm.Options{
		"no URL":                 {},
		"no scheme":              {BaseURL: "localhost:8080/v1"},
		"another scheme":         {BaseURL: "ftp://localhost/v1"},
		"no host":                {BaseURL: "http:///v1"},
		"a password":             {BaseURL: "http://me:hunter2@localhost/v1"},
		"a broken URL":           {BaseURL: "http://me:hunter2@local host/v1"},
		"a query":                {BaseURL: "http://localhost/v1?key=hunter2"},
		"a line break after key": {BaseURL: "http://localhost/v1", Key: "hunter2\n"},
	} {
		_, err := llm.New(o)
		if err == nil {
			t.Errorf("%s: New(%+v) = nil error, want one", name, o)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: New gives the secret away: %v", name, err)
		}
	}
}

func TestCompleteSendsAColdSeededRequest(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Reply{Text: "a heap", Prompt: 7})
	client := connect(t, llm.Options{BaseURL: srv.URL + "/", Key: "sk-test"})
	got, err := client.Complete(t.Context(), say("what is it?"))
	if err != nil {
		t.Fatal(err)
	}
	want := prompts.Reply{Text: "a heap", Model: "test-model", PromptTokens: 7, CompletionTokens: 2}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reply (-want +got):\n%s", diff)
	}
	request := srv.Requests()[0]
	var body struct {
		Temperature float64 `json:"temperature"`
		Seed        *int    `json:"seed"`
		MaxTokens   int     `json:"max_tokens"`
	}
	if err := json.Unmarshal(request.Raw, &body); err != nil {
		t.Fatal(err)
	}
	if body.Temperature <= 0 || body.Temperature > 1e-5 || body.Seed == nil || body.MaxTokens != 50 {
		t.Errorf("request = %s, want temperature just above 0, a seed, max_tokens 50", request.Raw)
	}
	if got := request.Header.Get("Authorization"); got != "Bearer sk-test" {
		t.Errorf("Authorization = %q, want the key", got)
	}
	messages := []llmtest.Message{{Role: "system", Text: "Be brief."}, {Role: "user", Text: "what is it?"}}
	if diff := cmp.Diff(messages, request.Messages); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
	if host := client.Host(); "http://"+host+"/v1" != srv.URL {
		t.Errorf("Host() = %q, want that of %s", host, srv.URL)
	}
}

func TestModelsAreSorted(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t)
	srv.On("/models", llmtest.Reply{Body: `{"data":[{"id":"b"},{"id":"a"}]}`})
	got, err := connect(t, llm.Options{BaseURL: srv.URL}).Models(t.Context())
	if diff := cmp.Diff([]string{"a", "b"}, got); err != nil || diff != "" {
		t.Errorf("Models() error = %v, (-want +got):\n%s", err, diff)
	}
}

func TestTheKeyNeverPrints(t *testing.T) {
	t.Parallel()
	const key = "sk-very-secret"
	echo := llmtest.Func(func(r llmtest.Request) llmtest.Reply {
		return llmtest.Fault(401, "invalid_api_key", "Incorrect API key provided: "+r.Header.Get("Authorization"))
	})
	srv := llmtest.New(t, echo)
	options := llm.Options{BaseURL: srv.URL, Model: "m", Key: key}
	client := connect(t, options)
	_, err := client.Complete(t.Context(), say("hello"))
	if !errors.Is(err, llm.ErrCredentials) {
		t.Fatalf("error = %v, want ErrCredentials", err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, v := range []any{llm.Secret(key), options, client, err, []llm.Secret{key}} {
			text := fmt.Sprintf(verb, v)
			if strings.Contains(text, key) || strings.Contains(text, fmt.Sprintf("%x", key)) {
				t.Errorf("%s of %T shows the key: %s", verb, v, text)
			}
		}
	}
	if text, err := json.Marshal(struct{ Key llm.Secret }{key}); err != nil || string(text) != `{"Key":"[redacted]"}` {
		t.Errorf("JSON = %s, %v, want the placeholder", text, err)
	}
}

func TestARedirectElsewhereIsRefused(t *testing.T) {
	t.Parallel()
	thief := llmtest.New(t, llmtest.Text("thank you"))
	for _, status := range []int{301, 302, 307, 308} {
		header := http.Header{"Location": {thief.URL + "/chat/completions"}}
		srv := llmtest.New(t, llmtest.Reply{Status: status, Header: header, Body: "moved"})
		client := connect(t, llm.Options{BaseURL: srv.URL, Key: "sk-test"})
		_, err := client.Complete(t.Context(), say("my answer"))
		if !errors.Is(err, llm.ErrNotProtocol) || !strings.Contains(err.Error(), strings.TrimSuffix(thief.URL, "/v1")) {
			t.Errorf("%d: error = %v, want ErrNotProtocol that names the other host", status, err)
		}
	}
	if got := thief.Requests(); len(got) != 0 {
		t.Errorf("the other host got %d requests, want none: %+v", len(got), got)
	}
}

func TestARedirectOnTheSameHostIsFollowed(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Text("here"))
	header := http.Header{"Location": {"/v1/chat/completions"}}
	srv.On("/old/chat/completions", llmtest.Reply{Status: 307, Header: header, Body: "moved"})
	client := connect(t, llm.Options{BaseURL: srv.URL + "/old", Key: "sk-test"})
	if got, err := client.Complete(t.Context(), say("hello")); err != nil || got.Text != "here" {
		t.Errorf("Complete = %q, %v, want here", got.Text, err)
	}
}

func TestNoMoreCallsThanAllowedRunAtOnce(t *testing.T) {
	t.Parallel()
	const calls, allowed = 8, 3
	entered, gate := make(chan struct{}, calls), make(chan struct{})
	srv := llmtest.New(t, llmtest.Func(func(llmtest.Request) llmtest.Reply {
		entered <- struct{}{}
		<-gate
		return llmtest.Text("ok")
	}))
	client := connect(t, llm.Options{BaseURL: srv.URL, Parallel: allowed})
	var wg sync.WaitGroup
	for range calls {
		wg.Go(func() {
			if _, err := client.Complete(t.Context(), say("hello")); err != nil {
				t.Error(err)
			}
		})
	}
	for range allowed {
		<-entered
	}
	time.Sleep(20 * time.Millisecond) // for one too many to slip in
	if extra := len(entered); extra != 0 {
		t.Errorf("%d calls at once, want %d", allowed+extra, allowed)
	}
	close(gate)
	wg.Wait()
	if got := len(srv.Requests()); got != calls {
		t.Errorf("%d requests in all, want %d", got, calls)
	}
}
