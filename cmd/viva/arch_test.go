package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// listed is a package of the module with what it imports itself, and with
// everything below it.
type listed struct{ imports, deps []string }

func packages(t *testing.T) map[string]listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f",
		`{{.ImportPath}}|{{join .Imports ","}}|{{join .Deps ","}}`, "viva/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]listed{}
	for _, l := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		f := strings.Split(l, "|")
		all[f[0]] = listed{strings.Split(f[1], ","), strings.Split(f[2], ",")}
	}
	return all
}

// TestEachLibraryHasOneImporter keeps what is particular to a library in one place.
func TestEachLibraryHasOneImporter(t *testing.T) {
	t.Parallel()
	all := packages(t)
	for library, home := range map[string]string{
		"github.com/sashabaranov/go-openai":  "viva/interviewer/llm",
		"github.com/philippgille/chromem-go": "viva/index",
		"charm.land/bubbletea/v2":            "viva/cmd/viva/tui",
		"github.com/spf13/viper":             "viva/cmd/viva",
		"modernc.org/sqlite":                 "viva/interviewer/journal",
		"golang.org/x/sys/cpu":               "viva/index/embed/kernel",
		"github.com/mmcloughlin/avo/build":   "viva/index/embed/kernel/gen",
	} {
		var importers []string
		for name, p := range all {
			if slices.Contains(p.imports, library) {
				importers = append(importers, name)
			}
		}
		if !slices.Equal(importers, []string{home}) {
			t.Errorf("%s is imported by %v, want %s alone", library, importers, home)
		}
	}
}

// TestArrowsPointOneWay guards the picture of who may know whom.
func TestArrowsPointOneWay(t *testing.T) {
	t.Parallel()
	all := packages(t)
	const grade = "viva/interviewer/grade"
	texts := []string{"viva/content", "viva/prompts"}
	grading := append(slices.Clone(texts), grade+"/words", grade+"/boost", grade+"/estimate")
	interview := append(slices.Clone(grading), grade, "viva/interviewer")
	for name, allowed := range map[string][]string{
		"viva/content":             {},
		"viva/prompts":             {"viva/content"},
		"viva/index/embed/kernel":  {},
		"viva/index/embed":         {"viva/index/embed/kernel"},
		"viva/index/lexical":       {},
		"viva/index/rank":          {},
		"viva/index":               {"viva/content", "viva/index/embed", "viva/index/embed/kernel", "viva/index/lexical", "viva/index/rank"},
		grade + "/words":           {"viva/content"},
		grade + "/boost":           {},
		grade + "/estimate":        {"viva/content", grade + "/words", grade + "/boost"},
		grade:                      grading,
		grade + "/calibrate":       append(slices.Clone(grading), grade),
		"viva/interviewer":         interview,
		"viva/interviewer/llm":     texts,
		"viva/interviewer/journal": interview,
		"viva/cmd/viva/plain":      interview,
		"viva/cmd/viva/tui":        interview,
	} {
		p, ok := all[name]
		if !ok {
			t.Errorf("no package %s", name)
		}
		for _, d := range p.deps {
			if strings.HasPrefix(d, "viva/") && !slices.Contains(allowed, d) {
				t.Errorf("%s depends on %s", name, d)
			}
		}
	}
}

// TestTheCoreKnowsNoLibrary keeps the interview and the grading free of clients,
// stores, terminals and databases, and the bank free of all but a YAML reader.
func TestTheCoreKnowsNoLibrary(t *testing.T) {
	t.Parallel()
	all := packages(t)
	for _, name := range []string{"viva/interviewer", "viva/interviewer/grade", "viva/interviewer/grade/calibrate", "viva/prompts", "viva/content"} {
		for _, d := range all[name].deps {
			outside := strings.Contains(strings.Split(d, "/")[0], ".")
			if outside && !strings.HasPrefix(d, "go.yaml.in/yaml/v4") {
				t.Errorf("%s depends on %s", name, d)
			}
		}
	}
}
