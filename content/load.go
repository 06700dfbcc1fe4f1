package content

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// maxFile bounds a bank file: a larger one is no question bank.
const maxFile = 64 << 20

// Load reads the bank at path: one YAML file, or a folder whose *.yaml and
// *.yml files together are the bank. Its name is the file's or folder's name
// without ending. The error is a [Faults] when the bank is not valid.
func Load(path string) (*Bank, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open bank: %w", err)
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open bank: %w", err)
	}
	name := strings.ReplaceAll(Printable(filepath.Base(full)), ":", "-") // a colon ends a bank's name in bank:id
	if !info.IsDir() {
		name = strings.TrimSuffix(name, filepath.Ext(name))
		return LoadFS(os.DirFS(filepath.Dir(path)), name, filepath.Dir(path), filepath.Base(path))
	}
	files, err := yamlFiles(os.DirFS(path))
	if err != nil {
		return nil, fmt.Errorf("list bank %s: %w", path, err)
	}
	return LoadFS(os.DirFS(path), name, path, files...)
}

func yamlFiles(fsys fs.FS) ([]string, error) {
	var files []string
	for _, pattern := range []string{"*.yaml", "*.yml"} {
		found, err := fs.Glob(fsys, pattern)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	return files, nil
}

// LoadFS reads the named files of fsys as one bank. Faults name a file as
// prefix/file, or file alone where prefix is "" or ".".
func LoadFS(fsys fs.FS, name, prefix string, files ...string) (*Bank, error) {
	b := &Bank{Name: name}
	var faults Faults
	version := sha256.New()
	for _, file := range files {
		data, err := readFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("read bank %s: %w", name, err)
		}
		version.Write(data)
		part, fs := decodeFile(path.Join(filepath.ToSlash(prefix), file), data)
		faults = append(faults, fs...)
		b.add(part)
	}
	faults = append(faults, validate(b)...)
	slices.SortStableFunc(faults, func(x, y Fault) int {
		return cmp.Or(strings.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line))
	})
	if err := faults.err(); err != nil {
		return nil, err
	}
	if len(b.Questions) == 0 {
		return nil, fmt.Errorf("load bank %s: %w", name, ErrNoQuestions)
	}
	b.sort()
	b.Version = hex.EncodeToString(version.Sum(nil))[:12]
	return b, nil
}

func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("%s holds %d MB: a bank file holds at most %d MB", name, info.Size()>>20, maxFile>>20)
	}
	return fs.ReadFile(fsys, name)
}

// add takes over a file's topic and questions.
func (b *Bank) add(f fileBank) {
	known := func(id string) bool {
		return id == "" || slices.ContainsFunc(b.Topics, func(t Topic) bool { return t.ID == id })
	}
	if !known(f.topic.ID) {
		b.Topics = append(b.Topics, f.topic)
	}
	for _, q := range f.questions {
		q.Bank = b.Name
		if !known(q.Topic) {
			b.Topics = append(b.Topics, Topic{ID: q.Topic, Title: q.Topic})
		}
		b.Questions = append(b.Questions, q)
	}
}

// sort puts numbered questions first, by number; the rest stay in file order.
func (b *Bank) sort() {
	slices.SortStableFunc(b.Questions, func(x, y Question) int {
		switch {
		case x.Number == 0 && y.Number == 0:
			return 0
		case x.Number == 0:
			return 1
		case y.Number == 0:
			return -1
		}
		return x.Number - y.Number
	})
}
