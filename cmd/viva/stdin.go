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
		feed.CloseWithError(err)
	}()
	context.AfterFunc(ctx, func() { pipe.CloseWithError(context.Cause(ctx)) })
	return pipe
}

// withoutMark skips the byte order mark that some editors put first.
func withoutMark(r io.Reader) io.Reader {
	in := bufio.NewReader(r)
	if mark := []byte("\uFEFF"); peeks(in, mark) {
		_, _ = in.Discard(len(mark))
	}
	return in
}

func peeks(in *bufio.Reader, mark []byte) bool {
	first, err := in.Peek(1)
	if err != nil || first[0] != mark[0] {
		return false // do not wait for more than the first byte
	}
	head, _ := in.Peek(len(mark))
	return bytes.Equal(head, mark)
}
