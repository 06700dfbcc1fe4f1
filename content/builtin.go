package content

import (
	"bytes"
	_ "embed" // the compiled bank
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:generate go run ./gen

// builtin is content/aws compiled by ./gen: reading YAML costs half a
// millisecond an entry, which 300 entries would add to every start.
//
//go:embed aws/bank.json
var builtin []byte

// Builtin returns the bank that ships with the program, a fresh copy each time.
// It panics when the program was built around a damaged bank.
func Builtin() *Bank {
	var b Bank
	if err := json.Unmarshal(builtin, &b); err != nil {
		panic(fmt.Sprintf("built-in bank: %v; run go generate ./content", err))
	}
	return &b
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

// Compile returns the bank as [Builtin] embeds it, one question a line.
func (b *Bank) Compile() ([]byte, error) {
	var out bytes.Buffer
	head := *b
	head.Questions = nil
	data, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	out.Write(bytes.TrimSuffix(data, []byte("null}")))
	for i, q := range b.Questions {
		data, err := json.Marshal(q)
		if err != nil {
			return nil, err
		}
		out.WriteString([]string{"[\n", ",\n"}[min(i, 1)])
		out.Write(data)
	}
	out.WriteString("]}\n")
	return out.Bytes(), nil
}
