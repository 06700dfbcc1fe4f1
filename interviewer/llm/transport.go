package llm

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const dialTimeout = 10 * time.Second

// transport makes single tries: it adds the key, bounds the body and returns
// every answer that is no success as an *Error.
type transport struct {
	base      http.RoundTripper
	authorize func(*http.Request) // a closure, so that printing shows no key
	scrub     func(string) string // takes the key out of a text
	maxBytes  int64
}

// newTransport sends to base with the key, and to any other host without.
func newTransport(base *url.URL, o Options) *transport {
	wire := http.DefaultTransport.(*http.Transport).Clone()
	wire.DialContext = (&net.Dialer{Timeout: dialTimeout}).DialContext
	once := &transport{base: wire, maxBytes: orDefault(o.MaxBytes, 1<<20)}
	key := string(o.Key)
	once.authorize = func(r *http.Request) {
		if key != "" && r.URL.Scheme == base.Scheme && r.URL.Host == base.Host {
			r.Header.Set("Authorization", "Bearer "+key)
		}
	}
	once.scrub = func(text string) string {
		if len(key) < 4 { // no secret, and it would occur everywhere
			return text
		}
		return strings.ReplaceAll(text, key, redacted)
	}
	return once
}

// sameHost lets a redirect pass only if it keeps scheme, host and method.
func sameHost(r *http.Request, via []*http.Request) error {
	first := via[0]
	if r.URL.Scheme != first.URL.Scheme || r.URL.Host != first.URL.Host {
		to := clean(r.URL.Scheme + "://" + r.URL.Host)
		return &Error{Kind: ErrNotProtocol, Detail: "a redirect to " + to + ", which we do not follow",
			next: "if you trust that host, make it the base URL"}
	}
	if r.Method != first.Method || len(via) > 3 {
		return strange("a redirect we cannot follow")
	}
	return nil
}

// RoundTrip makes one try. A body that is not a stream is read and checked
// here, so what it returns can only fail to decode.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	t.authorize(r)
	if err := reshaped(r); err != nil {
		return nil, err
	}
	res, err := t.base.RoundTrip(r)
	if err != nil {
		if r.Context().Err() != nil {
			return nil, context.Cause(r.Context()) //nolint:contextcheck // the request brings its own
		}
		return nil, broken(err)
	}
	if res.StatusCode >= 300 && res.StatusCode < 400 && res.Header.Get("Location") != "" {
		return res, nil // for sameHost to judge
	}
	body := &bounded{ctx: r.Context(), src: res.Body, left: t.maxBytes, most: t.maxBytes}
	if res.StatusCode == http.StatusOK && r.Header.Get("Accept") == "text/event-stream" {
		return t.stream(res, body)
	}
	return t.whole(res, body)
}

// reshaped gives r the body that servers read.
func reshaped(r *http.Request) error {
	if r.Body == nil {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err := errors.Join(err, r.Body.Close()); err != nil {
		return err
	}
	body = reshape(body)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return nil
}

// whole reads and checks the body.
func (t *transport) whole(res *http.Response, body io.ReadCloser) (*http.Response, error) {
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(body)
	if err != nil && res.StatusCode < 300 {
		return nil, err
	}
	if res.StatusCode < 200 || res.StatusCode >= 300 {
		return nil, failed(res.StatusCode, res.Header, text, t.scrub)
	}
	if err := checkBody(res.Header, text, t.scrub); err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(text))
	return res, nil
}

// stream waits for the first byte and puts a filter around the events. What
// begins like JSON or HTML is no stream, whatever its type says.
func (t *transport) stream(res *http.Response, body io.ReadCloser) (*http.Response, error) {
	src := bufio.NewReader(body)
	first, err := firstByte(src)
	if err != nil && !errors.Is(err, io.EOF) {
		_ = body.Close()
		return nil, err
	}
	if err == nil && first != '{' && first != '<' {
		res.Body = &events{src: src, Closer: body, header: res.Header, scrub: t.scrub}
		return res, nil
	}
	if _, err := t.whole(res, readCloser{src, body}); err != nil {
		return nil, err
	}
	return nil, errNoStream
}

type readCloser struct {
	io.Reader
	io.Closer
}

// firstByte waits for the first byte that is no space and leaves it unread.
// Servers send blank lines to keep a connection alive.
func firstByte(src *bufio.Reader) (byte, error) {
	for {
		first, err := src.ReadByte()
		if err != nil {
			return 0, err
		}
		if first > ' ' {
			return first, src.UnreadByte()
		}
	}
}

// bounded is a body that ends with an error of ours: too long, broken midway,
// or a context that ended.
type bounded struct {
	ctx        context.Context // of the request whose body this is
	src        io.ReadCloser
	left, most int64
}

// Read passes on at most the bytes left.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		p = p[:min(1, len(p))] // one more byte tells whether it is too long
	} else if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.src.Read(p)
	switch {
	case b.left <= 0 && n > 0:
		return 0, &Error{Kind: ErrCutOff, Detail: fmt.Sprintf("it is longer than %d bytes", b.most)}
	case err == nil || errors.Is(err, io.EOF):
	case b.ctx.Err() != nil:
		err = context.Cause(b.ctx)
	default:
		err = &Error{Kind: ErrCutOff, Detail: "the connection broke midway", Err: err}
	}
	b.left -= int64(n)
	return n, err
}

// Close closes the connection's body.
func (b *bounded) Close() error { return b.src.Close() }
