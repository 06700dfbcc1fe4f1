package llm_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"viva/interviewer/llm"
	"viva/interviewer/llm/llmtest"
)

// limited is a 429 that asks for a pause.
func limited(after string) llmtest.Reply {
	reply := llmtest.Fault(429, "rate_limit_exceeded", "slow down")
	if after != "" {
		reply.Header = http.Header{"Retry-After": {after}}
	}
	return reply
}

func TestThePauseAskedForIsKept(t *testing.T) {
	t.Parallel()
	for after, want := range map[string][2]time.Duration{
		"3":                             {3 * time.Second, 3 * time.Second},
		"0.5":                           {500 * time.Millisecond, 500 * time.Millisecond},
		"86400":                         {20 * time.Second, 20 * time.Second},
		"":                              {150 * time.Millisecond, 300 * time.Millisecond},
		"-1":                            {150 * time.Millisecond, 300 * time.Millisecond},
		"NaN":                           {150 * time.Millisecond, 300 * time.Millisecond},
		"later":                         {150 * time.Millisecond, 300 * time.Millisecond},
		"Thu, 01 Jan 1970 00:00:00 GMT": {150 * time.Millisecond, 300 * time.Millisecond},
		"Fri, 31 Dec 9999 23:59:59 GMT": {20 * time.Second, 20 * time.Second},
	} {
		var n naps
		srv := llmtest.New(t, limited(after), llmtest.Text("hello"))
		client := connect(t, llm.Options{BaseURL: srv.URL, Sleep: n.sleep})
		got, err := client.Complete(t.Context(), say("hello"))
		if err != nil || got.Text != "hello" {
			t.Errorf("Retry-After %q: reply = %q, %v, want hello", after, got.Text, err)
		}
		if len(n.took) != 1 || n.took[0] < want[0] || n.took[0] > want[1] {
			t.Errorf("Retry-After %q: paused %v, want once between %v", after, n.took, want)
		}
	}
}

func TestTheSecondPauseIsLonger(t *testing.T) {
	t.Parallel()
	var n naps
	srv := llmtest.New(t, limited(""), llmtest.Fault(503, "", "busy"), llmtest.Text("hello"))
	if _, err := connect(t, llm.Options{BaseURL: srv.URL, Sleep: n.sleep}).Complete(t.Context(), say("hello")); err != nil {
		t.Fatal(err)
	}
	if len(n.took) != 2 || n.took[1] < n.took[0] {
		t.Errorf("paused %v, want two pauses, the second longer", n.took)
	}
	for i, r := range srv.Requests() {
		if len(r.Messages) != 2 {
			t.Errorf("try %d was sent without its body: %s", i+1, r.Raw)
		}
	}
}

func TestNoPauseOutlastsTheCall(t *testing.T) {
	t.Parallel()
	var n naps
	srv := llmtest.New(t, limited("10"))
	client := connect(t, llm.Options{BaseURL: srv.URL, Sleep: n.sleep, Total: 5 * time.Second})
	_, err := client.Complete(t.Context(), say("hello"))
	if !errors.Is(err, llm.ErrRateLimited) || len(n.took) != 0 {
		t.Errorf("error = %v after pauses %v, want ErrRateLimited at once", err, n.took)
	}
}

func TestAPauseEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	srv := llmtest.New(t, limited("15"))
	client, err := llm.New(llm.Options{BaseURL: srv.URL, Sleep: func(ctx context.Context, _ time.Duration) error {
		cancel()
		return ctx.Err()
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Complete(ctx, say("hello")); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context.Canceled", err)
	}
	if got := len(srv.Requests()); got != 1 {
		t.Errorf("%d requests, want 1", got)
	}
}

func TestTheRealPauseCanBeLeft(t *testing.T) {
	t.Parallel()
	srv := llmtest.New(t, limited("15"))
	client, err := llm.New(llm.Options{BaseURL: srv.URL})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	start := time.Now()
	if _, err := client.Complete(ctx, say("hello")); !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context.Canceled", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("left after %v, want at once", took)
	}
}
