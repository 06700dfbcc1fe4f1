package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// embedStep is how many lines are encoded at once: enough for both cores, few
// enough that nothing piles up.
const embedStep = 16

func (a *app) embedCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "embed",
		Short: "Turn lines of text into vectors",
		Long: `Reads one text a line from stdin and writes one JSON array of 384 numbers a line,
a unit vector of the built-in encoder. A text that is longer than the encoder
reads is cut, and that is said.`,
		Example: `  echo "Lambda cold start" | viva embed`,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.embed(cmd.Context()) },
	}
}

func (a *app) embed(ctx context.Context) error {
	enc, err := a.encoder()
	if err != nil {
		return fmt.Errorf("load encoder: %w", err)
	}
	start, n := time.Now(), 0
	in := bufio.NewReader(a.stdin(ctx))
	out := bufio.NewWriter(a.out)
	for more := true; more; {
		var lines []string
		lines, more, err = readLines(in, embedStep)
		if err != nil {
			return fmt.Errorf("read texts: %w", err)
		}
		batch, err := enc.Embed(ctx, lines)
		if err != nil {
			return err
		}
		for _, c := range batch.Cut {
			a.notice("line %d has %d tokens: the first %d count", n+c.Text+1, c.Tokens, c.Kept)
		}
		n += len(lines)
		for _, v := range batch.Vectors {
			writeVector(out, v)
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	if a.verbose {
		a.notice("%d texts, %.0f a second", n, float64(n)/time.Since(start).Seconds())
	}
	return nil
}

// readLines returns up to n lines; more is false at the end of the input.
func readLines(r *bufio.Reader, n int) (lines []string, more bool, err error) {
	for len(lines) < n {
		l, err := r.ReadString('\n')
		if l != "" {
			lines = append(lines, strings.ToValidUTF8(strings.TrimRight(l, "\r\n"), "\uFFFD"))
		}
		if errors.Is(err, io.EOF) {
			return lines, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		if r.Buffered() == 0 && len(lines) > 0 {
			break // answer a slow writer now rather than wait for n lines
		}
	}
	return lines, true, nil
}

func writeVector(w *bufio.Writer, v []float32) {
	var buf []byte
	buf = append(buf, '[')
	for i, x := range v {
		if i > 0 {
			buf = append(buf, ',')
		}
		buf = strconv.AppendFloat(buf, float64(x), 'g', -1, 32)
	}
	w.Write(append(buf, ']', '\n')) // its error comes back from Flush
}
