package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/adrg/xdg"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"viva/interviewer/grade"
)

// Config is every setting, valid.
type Config struct {
	LLM       EndpointConfig
	Judge     JudgeConfig
	Interview InterviewConfig
	Banks     []string // paths, and "aws" for the built-in bank; empty: aws and the imported ones
	Offline   bool
}

// EndpointConfig says which model to call and with which key.
type EndpointConfig struct {
	BaseURL, Model                  string
	KeyEnv, KeyFile, KeyCmd         string
	FirstSeconds, Silence, Deadline int // seconds; see config.example.yaml
}

// JudgeConfig says who grades and how.
type JudgeConfig struct {
	EndpointConfig
	Grader     string // auto, model or estimate
	OnFailure  string // ask, estimate or wait
	Calls      string // auto, together or apart
	Strictness grade.Strictness
}

// InterviewConfig is how an interview goes unless a flag says otherwise.
type InterviewConfig struct {
	Questions int
	FollowUps int
	Plain     bool
}

// setting is one configuration key. The table of them is the only place that
// knows its default, flag and valid values.
type setting struct {
	key    string
	flag   string // "": no flag
	def    string
	valid  func(string) string // what it should be instead, or "" when it is fine
	secret bool                // a faulty value may hold a secret, and is not shown
	set    func(*Config, string)
}

var settings = []setting{
	{key: "llm.base_url", flag: "base-url", valid: isURL, secret: true, set: func(c *Config, v string) { c.LLM.BaseURL = v }},
	{key: "llm.model", flag: "model", set: func(c *Config, v string) { c.LLM.Model = v }},
	{key: "llm.api_key_env", def: "OPENAI_API_KEY", valid: isName, secret: true, set: func(c *Config, v string) { c.LLM.KeyEnv = v }},
	{key: "llm.api_key_file", set: func(c *Config, v string) { c.LLM.KeyFile = v }},
	{key: "llm.api_key_cmd", set: func(c *Config, v string) { c.LLM.KeyCmd = v }},
	{key: "llm.first_token_seconds", def: "60", valid: whole(1, 3600), set: func(c *Config, v string) { c.LLM.FirstSeconds = number(v) }},
	{key: "llm.silence_seconds", def: "30", valid: whole(1, 3600), set: func(c *Config, v string) { c.LLM.Silence = number(v) }},
	{key: "llm.deadline_seconds", def: "180", valid: whole(1, 3600), set: func(c *Config, v string) { c.LLM.Deadline = number(v) }},
	{key: "judge.base_url", valid: isURL, secret: true, set: func(c *Config, v string) { c.Judge.BaseURL = v }},
	{key: "judge.model", set: func(c *Config, v string) { c.Judge.Model = v }},
	{key: "judge.api_key_env", valid: isName, secret: true, set: func(c *Config, v string) { c.Judge.KeyEnv = v }},
	{key: "judge.api_key_file", set: func(c *Config, v string) { c.Judge.KeyFile = v }},
	{key: "judge.api_key_cmd", set: func(c *Config, v string) { c.Judge.KeyCmd = v }},
	{key: "judge.grader", flag: "grader", def: "auto", valid: oneOf("auto", "model", "estimate"), set: func(c *Config, v string) { c.Judge.Grader = v }},
	{key: "judge.on_failure", def: "ask", valid: oneOf("ask", "estimate", "wait"), set: func(c *Config, v string) { c.Judge.OnFailure = v }},
	{key: "judge.calls", def: "auto", valid: oneOf("auto", "together", "apart"), set: func(c *Config, v string) { c.Judge.Calls = v }},
	{key: "judge.strictness", flag: "strictness", def: "normal", valid: oneOf("lenient", "normal", "strict"),
		set: func(c *Config, v string) { c.Judge.Strictness = grade.Strictness(v) }},
	{key: "interview.questions", flag: "questions", def: "5", valid: whole(1, 300), set: func(c *Config, v string) { c.Interview.Questions = number(v) }},
	{key: "interview.follow_ups", flag: "follow-ups", def: "1", valid: whole(0, 5), set: func(c *Config, v string) { c.Interview.FollowUps = number(v) }},
	{key: "interview.plain", flag: "plain", def: "false", valid: yesNo, set: func(c *Config, v string) { c.Interview.Plain = isYes(v) }},
	{key: "banks", flag: "bank", set: func(c *Config, v string) {
		if v != "" {
			c.Banks = strings.Split(v, "\n")
		}
	}},
	{key: "offline", flag: "offline", def: "false", valid: yesNo, set: func(c *Config, v string) { c.Offline = isYes(v) }},
}

func whole(min, max int) func(string) string {
	return func(v string) string {
		if n, err := strconv.Atoi(v); err != nil || n < min || n > max {
			return fmt.Sprintf("a whole number from %d to %d", min, max)
		}
		return ""
	}
}

func number(v string) int {
	n, _ := strconv.Atoi(v) // checked by whole
	return n
}

func oneOf(values ...string) func(string) string {
	return func(v string) string {
		if slices.Contains(values, v) {
			return ""
		}
		return "one of " + strings.Join(values, ", ")
	}
}

func yesNo(v string) string {
	if _, err := strconv.ParseBool(v); err != nil {
		return "true or false"
	}
	return ""
}

func isYes(v string) bool {
	yes, _ := strconv.ParseBool(v) // checked by yesNo
	return yes
}

func isURL(v string) string {
	u, err := url.Parse(v)
	if v == "" || err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.RawQuery == "" {
		return ""
	}
	return "an address such as http://127.0.0.1:11434/v1, without a password or key in it"
}

var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func isName(v string) string {
	if v == "" || variable.MatchString(v) {
		return ""
	}
	return "the name of an environment variable, not the key itself"
}

