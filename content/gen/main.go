// Gen compiles the YAML files of content/aws into content/aws/bank.bin, which
// the program embeds. Run it with go generate ./content.
package main

import (
	"fmt"
	"os"

	"viva/content"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "content/gen:", err)
		os.Exit(1)
	}
}

func run() error {
	b, err := content.LoadAWS(os.DirFS("aws"))
	if err != nil {
		return err
	}
	return os.WriteFile("aws/bank.bin", []byte(b.Compile()), 0o644)
}
