package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// flagSet has the flags that settings name, with the given ones set.
func flagSet(t *testing.T, set map[string]string) *pflag.FlagSet {
	t.Helper()
	flags := pflag.NewFlagSet("viva", pflag.ContinueOnError)
	for _, s := range settings {
		if s.flag == "bank" {
			flags.StringArray(s.flag, nil, "")
		} else if s.flag != "" {
			flags.String(s.flag, "", "")
		}
	}
	for name, value := range set {
		if err := flags.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	return flags
}

func configFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheExampleDocumentsEveryKeyWithItsDefault(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "config.example.yaml")
	got, origins, err := loadConfig(flagSet(t, nil), path, true)
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := loadConfig(flagSet(t, nil), "none", false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the example differs from the defaults (-default +example):\n%s", diff)
	}
	for _, o := range origins {
		if o.from != path {
			t.Errorf("%s is not in the example", o.key)
		}
	}
}

func TestAFlagNobodySetDoesNotBeatTheFile(t *testing.T) {
	t.Parallel()
	path := configFile(t, "llm: {model: from-file, base_url: 'http://localhost:1/v1'}\ninterview: {questions: 9}\nbanks: [aws, mine.yaml]\noffline: true\n")
	c, _, err := loadConfig(flagSet(t, nil), path, true)
	if err != nil {
		t.Fatal(err)
	}
	if c.LLM.Model != "from-file" || c.Interview.Questions != 9 || !c.Offline || !slices.Equal(c.Banks, []string{"aws", "mine.yaml"}) {
		t.Errorf("configuration from the file: %+v", c)
	}
	c, _, err = loadConfig(flagSet(t, map[string]string{"model": "from-flag", "bank": "other.yaml"}), path, true)
	if err != nil {
		t.Fatal(err)
	}
	if c.LLM.Model != "from-flag" || !slices.Equal(c.Banks, []string{"other.yaml"}) || c.Interview.Questions != 9 {
		t.Errorf("configuration with flags: %+v", c)
	}
}

func TestTheJudgeInheritsTheModelAndNoForeignKey(t *testing.T) {
	t.Parallel()
	c, _, err := loadConfig(flagSet(t, nil), configFile(t, "llm: {model: m, base_url: 'http://a/v1', api_key_file: secret}"), true)
	if err != nil {
		t.Fatal(err)
	}
	if c.Judge.Model != "m" || c.Judge.BaseURL != "http://a/v1" || c.Judge.KeyFile != "secret" {
		t.Errorf("inherited: %+v", c.Judge)
	}
	c, _, err = loadConfig(flagSet(t, nil), configFile(t, "llm: {model: m, base_url: 'http://a/v1', api_key_file: secret}\njudge: {base_url: 'http://b/v1'}"), true)
	if err != nil {
		t.Fatal(err)
	}
	if c.Judge.BaseURL != "http://b/v1" || c.Judge.KeyFile != "" || c.Judge.KeyEnv != "" {
		t.Errorf("a judge at another host took the key of the first: %+v", c.Judge)
	}
}

func TestTheFlagsForTheModelBeatTheFilesJudge(t *testing.T) {
	t.Parallel()
	path := configFile(t, "judge: {base_url: 'http://file/v1', model: file, api_key_file: files-key}")
	c, _, err := loadConfig(flagSet(t, map[string]string{"base-url": "http://flag/v1", "model": "flag"}), path, true)
	if err != nil {
		t.Fatal(err)
	}
	if c.Judge.BaseURL != "http://flag/v1" || c.Judge.Model != "flag" || c.Judge.KeyFile != "" {
		t.Errorf("judge with flags: %+v", c.Judge)
	}
}

func TestEveryFaultOfAFileIsNamedAtOnce(t *testing.T) {
	t.Parallel()
	path := configFile(t, "llm: {base_url: localhost, modle: x}\njudge: {strictness: [a]}\ninterview: {questions: 0, plain: maybe}\nextra: 1\n")
	_, _, err := loadConfig(flagSet(t, nil), path, true)
	if err == nil {
		t.Fatal("a faulty file loaded")
	}
	for _, want := range []string{
		"llm.base_url (" + path + ") should be an address", `unknown key "llm.modle"`, `unknown key "extra"`,
		"judge.strictness in " + path + " should be a single value",
		`interview.questions is "0"`, `interview.plain is "maybe"`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

func TestASecretNeverPrints(t *testing.T) {
	t.Parallel()
	path := configFile(t, "sk-hush")
	e := EndpointConfig{KeyFile: path}
	key, err := e.key(t.Context())
	if err != nil || string(key) != "sk-hush" {
		t.Fatalf("key from the file: %v", err)
	}
	for _, verb := range []string{"%s", "%v", "%+v", "%#v", "%q"} {
		if got := fmt.Sprintf(verb, key); strings.Contains(got, "hush") {
			t.Errorf("%s prints %s", verb, got)
		}
	}
}
