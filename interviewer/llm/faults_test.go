package llm_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"viva/interviewer/llm"
	"viva/interviewer/llm/llmtest"
	"viva/prompts"
)

func TestMisbehaviourHasAKind(t *testing.T) {
	t.Parallel()
	raw := func(status int, body string) llmtest.Reply { return llmtest.Reply{Status: status, Body: body} }
	for name, tt := range map[string]struct {
		reply llmtest.Reply
		want  llm.Kind
		tries int
		says  string // part of the sentence
	}{
		"the key is wrong":         {llmtest.Fault(401, "invalid_api_key", "wrong key"), llm.ErrCredentials, 1, "(401): wrong key"},
		"the key is forbidden":     {llmtest.HTML(403), llm.ErrCredentials, 1, "(403): Forbidden"},
		"the model is unknown":     {llmtest.Fault(404, "model_not_found", "The model `x` does not exist"), llm.ErrUnknownModel, 1, `no model "test-model"`},
		"Ollama lacks the model":   {raw(404, `{"error":{"message":"model \"x\" not found, try pulling it first"}}`), llm.ErrUnknownModel, 1, "try pulling"},
		"the path is unknown":      {raw(404, `{"detail":"Not Found"}`), llm.ErrNotProtocol, 1, "(404)"},
		"the path is a page":       {llmtest.HTML(404), llm.ErrNotProtocol, 1, "(404)"},
		"the quota is used up":     {llmtest.Fault(429, "insufficient_quota", "You exceeded your current quota"), llm.ErrQuota, 1, "quota"},
		"payment is due":           {raw(402, `{"error":"Insufficient Balance"}`), llm.ErrQuota, 1, "(402): Insufficient Balance"},
		"the rate is limited":      {llmtest.Fault(429, "rate_limit_exceeded", "slow down."), llm.ErrRateLimited, 3, "slow down"},
		"the model is loading":     {raw(503, `{"error":{"code":503,"message":"Loading model"}}`), llm.ErrOverloaded, 3, "Loading model"},
		"the gateway is bad":       {llmtest.HTML(502), llm.ErrOverloaded, 3, "Bad Gateway"},
		"the gateway is slow":      {raw(504, ""), llm.ErrOverloaded, 3, "(504)"},
		"the server has a fault":   {raw(500, `{"error":"oops"}`), llm.ErrOverloaded, 1, "oops"},
		"the prompt is too long":   {llmtest.Fault(400, "context_length_exceeded", "maximum context length is 4096"), llm.ErrContextTooLong, 1, "4096"},
		"llama.cpp is too small":   {raw(400, `{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}`), llm.ErrContextTooLong, 1, "exceeds"},
		"the filter objects":       {llmtest.Fault(400, "content_filter", "blocked"), llm.ErrRefused, 1, "blocked"},
		"the request is faulty":    {raw(422, `{"detail":[{"loc":["body","messages"],"msg":"bad"}]}`), llm.ErrRejected, 1, "bad"},
		"https is wanted":          {raw(400, "Client sent an HTTP request to an HTTPS server.\n"), llm.ErrRejected, 1, "(400)"},
		"a success is an error":    {raw(200, `{"error":{"message":"upstream broke","code":"x"}}`), llm.ErrOverloaded, 1, "upstream broke"},
		"a success is a 429":       {raw(200, `{"error":{"message":"too many","code":429}}`), llm.ErrRateLimited, 3, "(429)"},
		"a success is a page":      {llmtest.HTML(200), llm.ErrNotProtocol, 1, "web page"},
		"a success is empty":       {raw(200, " "), llm.ErrNotProtocol, 1, "empty body"},
		"a success is prose":       {raw(200, "hello"), llm.ErrNotProtocol, 1, "not JSON"},
		"a success is a list":      {raw(200, "[]"), llm.ErrNotProtocol, 1, "another form"},
		"the types are wrong":      {raw(200, `{"choices":"none"}`), llm.ErrNotProtocol, 1, "json"},
		"there are no choices":     {llmtest.Reply{Silent: true}, llm.ErrNotProtocol, 1, "without choices"},
		"the reply is empty":       {llmtest.Text(""), llm.ErrNotProtocol, 1, "empty reply"},
		"the length ran out":       {llmtest.Reply{Text: "a he", Finish: "length"}, llm.ErrCutOff, 1, "limit"},
		"the reply was filtered":   {llmtest.Reply{Text: "a he", Finish: "content_filter"}, llm.ErrRefused, 1, "filter"},
		"the body is half":         {llmtest.Reply{Text: "hello", Cut: true}, llm.ErrCutOff, 1, "in the middle"},
		"the body is promised":     {llmtest.Reply{Body: "{", Header: http.Header{"Content-Length": {"99"}}}, llm.ErrCutOff, 1, "midway"},
		"the body is endless":      {llmtest.Text(strings.Repeat("ha ", 1<<19)), llm.ErrCutOff, 1, "longer than"},
		"the connection is closed": {llmtest.Reply{Drop: true}, llm.ErrUnreachable, 3, "closed the connection"},
		"it never answers":         {llmtest.Reply{Stall: true}, llm.ErrStalled, 1, "within 500ms"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv := llmtest.New(t, tt.reply)
			limit := 20 * time.Second // ample: only the stall is to meet it
			if tt.reply.Stall {
				limit = 500 * time.Millisecond
			}
			client := connect(t, llm.Options{BaseURL: srv.URL, Total: limit})
			_, err := client.Complete(t.Context(), say("hello"))
			if !errors.Is(err, tt.want) {
				t.Fatalf("error = %v, want kind %q", err, tt.want)
			}
			if !strings.Contains(err.Error(), client.Host()) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error = %q, want the host and %q in it", err, tt.says)
			}
			if got := len(srv.Requests()); got != tt.tries {
				t.Errorf("%d requests, want %d", got, tt.tries)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	var n naps
	_, err := connect(t, llm.Options{BaseURL: gone.URL, Sleep: n.sleep}).Models(t.Context())
	if want := gone.URL + " does not answer: connection refused"; err == nil || err.Error() != want {
		t.Errorf("error = %v, want %q", err, want)
	}
	var e *llm.Error
	if !errors.As(err, &e) || e.Kind != llm.ErrUnreachable || e.Hint() == "" {
		t.Errorf("error = %#v, want ErrUnreachable with a hint", err)
	}
	if len(n.took) != 2 {
		t.Errorf("paused %v, want two pauses between three tries", n.took)
	}
}

func TestHTTPSToAPlainServer(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t)
	url := strings.Replace(srv.URL, "http:", "https:", 1)
	_, err := connect(t, llm.Options{BaseURL: url}).Models(t.Context())
	var e *llm.Error
	if !errors.As(err, &e) || e.Kind != llm.ErrUnreachable || !strings.Contains(e.Hint(), "http://") {
		t.Errorf("error = %v, want ErrUnreachable that hints at http://", err)
	}
}

func TestAForeignTextIsMadeHarmless(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Fault(400, "x", "bad\x1b[31m\nrequest\u202e "+strings.Repeat("long ", 99)))
	_, err := connect(t, llm.Options{BaseURL: srv.URL}).Complete(t.Context(), say("hello"))
	if err == nil || strings.ContainsAny(err.Error(), "\x1b\n\u202e") || len(err.Error()) > 300 {
		t.Errorf("error = %q, want one short line without control characters", err)
	}
}

