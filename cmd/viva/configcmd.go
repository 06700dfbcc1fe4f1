package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v4"
)

func (a *app) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Set up and look at the configuration",
		Example: "  viva config init --base-url http://127.0.0.1:11434/v1 --model llama3.2\n  viva config show",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	unread := map[string]string{"config": "unread"}
	cmd.AddCommand(
		&cobra.Command{
			Use: "show", Short: "Show every setting and where its value comes from", Args: noArgs, Annotations: unread,
			Example: "  viva config show\n  VIVA_LLM_MODEL=llama3.2 viva config show --json",
			RunE:    func(cmd *cobra.Command, _ []string) error { return a.configShow(cmd) },
		},
		&cobra.Command{
			Use: "path", Short: "Print the configuration file's path", Args: noArgs, Annotations: unread,
			Example: "  $EDITOR \"$(viva config path)\"",
			RunE: func(*cobra.Command, []string) error {
				_, err := fmt.Fprintln(a.out, a.configTarget())
				return err
			},
		},
		a.configInitCommand(unread),
	)
	return cmd
}

func (a *app) configTarget() string {
	if a.configFile != "" {
		return a.configFile
	}
	return configPath()
}

// configValue is a setting as config show --json gives it, one a line.
type configValue struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// configShow prints the values even when some are faulty, and then fails.
func (a *app) configShow(cmd *cobra.Command) error {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	for _, o := range a.origins {
		if a.json {
			if err := a.printJSON(configValue{o.key, o.value, o.from}); err != nil {
				return err
			}
			continue
		}
		value := o.value
		if value == "" {
			value = "–"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", o.key, value, o.from)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, _, err := loadConfig(cmd.Flags(), a.configTarget(), a.configFile != "")
	return err
}

func (a *app) configInitCommand(annotations map[string]string) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write a configuration file",
		Long: `Writes a configuration file for the endpoint and model given. Nothing is sent
anywhere; the first interview says to which host the answers go.`,
		Example:     "  viva config init --base-url http://127.0.0.1:11434/v1 --model llama3.2",
		Args:        noArgs,
		Annotations: annotations,
		RunE:        func(cmd *cobra.Command, _ []string) error { return a.configInit(cmd.Flags(), yes) },
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "replace an existing file; the old one is kept as .bak")
	return cmd
}

// configInit takes the endpoint from flags and environment; a faulty file that
// is to be replaced does not matter.
func (a *app) configInit(flags *pflag.FlagSet, replace bool) error {
	c, _, err := loadConfig(flags, "", false)
	if err != nil {
		return flagFault(err)
	}
	if c.LLM.Model == "" {
		return &usageError{"which model should judge the answers?",
			"viva config init --base-url http://127.0.0.1:11434/v1 --model llama3.2"}
	}
	path := a.configTarget()
	switch _, err := os.Stat(path); {
	case err == nil && !replace:
		return &usageError{path + " exists already", "--yes replaces it and keeps the old one as .bak"}
	case err == nil:
		if err := os.Rename(path, path+".bak"); err != nil {
			return fmt.Errorf("keep the old configuration: %w", err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("look at the configuration: %w", err)
	}
	values := map[string]map[string]string{"llm": {"model": c.LLM.Model}}
	if c.LLM.BaseURL != "" {
		values["llm"]["base_url"] = c.LLM.BaseURL
	}
	data, err := yaml.Marshal(values)
	if err != nil {
		return err
	}
	head := "# Settings of viva. config.example.yaml in its repository explains every key.\n"
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	if err := os.WriteFile(path, append([]byte(head), data...), 0o600); err != nil {
		return fmt.Errorf("write configuration: %w", err)
	}
	a.notice("wrote %s", path)
	return nil
}
