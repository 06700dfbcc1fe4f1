// Package llm talks to one OpenAI-compatible endpoint, hosted or on this
// machine. It is the only package that knows go-openai.
//
// Every call honours its context, retries only what may succeed on retry, and
// returns one of the error kinds of errors.go. The work is layered: a method of
// [Client] makes the request and judges the reply; beneath it go-openai does
// the encoding; beneath that our transport adds the key, retries, bounds the
// body and turns whatever is no success into an [*Error], so that go-openai
// never meets a failure.
//
// The key lives in the transport alone and is sent to no other host.
package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sashabaranov/go-openai"
)

// Options says which endpoint and model to call, and how patiently. All but
// BaseURL may be left zero.
type Options struct {
	BaseURL string // such as http://127.0.0.1:18080/v1
	Model   string
	Key     Secret // "" for servers that need none

	// First bounds the wait for the first token of a stream (90 s), Silence
	// that between two tokens (30 s), Total every call (5 min). A reply that is
	// not streamed comes in one go, so only Total bounds it.
	First, Silence, Total time.Duration

	Parallel int   // calls at the same time; 0: 4
	MaxBytes int64 // bound on a reply's body; 0: 1 MiB, and more for embeddings

	// Sleep waits between tries and returns early with an error when its
	// context ends; nil: it really waits.
	Sleep func(context.Context, time.Duration) error
}

// Client calls one model at one endpoint. It may be used by many goroutines.
type Client struct {
	chat, bulk *openai.Client // bulk allows the large bodies of embeddings

	host, origin, model   string
	first, silence, total time.Duration
	slots                 chan struct{}
	mu                    sync.Mutex
	manner                manner // what the endpoint was found to accept
}

// New makes a client; it opens no connection. It errs on a base URL that is
// not http or https, names no host, or carries credentials, and on a key that
// cannot stand in a header.
func New(o Options) (*Client, error) {
	base, err := parseBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	if strings.ContainsFunc(string(o.Key), func(r rune) bool { return r <= ' ' || r > '~' }) {
		return nil, errors.New("the API key holds a space, a line break or another character no key has")
	}
	once := newTransport(base, o)
	roomy := *once
	roomy.maxBytes *= embedCapFactor
	c := &Client{
		chat: newAPI(base, once, o.Sleep), bulk: newAPI(base, &roomy, o.Sleep),
		host: base.Host, origin: base.Scheme + "://" + base.Host, model: o.Model,
		first:   orDefault(o.First, 90*time.Second),
		silence: orDefault(o.Silence, 30*time.Second),
		total:   orDefault(o.Total, 5*time.Minute),
		slots:   make(chan struct{}, orDefault(o.Parallel, 4)),
	}
	c.manner.spare = picky(o.Model)
	return c, nil
}

// parseBase checks a base URL.
func parseBase(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil: // the parser's own error would repeat a password
		return nil, errors.New("the base URL is not a URL")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("the base URL holds credentials or a query: it takes scheme, host and path only")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("base URL %q: begin it with http:// or https://", text)
	case u.Hostname() == "":
		return nil, fmt.Errorf("base URL %q: it names no host", text)
	}
	return u, nil
}

func orDefault[T int | int64 | time.Duration](v, standard T) T {
	if v > 0 {
		return v
	}
	return standard
}

// newAPI is go-openai over our transport. It is not told the key.
func newAPI(base *url.URL, once *transport, sleep func(context.Context, time.Duration) error) *openai.Client {
	if sleep == nil {
		sleep = pause
	}
	config := openai.DefaultConfig("")
	config.BaseURL = base.String()
	config.HTTPClient = &http.Client{
		Transport:     &retry{next: once, sleep: sleep},
		CheckRedirect: sameHost,
	}
	return openai.NewClientWithConfig(config)
}

// Host is the host, with its port where the base URL gives one, that texts are
// sent to.
func (c *Client) Host() string { return c.host }

// Model is the model that is asked for.
func (c *Client) Model() string { return c.model }

// Models lists the ids of the endpoint's models, sorted.
func (c *Client) Models(ctx context.Context) ([]string, error) {
	var ids []string
	// A list needs no thinking, so a server that is slow with it is out of order.
	err := c.do(ctx, min(c.first, 15*time.Second), func(ctx context.Context) error {
		list, err := c.chat.ListModels(ctx)
		for _, m := range list.Models {
			ids = append(ids, m.ID)
		}
		return err
	})
	slices.Sort(ids)
	return ids, err
}

// do runs one call when a slot is free, ends it after limit, and makes its
// error one of ours.
func (c *Client) do(parent context.Context, limit time.Duration, call func(context.Context) error) error {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-parent.Done():
		return c.explain(parent, parent.Err())
	}
	ctx, cancel := context.WithTimeoutCause(parent, limit, stalled("no complete reply", limit))
	defer cancel()
	return c.explain(parent, call(ctx))
}

// explain makes err the caller's own cancellation, or an *Error that names
// host and model.
func (c *Client) explain(parent context.Context, err error) error {
	if err == nil {
		return nil
	}
	if parent.Err() != nil {
		return fmt.Errorf("ask %s: %w", c.origin, parent.Err())
	}
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Kind: ErrNotProtocol, Detail: clean(err.Error()), Err: err}
	}
	e.Host, e.Model = c.origin, c.model
	return e
}

// stalled is the cause of a deadline of ours.
func stalled(what string, limit time.Duration) *Error {
	return &Error{Kind: ErrStalled, Detail: fmt.Sprintf("%s within %v", what, limit)}
}

// Secret is a text that never prints: every verb of fmt, JSON, YAML and slog
// show a placeholder. Only string(s) gives it away. Inside an unexported field
// fmt cannot see these methods, so keep it out of those.
type Secret string

const redacted = "[redacted]"

// Format prints the placeholder whatever the verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String returns the placeholder.
func (Secret) String() string { return redacted }

// MarshalText returns the placeholder.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