func TestALongPromptCutSilentlyIsAnError(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		chars, tokens int
		cut           bool
	}{
		"few of many":           {10_000, 300, true},
		"a plausible number":    {10_000, 2_500, false},
		"nothing told":          {10_000, 0, false},
		"a short prompt":        {1_500, 10, false},
		"just enough to accept": {10_000, 600, false},
	} {
		srv := llmtest.New(t, llmtest.Reply{Text: "fine", Prompt: tt.tokens})
		_, err := connect(t, llm.Options{BaseURL: srv.URL}).Complete(t.Context(), say(strings.Repeat("x", tt.chars)))
		if got := errors.Is(err, llm.ErrContextTooLong); got != tt.cut {
			t.Errorf("%s: error = %v, want ErrContextTooLong %v", name, err, tt.cut)
		}
		var e *llm.Error
		if errors.As(err, &e) && !strings.Contains(e.Hint(), "context size") {
			t.Errorf("%s: hint = %q, want the context size named", name, e.Hint())
		}
	}
}

func TestLeavingIsTheCallersOwnError(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 1)
	srv := llmtest.New(t, llmtest.Func(func(llmtest.Request) llmtest.Reply {
		arrived <- struct{}{}
		return llmtest.Reply{Stall: true}
	}))
	client := connect(t, llm.Options{BaseURL: srv.URL})

	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	if _, err := client.Complete(ctx, say("hello")); !errors.Is(err, context.Canceled) || isOurs(err) {
		t.Errorf("after cancel: error = %v, want context.Canceled", err)
	}
	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := client.Complete(ctx, say("hello")); !errors.Is(err, context.DeadlineExceeded) || isOurs(err) {
		t.Errorf("after the caller's deadline: error = %v, want context.DeadlineExceeded", err)
	}
	cancel()
	if _, err := client.Models(ctx); err == nil || isOurs(err) {
		t.Errorf("with a context that ended: error = %v, want its own", err)
	}
}

func isOurs(err error) bool {
	var e *llm.Error
	return errors.As(err, &e)
}

func TestAPromptWithoutMessagesIsNotSent(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, llmtest.Text("hello"))
	_, err := connect(t, llm.Options{BaseURL: srv.URL}).Complete(t.Context(), prompts.Prompt{Name: "empty"})
	if !errors.Is(err, llm.ErrRejected) || len(srv.Requests()) != 0 {
		t.Errorf("error = %v after %d requests, want ErrRejected and none", err, len(srv.Requests()))
	}
}
