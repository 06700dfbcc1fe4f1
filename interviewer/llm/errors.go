package llm

import (
	"fmt"
	"net/http"
	"time"
)

// Kind says what went wrong, for errors.Is(err, llm.ErrUnreachable) and so on.
// Every error of a call is of one of these kinds, save the end of the caller's
// own context, which is returned wrapped.
type Kind string

// Error is the kind in words.
func (k Kind) Error() string { return string(k) }

// The kinds.
const (
	// ErrUnreachable: no connection, or it broke before the reply began.
	ErrUnreachable Kind = "endpoint unreachable"
	// ErrCredentials: the endpoint wants another key, or forbids this one.
	ErrCredentials Kind = "credentials refused"
	// ErrUnknownModel: the endpoint has no model of that name.
	ErrUnknownModel Kind = "unknown model"
	// ErrQuota: the account is used up; asking again does not help.
	ErrQuota Kind = "quota used up"
	// ErrRateLimited: too many requests, even after our retries.
	ErrRateLimited Kind = "rate limited"
	// ErrOverloaded: the endpoint has a fault or too much to do, even after our
	// retries.
	ErrOverloaded Kind = "endpoint overloaded"
	// ErrContextTooLong: the prompt is longer than the model reads, whether the
	// endpoint said so or cut it silently.
	ErrContextTooLong Kind = "prompt too long"
	// ErrRefused: the model or a content filter declined to answer.
	ErrRefused Kind = "answer refused"
	// ErrCutOff: the reply began and is not whole.
	ErrCutOff Kind = "reply cut off"
	// ErrStalled: a deadline of ours passed.
	ErrStalled Kind = "endpoint stalled"
	// ErrNotProtocol: the endpoint answered something else than the protocol has.
	ErrNotProtocol Kind = "not the protocol"
	// ErrRejected: the endpoint finds the request itself faulty.
	ErrRejected Kind = "request rejected"
)

// Error is a failed call. Error gives one sentence, Hint the next step; neither
// they nor any field hold the key.
type Error struct {
	Kind   Kind
	Host   string // scheme and host, as in the base URL
	Model  string
	Status int    // of the HTTP answer; 0: there was none, or it was a success
	Detail string // short, often the server's words, free of control characters
	Err    error  // the cause beneath; may be nil

	next     string        // a hint better than the kind's
	again    bool          // another try may succeed
	after    time.Duration // what the endpoint asks us to wait first
	unwanted unwanted      // the part of the request it does not accept
}

// Unwrap gives the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

// Error is one sentence that names the host and the cause.
func (e *Error) Error() string {
	detail := e.Detail
	if detail == "" {
		detail = http.StatusText(e.Status)
	}
	sentence := e.what()
	if e.Status != 0 {
		sentence += fmt.Sprintf(" (%d)", e.Status)
	}
	if detail == "" {
		return sentence
	}
	return sentence + ": " + detail
}

// what is the first half of the sentence.
func (e *Error) what() string {
	switch e.Kind {
	case ErrUnreachable:
		return e.Host + " does not answer"
	case ErrCredentials:
		return e.Host + " refuses the credentials"
	case ErrUnknownModel:
		return fmt.Sprintf("%s has no model %q", e.Host, e.Model)
	case ErrQuota:
		return e.Host + " says the quota is used up"
	case ErrRateLimited:
		return e.Host + " allows no more requests now"
	case ErrOverloaded:
		return e.Host + " is overloaded or out of order"
	case ErrContextTooLong:
		return fmt.Sprintf("the prompt is too long for model %q at %s", e.Model, e.Host)
	case ErrRefused:
		return fmt.Sprintf("model %q at %s refused to answer", e.Model, e.Host)
	case ErrCutOff:
		return "the reply of " + e.Host + " was cut off"
	case ErrStalled:
		return e.Host + " is too slow or hangs"
	case ErrRejected:
		return e.Host + " rejects the request"
	}
	return e.Host + " gave no usable answer"
}

// Hint is the next step for the user, or "" if we know none.
func (e *Error) Hint() string {
	if e.next != "" {
		return e.next
	}
	switch e.Kind {
	case ErrUnreachable:
		return "start the server or correct the base URL"
	case ErrCredentials:
		return "check the API key, and that it belongs to this endpoint"
	case ErrUnknownModel:
		return "choose one of the models that the endpoint lists"
	case ErrQuota:
		return "top up the account, or use another endpoint"
	case ErrRateLimited:
		return "wait a while and try again"
	case ErrOverloaded:
		return "try again in a minute; a local server may still be loading its model"
	case ErrContextTooLong:
		return "raise the server's context size (llama.cpp: -c, Ollama: num_ctx) or choose a model that reads more"
	case ErrStalled:
		return "allow more time, or choose a faster model"
	}
	return ""
}
