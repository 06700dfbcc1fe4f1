package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"viva/interviewer/journal"
)

func (a *app) historyExportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "export [SESSION…]",
		Short: "Write interviews as lines of JSON, everything about them",
		Long: `Writes the named interviews, or all, oldest first, to stdout: one JSON object a
line, with "format":"viva-session", "version":1, the fields of viva history
--json, the draft that was being typed, and every event in order, questions,
answers and grades whole. viva history import reads it back without loss.`,
		Example: `  # a backup
  viva history export > interviews.ndjson

  # one interview, to another machine
  viva history export 20261123-091205-k3f7 | ssh laptop viva history import

  # every answer ever given
  viva history export | jq -r '.events[] | select(.kind == "answered").text'`,
		RunE: func(cmd *cobra.Command, args []string) error { return a.historyExport(cmd.Context(), args) },
	}
}

// sessionIDs returns the whole ids of the named sessions, each once, or of all
// where none is named.
func sessionIDs(ctx context.Context, j *journal.Journal, names []string) ([]string, error) {
	if len(names) == 0 && j == nil {
		return nil, nil
	}
	if len(names) == 0 {
		return j.IDs(ctx)
	}
	if j == nil {
		return nil, fmt.Errorf("%w: %q", journal.ErrUnknownSession, names[0])
	}
	var ids []string
	seen := map[string]bool{}
	for _, name := range names {
		if name == "" {
			return nil, usage("a session's name is empty")
		}
		id, err := j.Find(ctx, name)
		if err != nil {
			return nil, err
		}
		if !seen[id] {
			ids = append(ids, id)
		}
		seen[id] = true
	}
	return ids, nil
}

func (a *app) historyExport(ctx context.Context, names []string) error {
	j, err := readJournal(ctx)
	if err != nil {
		return err
	}
	if j != nil {
		defer j.Close()
	}
	ids, err := sessionIDs(ctx, j, names)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		a.notice("no interview yet: viva starts one")
	}
	out := bufio.NewWriter(a.out)
	failed := false
	for _, id := range ids {
		if ctx.Err() != nil {
			break
		}
		e, err := j.Export(ctx, id)
		if err != nil { // the others can still be saved
			printError(a.err, err)
			failed = true
			continue
		}
		if err := writeJSON(out, e); err != nil {
			return fmt.Errorf("write export: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	if failed {
		return errSilent
	}
	return ctx.Err()
}

func (a *app) historyImportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "import [FILE]",
		Short: "Take in interviews that viva history export wrote",
		Long: `Reads what viva history export wrote, from FILE or stdin, and adds the interviews
that are not here yet, each wholly or not at all. One that is here with the same
content is left alone; one that is here with other content is refused by name,
and a line that cannot be read by its number, while the rest goes on; the exit
code is then 1.`,
		Example: `  viva history import interviews.ndjson
  ssh desktop viva history export | viva history import`,
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.historyImport(cmd.Context(), a.stdin(cmd.Context()))
			}
			f, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("read export: %w", err)
			}
			defer f.Close()
			return a.historyImport(cmd.Context(), withoutMark(f))
		},
	}
}

// imported is what became of the lines. Its JSON form is stable.
type imported struct {
	Added   int `json:"added"`
	Same    int `json:"same"`
	Refused int `json:"refused"`
}

func (a *app) historyImport(ctx context.Context, in io.Reader) error {
	j, err := openJournal(ctx)
	if err != nil {
		return err
	}
	defer j.Close()
	var count imported
	lines := bufio.NewReader(in)
	for n, more := 1, true; more; n++ {
		line, err := readLine(lines, maxSession)
		switch more = !errors.Is(err, io.EOF); {
		case err != nil && more && !errors.Is(err, errLongLine):
			return errors.Join(fmt.Errorf("read export: %w", err), a.sayImported(count))
		case errors.Is(err, errLongLine):
			a.refuse(n, fmt.Errorf("longer than %d MB, so no interview", maxSession>>20), &count)
		case len(bytes.TrimSpace(line)) > 0:
			err := importLine(ctx, j, line, &count)
			if concernsAll(err) {
				return errors.Join(err, a.sayImported(count))
			}
			a.refuse(n, err, &count)
		}
	}
	if err := a.sayImported(count); err != nil {
		return err
	}
	if count.Refused > 0 {
		return errSilent
	}
	return nil
}

// concernsAll reports errors that the next lines would meet too.
func concernsAll(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, journal.ErrUnwritable) || errors.Is(err, journal.ErrCorrupt)
}

// refuse says what is wrong with line n, if anything is.
func (a *app) refuse(n int, err error, count *imported) {
	if err != nil {
		count.Refused++
		fmt.Fprintf(a.err, "viva: line %d: %s\n", n, err)
	}
}

func importLine(ctx context.Context, j *journal.Journal, line []byte, count *imported) error {
	e, err := journal.ParseExported(line)
	if err != nil {
		return err
	}
	added, err := j.Import(ctx, e)
	switch {
	case err != nil:
		return err
	case added:
		count.Added++
	default:
		count.Same++
	}
	return nil
}

func (a *app) sayImported(count imported) error {
	if a.json {
		return a.printJSON(count)
	}
	text := counted(count.Added, "interview") + " added"
	if count.Same > 0 {
		text += fmt.Sprintf(", %d here already", count.Same)
	}
	if count.Refused > 0 {
		text += fmt.Sprintf(", %s refused", counted(count.Refused, "line"))
	}
	a.notice("%s", text)
	return nil
}

// maxSession is how long a line of an export may be: far longer than any interview.
const maxSession = 64 << 20