// configError lists everything wrong with the configuration, one fault a line.
type configError struct{ faults []string }

func (e *configError) Error() string { return strings.Join(e.faults, "\n") }
func (e *configError) Hint() string  { return "viva config show tells where each value comes from" }

// origin is a value as text and where it came from.
type origin struct{ key, value, from string }

// configPath is the file read unless --config names another one.
func configPath() string { return filepath.Join(xdg.ConfigHome, "viva", "config.yaml") }

// loadConfig reads flag > environment (VIVA_…, then ACCESSIBLE, which asks many
// programs for plain text) > file > OPENAI_… > default, and reports
// every fault at once. Each value's origin comes back beside the result.
func loadConfig(flags *pflag.FlagSet, path string, named bool) (Config, []origin, error) {
	file, faults := readConfigFile(path, named)
	var c Config
	origins := make([]origin, 0, len(settings))
	for _, s := range settings {
		o, err := s.resolve(flags, file, path)
		if err == nil && s.valid != nil {
			if should := s.valid(o.value); should != "" {
				err = s.fault(o, should)
			}
		}
		if err != nil {
			faults = append(faults, err.Error())
			continue
		}
		s.set(&c, o.value)
		origins = append(origins, o)
	}
	if len(faults) > 0 {
		return c, origins, &configError{faults}
	}
	c.Judge.override(flags, c.LLM)
	c.Judge.inherit(c.LLM)
	return c, origins, nil
}

func (s setting) fault(o origin, should string) error {
	if s.secret {
		return fmt.Errorf("%s (%s) should be %s", s.key, o.from, should)
	}
	return fmt.Errorf("%s is %q (%s): it should be %s", s.key, o.value, o.from, should)
}

// override lets the flags --base-url and --model, which speak of llm, beat what
// a file or the environment says of the judge.
func (j *JudgeConfig) override(flags *pflag.FlagSet, llm EndpointConfig) {
	if f := flags.Lookup("base-url"); f != nil && f.Changed {
		j.EndpointConfig = EndpointConfig{Model: j.Model}
	}
	if f := flags.Lookup("model"); f != nil && f.Changed {
		j.Model = llm.Model
	}
}

// inherit fills what the judge does not set itself. A judge with an address of
// its own takes no key meant for another host.
func (j *JudgeConfig) inherit(llm EndpointConfig) {
	own := j.BaseURL != ""
	if !own {
		j.BaseURL = llm.BaseURL
	}
	if j.Model == "" {
		j.Model = llm.Model
	}
	if !own && j.KeyEnv == "" && j.KeyFile == "" && j.KeyCmd == "" {
		j.KeyEnv, j.KeyFile, j.KeyCmd = llm.KeyEnv, llm.KeyFile, llm.KeyCmd
	}
	j.FirstSeconds, j.Silence, j.Deadline = llm.FirstSeconds, llm.Silence, llm.Deadline
}

// readConfigFile reads the YAML file and reports keys that nothing knows. A
// missing file is none, unless the user named it.
func readConfigFile(path string, named bool) (*viper.Viper, []string) {
	v := viper.New()
	v.SetConfigType("yaml")
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return v, nil
	case err != nil:
		return v, []string{fmt.Sprintf("read configuration: %v", err)}
	}
	if err := v.ReadConfig(bytes.NewReader(data)); err != nil {
		return v, []string{fmt.Sprintf("%s is not YAML: %s", path, strings.TrimPrefix(rootCause(err).Error(), "yaml: "))}
	}
	var faults []string
	for _, key := range v.AllKeys() {
		if v.Get(key) == nil {
			continue // a section or key with nothing in it
		}
		if !slices.ContainsFunc(settings, func(s setting) bool { return s.key == key }) {
			faults = append(faults, fmt.Sprintf("unknown key %q in %s: see viva config show for the keys there are", key, path))
		}
	}
	slices.Sort(faults)
	return v, faults
}

func rootCause(err error) error {
	for errors.Unwrap(err) != nil {
		err = errors.Unwrap(err)
	}
	return err
}

// resolve finds the setting's value and where it came from.
func (s setting) resolve(flags *pflag.FlagSet, file *viper.Viper, path string) (origin, error) {
	if f := flags.Lookup(s.flag); f != nil && f.Changed {
		value := f.Value.String()
		if list, ok := f.Value.(pflag.SliceValue); ok {
			value = strings.Join(list.GetSlice(), "\n")
		}
		return origin{s.key, value, "flag --" + s.flag}, nil
	}
	env := "VIVA_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
	if value := os.Getenv(env); value != "" {
		if s.key == "banks" {
			value = strings.Join(filepath.SplitList(value), "\n")
		}
		return origin{s.key, value, env}, nil
	}
	if s.key == "interview.plain" && os.Getenv("ACCESSIBLE") != "" {
		return origin{s.key, "true", "ACCESSIBLE"}, nil
	}
	if file.IsSet(s.key) {
		value, ok := scalar(file.Get(s.key), s.key == "banks")
		if !ok {
			return origin{}, fmt.Errorf("%s in %s should be a single value", s.key, path)
		}
		return origin{s.key, value, path}, nil
	}
	if value := os.Getenv("OPENAI_BASE_URL"); value != "" && s.key == "llm.base_url" {
		return origin{s.key, value, "OPENAI_BASE_URL"}, nil
	}
	return origin{s.key, s.def, "default"}, nil
}

// scalar gives a YAML value as text; a list only where one is allowed.
func scalar(v any, list bool) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "", true
	case string, int, bool, float64:
		return fmt.Sprint(v), true
	case []any:
		parts := make([]string, len(v))
		for i, x := range v {
			parts[i] = fmt.Sprint(x)
		}
		return strings.Join(parts, "\n"), list
	}
	return "", false
}
