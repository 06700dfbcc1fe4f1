package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
)

// stdin reads the standard input until ctx ends, without a byte order mark.
func (a *app) stdin(ctx context.Context) io.Reader {
	pipe, feed := io.Pipe()
	go func() {
		_, err := io.Copy(feed, withoutMark(a.in))
		_ = feed.CloseWithError(err) // always nil
	}()
	context.AfterFunc(ctx, func() { _ = feed.CloseWithError(context.Cause(ctx)) })
	return pipe
}

// markless is a reader without the byte order mark that some editors put first.
// It reads nothing before it is asked to.
type markless struct {
	in      *bufio.Reader
	checked bool
}

func withoutMark(r io.Reader) io.Reader { return &markless{in: bufio.NewReader(r)} }

// Read implements io.Reader.
func (m *markless) Read(p []byte) (int, error) {
	mark := []byte("\uFEFF")
	if !m.checked {
		m.checked = true
		// The first byte tells whether to wait for more than one.
		if first, err := m.in.Peek(1); err == nil && first[0] == mark[0] {
			if head, _ := m.in.Peek(len(mark)); bytes.Equal(head, mark) {
				_, _ = m.in.Discard(len(mark))
			}
		}
	}
	return m.in.Read(p)
}
