package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"viva/interviewer/journal"
)

// symptom is what doctor found out about one thing. Its JSON form is stable.
type symptom struct {
	About string `json:"about"` // configuration, bank, journal, endpoint or calibration
	OK    bool   `json:"ok"`
	Says  string `json:"says"`
	Next  string `json:"next,omitempty"` // what to do about it
}

func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Check configuration, bank, journal, endpoint and calibration",
		Long: `Checks what viva rests on, and says of each what to do next. It asks a configured
endpoint for its list of models, and sends nothing else.`,
		Example:     "  viva doctor\n  viva doctor --offline --json",
		Args:        noArgs,
		Annotations: map[string]string{"config": "unread"},
		RunE:        func(cmd *cobra.Command, _ []string) error { return a.doctor(cmd) },
	}
}

func (a *app) doctor(cmd *cobra.Command) error {
	ctx := cmd.Context()
	findings := []symptom{a.checkConfig(cmd)}
	if findings[0].OK { // else nothing is known of the rest
		findings = append(findings, a.checkBank(), checkJournal(ctx))
		findings = append(findings, a.checkModel(ctx)...)
	}
	failed := false
	for _, f := range findings {
		failed = failed || !f.OK
		if err := a.printSymptom(f); err != nil {
			return err
		}
	}
	if failed {
		return errSilent
	}
	return nil
}

func (a *app) printSymptom(f symptom) error {
	if a.json {
		return a.printJSON(f)
	}
	sign := "✓"
	if !f.OK {
		sign = "✗"
	}
	_, err := fmt.Fprintf(a.out, "%s %-13s %s\n", sign, f.About, f.Says)
	if f.Next != "" && err == nil {
		_, err = fmt.Fprintf(a.out, "  %-13s next: %s\n", "", f.Next)
	}
	return err
}

func (a *app) checkConfig(cmd *cobra.Command) symptom {
	path, named := configPath(), false
	if a.configFile != "" {
		path, named = a.configFile, true
	}
	if _, _, err := loadConfig(cmd.Flags(), path, named); err != nil {
		return symptom{"configuration", false, err.Error(), "mend " + path + "; viva config show tells where each value comes from"}
	}
	return symptom{About: "configuration", OK: true, Says: path + ", flags and environment are valid"}
}

func (a *app) checkBank() symptom {
	lib, err := a.library()
	if err != nil {
		return symptom{"bank", false, err.Error(), "viva bank lint names every fault"}
	}
	var names []string
	for _, b := range lib {
		names = append(names, b.Name)
	}
	return symptom{About: "bank", OK: true, Says: fmt.Sprintf("%d questions in %s", len(lib.Questions()), strings.Join(names, ", "))}
}

func checkJournal(ctx context.Context) symptom {
	j, err := journal.OpenReadOnly(ctx, journalPath())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return symptom{"journal", true, "no interview yet", "viva starts one"}
	case err != nil:
		return symptom{"journal", false, err.Error(), ""}
	}
	defer j.Close()
	sessions, err := j.List(ctx)
	if err != nil {
		return symptom{"journal", false, err.Error(), ""}
	}
	w, err := openJournal(ctx) // writes to it
	if err != nil {
		return symptom{"journal", false, err.Error(), hint(err)}
	}
	w.Close()
	return symptom{About: "journal", OK: true, Says: fmt.Sprintf("%d interviews in %s", len(sessions), journalPath())}
}

// checkModel checks the endpoint and what is known of its model.
func (a *app) checkModel(ctx context.Context) []symptom {
	client, err := a.judge(ctx)
	switch {
	case err != nil:
		return []symptom{{"endpoint", false, err.Error(), hint(err)}}
	case client == nil:
		return []symptom{{"endpoint", true, "no model grades: grades are estimates", "viva config init --base-url http://127.0.0.1:11434/v1 --model NAME"}}
	}
	at := fmt.Sprintf("%s (%s)", client.Host(), client.Model())
	known, err := client.Models(ctx)
	if err != nil {
		return []symptom{{"endpoint", false, err.Error(), hint(err)}, checkCalibration(client.Host(), client.Model())}
	}
	f := symptom{About: "endpoint", OK: true, Says: at + " answers"}
	if !slices.Contains(known, client.Model()) {
		f.Says, f.Next = at+" answers, and its list of models does not name this one", "take the name from the list, unless the server accepts any"
	}
	return []symptom{f, checkCalibration(client.Host(), client.Model())}
}

func checkCalibration(host, model string) symptom {
	c, ok, err := readCalibration(host, model)
	switch {
	case err != nil:
		return symptom{"calibration", false, err.Error(), "viva calibrate"}
	case !ok:
		return symptom{"calibration", true, "nobody knows yet how well " + model + " grades", "viva calibrate"}
	}
	return symptom{About: "calibration", OK: true, Says: fmt.Sprintf("%s on %s: kappa %.2f, correlation %.2f, pairs in order %.2f. %s",
		model, c.At.Local().Format(time.DateOnly), c.Grader.Kappa, c.Grader.Correlation, c.Grader.Ordered, inWords(c.Fitness))}
}
