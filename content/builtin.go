package content

import (
	_ "embed" // the compiled bank
	"fmt"
	"io/fs"
)

//go:generate go run ./gen

// builtin is content/aws compiled by ./gen.
//
//go:embed aws/bank.bin
var builtin string

// Builtin returns the bank that ships with the program, a fresh copy each time.
// It panics when the program was built around a damaged bank.
func Builtin() *Bank {
	b, err := decompile(builtin)
	if err != nil {
		panic(fmt.Sprintf("built-in bank: %v; run go generate ./content", err))
	}
	return b
}

// LoadAWS reads the built-in bank's YAML files from fsys, the folder
// content/aws. Only the generator and the tests need it.
func LoadAWS(fsys fs.FS) (*Bank, error) {
	files, err := yamlFiles(fsys)
	if err != nil {
		return nil, err
	}
	return LoadFS(fsys, BuiltinName, "content/aws", files...)
}
