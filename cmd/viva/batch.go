package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

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

// atOnce is how many lines a model works on at a time.
const atOnce = 8

// batchWork is what is done with the lines of a batch.
type batchWork struct {
	answer func(context.Context, batchLine) (any, error)
	atOnce int             // lines worked on at a time
	done   map[string]bool // ids that are left out, as JSON
}

// batch answers each line of stdin with one line of JSON, in order. A line that
// cannot be answered gets its error and the rest go on; the command fails then.
func (a *app) batch(ctx context.Context, w batchWork) error {
	results := make(chan chan batchResult, w.atOnce-1) // in the order of the lines
	var readErr error
	go func() {
		defer close(results)
		readErr = a.readBatch(ctx, w, results)
	}()
	failed, written := 0, 0
	for result := range results {
		r := <-result
		if ctx.Err() != nil {
			continue // the reader stops by itself
		}
		if r.err != nil {
			failed++
			r.value = batchFault{orNull(r.id), r.err.Error()}
		}
		if err := a.printJSON(r.value); err != nil {
			return err
		}
		if written++; written%progressEach == 0 {
			a.notice("%d lines done", written)
		}
	}
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case readErr != nil:
		return readErr
	case failed > 0:
		lines := "lines"
		if failed == 1 {
			lines = "line"
		}
		a.notice("%d %s could not be answered", failed, lines)
		return errSilent
	}
	return nil
}

// progressEach is how many lines lie between two notices of progress.
const progressEach = 100

// batchResult is what became of a line.
type batchResult struct {
	id    json.RawMessage
	value any
	err   error
}

// readBatch starts the work on each line and sends where its result will come.
func (a *app) readBatch(ctx context.Context, w batchWork, results chan<- chan batchResult) error {
	in := bufio.NewReaderSize(a.stdin(ctx), 64<<10)
	for more := true; more; {
		data, err := readLine(in, maxBatchLine)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, io.EOF):
			more, err = false, nil
		case err != nil && !errors.Is(err, errLongLine):
			return fmt.Errorf("read batch: %w", err)
		}
		if len(bytes.TrimSpace(data)) == 0 && err == nil {
			continue
		}
		var l batchLine
		if err == nil {
			err = decodeLine(data, &l)
		}
		if err == nil && l.ID != nil && w.done[string(l.ID)] {
			continue
		}
		result := make(chan batchResult, 1)
		select {
		case results <- result:
		case <-ctx.Done():
			return ctx.Err()
		}
		go func() {
			r := batchResult{id: l.ID, err: err}
			if err == nil {
				r.value, r.err = w.answer(ctx, l)
			}
			result <- r
		}()
	}
	return nil
}

// doneIn reads the ids of an earlier output, those of lines that failed left out.
func doneIn(path string) (map[string]bool, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil // nothing is done yet
	}
	if err != nil {
		return nil, fmt.Errorf("read --done: %w", err)
	}
	defer f.Close()
	done := map[string]bool{}
	in := bufio.NewReaderSize(f, 64<<10)
	for {
		data, err := readLine(in, maxBatchLine)
		var l struct {
			ID    json.RawMessage `json:"id"`
			Error *string         `json:"error"`
		}
		if json.Unmarshal(data, &l) == nil && l.Error == nil && l.ID != nil { // a line cut short is not done
			done[string(l.ID)] = true
		}
		if errors.Is(err, io.EOF) {
			return done, nil
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return nil, fmt.Errorf("read --done: %w", err)
		}
	}
}

// readLine returns the next line. One of more than most bytes is passed over whole and
// gives errLongLine; the last line may come with io.EOF.
func readLine(in *bufio.Reader, most int) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := in.ReadSlice('\n')
		if long = long || len(line)+len(part) > most; !long {
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
	var wrong *json.UnmarshalTypeError
	err := dec.Decode(l)
	if errors.As(err, &wrong) && wrong.Field != "" {
		return fmt.Errorf("%s of the line is a %s, should be a text", wrong.Field, wrong.Value)
	}
	if errors.As(err, &wrong) {
		return fmt.Errorf("the line is a %s, should be a JSON object", wrong.Value)
	}
	if err != nil {
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
