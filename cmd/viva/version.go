package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"viva/content"
)

// release is the version under which the CHANGELOG lists what changed.
const release = "0.1.0"

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:         "version",
		Short:       "Print the version",
		Example:     "  viva version --json",
		Args:        noArgs,
		Annotations: map[string]string{"config": "unread"},
		RunE:        func(*cobra.Command, []string) error { return a.version() },
	}
}

// versionInfo is what version --json prints.
type versionInfo struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitzero"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Bank     string `json:"bank"`
}

func (a *app) version() error {
	v := versionInfo{
		Version:  release,
		Go:       runtime.Version(),
		Platform: runtime.GOOS + "/" + runtime.GOARCH,
		Bank:     content.Builtin().Version,
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v.Commit = s.Value
			}
		}
	}
	if a.json {
		return a.printJSON(v)
	}
	_, err := fmt.Fprintf(a.out, "viva %s (bank %s, %s, %s)\n", v.Version, v.Bank, v.Go, v.Platform)
	return err
}
