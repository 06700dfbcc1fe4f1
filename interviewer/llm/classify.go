package llm

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"unicode"
)

const (
	hintBaseURL = "check the base URL: it usually ends in /v1"
	hintHTTPS   = "begin the base URL with https://"
	hintHTTP    = "begin the base URL with http://"
)

// fault is what a body says went wrong, in any of the forms servers use.
type fault struct {
	message string
	status  int    // an HTTP status given inside the body
	all     string // the fault as it came, lower case, to search
}

// faultIn reads the fault out of a JSON body. ok is false when it tells none.
func faultIn(body []byte) (f fault, ok bool) {
	var wire struct {
		Error   json.RawMessage `json:"error"`   // OpenAI and most others
		Detail  json.RawMessage `json:"detail"`  // FastAPI
		Object  string          `json:"object"`  // "error" in older vLLM
		Message string          `json:"message"` // beside it
	}
	if json.Unmarshal(body, &wire) != nil {
		return fault{}, false
	}
	told := wire.Error
	switch {
	case len(told) > 0 && string(told) != "null":
	case len(wire.Detail) > 0:
		told = wire.Detail
	case wire.Object == "error" || wire.Message != "":
		told = body
	default:
		return fault{}, false
	}
	f = fault{message: messageOf(told), all: strings.ToLower(string(told))}
	var inner struct {
		Code int `json:"code"`
	}
	if json.Unmarshal(told, &inner) == nil && inner.Code >= 400 && inner.Code < 600 {
		f.status = inner.Code
	}
	return f, true
}

// messageOf is the human part of a fault: the text itself, its message, or all
// of it.
func messageOf(told json.RawMessage) string {
	var text string
	if json.Unmarshal(told, &text) == nil {
		return text
	}
	var wire struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(told, &wire) == nil && wire.Message != "" {
		return wire.Message
	}
	return string(told)
}

var (
	quotaWords  = regexp.MustCompile(`insufficient_quota|exceeded your current quota|insufficient (balance|credit|funds)|billing_hard_limit`)
	modelWords  = regexp.MustCompile(`model_not_found|(unknown|invalid|no such) model|model\b.{0,80}(not found|not exist|not a valid|not loaded)`)
	lengthWords = regexp.MustCompile(`context_length_exceeded|exceed_context_size|(context|maximum) (length|window|size)|prompt is too long`)
	filterWords = regexp.MustCompile(`content_filter|content_policy|content management policy`)
	httpsWords  = regexp.MustCompile(`http request .{0,20}to (an )?https`)
)

// failed is the error for an answer of that status, which may be 200 when the
// body tells a fault. scrub takes the key out of texts.
func failed(status int, header http.Header, body []byte, scrub func(string) string) *Error {
	f, told := faultIn(body)
	if !told {
		f.all = strings.ToLower(string(body))
	}
	if f.status != 0 && status < 400 {
		status = f.status
	}
	e := &Error{Kind: kindOf(status, f.all, told), Detail: clean(scrub(f.message))}
	if status >= 400 {
		e.Status = status
	}
	switch e.Kind {
	case ErrRateLimited:
		e.again = true
	case ErrOverloaded:
		e.again = status >= 502 && status <= 504
		e.unwanted = unwantedIn(f.all) // older llama.cpp answers 500
	case ErrNotProtocol:
		e.next = hintBaseURL
	case ErrRejected:
		e.unwanted = unwantedIn(f.all)
	}
	if httpsWords.MatchString(f.all) {
		e.next = hintHTTPS
	}
	e.after = retryAfter(header)
	return e
}

// kindOf decides by what was said first, then by the status.
func kindOf(status int, said string, told bool) Kind {
	switch {
	case status == http.StatusPaymentRequired, quotaWords.MatchString(said):
		return ErrQuota
	case status == http.StatusUnauthorized, status == http.StatusForbidden:
		return ErrCredentials
	case status == http.StatusTooManyRequests:
		return ErrRateLimited
	case told && modelWords.MatchString(said):
		return ErrUnknownModel
	case status == http.StatusRequestEntityTooLarge, told && lengthWords.MatchString(said):
		return ErrContextTooLong
	case told && filterWords.MatchString(said):
		return ErrRefused
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		return ErrNotProtocol
	case status == http.StatusRequestTimeout, status >= 500, status < 400:
		return ErrOverloaded
	}
	return ErrRejected
}

// broken is the error for a connection that brought no answer.
func broken(err error) *Error {
	e := &Error{Kind: ErrUnreachable, Detail: clean(err.Error()), Err: err}
	var (
		errno syscall.Errno
		op    *net.OpError
		dns   *net.DNSError
		plain tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &dns):
		e.Detail = "no such host"
		if !dns.IsNotFound {
			e.Detail = "its name cannot be looked up"
		}
	case errors.As(err, &op) && op.Timeout():
		e.Detail = "no connection within " + dialTimeout.String()
	case errors.As(err, &errno):
		e.Detail, e.again = errno.Error(), transient(errno)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.Detail, e.again = "it closed the connection without a word", true
	case errors.As(err, &plain):
		e.Detail, e.next = "it speaks http, not https", hintHTTP
	}
	return e
}

// transient reports whether the connection was refused, reset or aborted.
func transient(errno syscall.Errno) bool {
	const wsaAborted, wsaReset, wsaRefused = 10053, 10054, 10061 // what Windows says
	switch errno {
	case syscall.ECONNREFUSED, syscall.ECONNRESET, syscall.EPIPE, wsaAborted, wsaReset, wsaRefused:
		return true
	}
	return false
}

// strange is the error for an answer that is not the protocol.
func strange(detail string) *Error {
	return &Error{Kind: ErrNotProtocol, Detail: detail, next: hintBaseURL}
}

// checkBody errs when the body of a success is none after all.
func checkBody(header http.Header, body []byte, scrub func(string) string) error {
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return strange("an empty body")
	case body[0] == '<':
		return strange("a web page instead of JSON")
	case endsEarly(body):
		return &Error{Kind: ErrCutOff, Detail: "the body ends in the middle"}
	case !json.Valid(body):
		return strange("a body that is not JSON")
	case body[0] != '{':
		return strange("JSON of another form")
	case hasError(body):
		return failed(http.StatusOK, header, body, scrub)
	}
	return nil
}

// endsEarly reports whether a text is the beginning of JSON.
func endsEarly(text []byte) bool {
	var syntax *json.SyntaxError
	err := json.Unmarshal(text, new(json.RawMessage))
	return errors.As(err, &syntax) && syntax.Offset >= int64(len(text)) && text[0] == '{'
}

// hasError reports whether a JSON object is a fault that came as a success.
func hasError(object []byte) bool {
	var wire struct {
		Error  json.RawMessage `json:"error"`
		Object string          `json:"object"`
	}
	if json.Unmarshal(object, &wire) != nil {
		return false
	}
	return len(wire.Error) > 0 && string(wire.Error) != "null" || wire.Object == "error"
}

// clean makes a foreign text fit for one line of a terminal.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	text = strings.TrimRight(strings.Join(strings.Fields(text), " "), ".")
	const most = 200
	if runes := []rune(text); len(runes) > most {
		text = string(runes[:most]) + "…"
	}
	return text
}
