package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"viva/index"
	"viva/interviewer"
)

// maxBatchLine bounds a line of NDJSON: an answer at its longest, escaped.
const maxBatchLine = 8 * interviewer.MaxAnswer

// batchLine is one line of search --batch or grade --batch.
type batchLine struct {
	ID       json.RawMessage `json:"id"`
	Query    string          `json:"query"`
	Question json.RawMessage `json:"question"` // a string or a number
	Answer   *string         `json:"answer"`
}

// batchFault is written in place of a result that could not be had.
type batchFault struct {
	ID    json.RawMessage `json:"id"`
	Error string          `json:"error"`
}

// errLongLine reports a line of a batch over the limit.
var errLongLine = errors.New("the line is longer than 512 kB")

// batch answers each line of stdin with one line of JSON, in order. A line that
// cannot be answered gets its error and the rest go on; the command fails then.
func (a *app) batch(ctx context.Context, answer func(context.Context, batchLine) (any, error)) error {
	failed := 0
	in := bufio.NewReaderSize(a.stdin(ctx), 64<<10)
	for more := true; more; {
		data, err := readLine(in)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, io.EOF):
			more = false
		case err != nil && !errors.Is(err, errLongLine):
			return fmt.Errorf("read batch: %w", err)
		}
		if len(bytes.TrimSpace(data)) == 0 && !errors.Is(err, errLongLine) {
			continue
		}
		var l batchLine
		var result any
		if !errors.Is(err, errLongLine) {
			err = decodeLine(data, &l)
		}
		if err == nil {
			result, err = answer(ctx, l)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed++
			result = batchFault{orNull(l.ID), err.Error()}
		}
		if err := a.printJSON(result); err != nil {
			return err
		}
	}
	if failed > 0 {
		a.notice("%d lines could not be answered", failed)
		return errSilent
	}
	return nil
}

// readLine returns the next line. One over the limit is passed over whole and
// gives errLongLine; the last line may come with io.EOF.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxBatchLine; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long && err == nil:
			return nil, errLongLine
		}
		return line, err
	}
}

func decodeLine(data []byte, l *batchLine) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(l); err != nil {
		return fmt.Errorf("the line is no JSON object as expected: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the line holds more than one JSON value")
	}
	return nil
}

func orNull(id json.RawMessage) json.RawMessage {
	if id == nil {
		return json.RawMessage("null")
	}
	return id
}

// queryFault turns a query that cannot be searched for into a usage error.
func queryFault(err error) error {
	if errors.Is(err, index.ErrEmptyQuery) || errors.Is(err, index.ErrLongQuery) {
		return usage("%s", err)
	}
	return err
}
