package llm

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

const (
	tries       = 3
	firstPause  = 300 * time.Millisecond // doubles with each try
	longestWait = 20 * time.Second       // whatever Retry-After asks
)

// retry asks again where the error of a try says that this may help.
type retry struct {
	next  http.RoundTripper
	sleep func(context.Context, time.Duration) error
}

// RoundTrip gives up early when the context would end during the pause: the
// endpoint's own words tell more than our deadline.
func (t *retry) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx := r.Context()
	for try := 1; ; try++ {
		res, err := t.next.RoundTrip(r)
		var e *Error
		if err == nil || try == tries || !errors.As(err, &e) || !e.again {
			return res, err
		}
		wait := delay(try, e.after)
		if end, ok := ctx.Deadline(); ok && time.Until(end) < wait {
			return nil, err
		}
		if slept := t.sleep(ctx, wait); slept != nil {
			return nil, cmp.Or(context.Cause(ctx), slept)
		}
		if r, err = again(r); err != nil {
			return nil, err
		}
	}
}

// again is r with its body from the start.
func again(r *http.Request) (*http.Request, error) {
	r = r.Clone(r.Context())
	if r.GetBody == nil {
		return r, nil
	}
	body, err := r.GetBody()
	r.Body = body
	return r, err
}

// delay is the pause after a try: what the endpoint asks, else a time that
// doubles and is blurred, so that many clients do not return at once.
func delay(try int, asked time.Duration) time.Duration {
	if asked > 0 {
		return min(asked, longestWait)
	}
	d := firstPause << (try - 1)
	return d/2 + rand.N(d/2)
}

// retryAfter reads the header, in seconds or as a date; 0: it is absent, past
// or nonsense.
func retryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 1e6) * float64(time.Second))
	}
	date, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return max(time.Until(date), 0)
}

// pause sleeps, or returns the context's error as soon as it ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
