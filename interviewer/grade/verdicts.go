package grade

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"viva/content"
)

// verdicts is the reply to the judge prompt.
type verdicts struct {
	Points   pointVerdicts  `json:"points"`
	Mistakes []MistakeFound `json:"mistakes"`
}

type pointVerdict struct {
	ID      string  `json:"id"`
	Quote   string  `json:"quote"`
	Verdict Verdict `json:"verdict"`

	firmness Firmness
}

// on returns the verdict on a point.
func (v verdicts) on(point string) (pointVerdict, bool) {
	for _, p := range v.Points {
		if p.ID == point {
			return p, true
		}
	}
	return pointVerdict{}, false
}

// pointVerdicts reads an object of verdicts by id, which is asked for, and also
// a list of verdicts with an id each, which some models write all the same.
// Doubled keys are kept, so that parse can see them.
type pointVerdicts []pointVerdict

// UnmarshalJSON implements json.Unmarshaler.
func (ps *pointVerdicts) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return json.Unmarshal(data, (*[]pointVerdict)(ps))
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if _, err := dec.Token(); err != nil { // the opening brace
		return err
	}
	for dec.More() {
		id, err := dec.Token()
		if err != nil {
			return err
		}
		v := pointVerdict{}
		if err := dec.Decode(&v); err != nil {
			return err
		}
		v.ID, _ = id.(string)
		*ps = append(*ps, v)
	}
	return nil
}

// parse reads a reply and names what does not fit: a point missing, doubled or
// unknown, or a verdict of another name.
func parse(reply string, points []content.Point) (verdicts, []string) {
	var v verdicts
	if err := json.Unmarshal([]byte(reply), &v); err != nil {
		return v, []string{"it is not the JSON object asked for"}
	}
	var faults, missing, doubled []string
	seen := map[string]int{}
	for i := range v.Points {
		p := &v.Points[i]
		p.Verdict = Verdict(strings.ToLower(strings.TrimSpace(string(p.Verdict))))
		seen[p.ID]++
		if !slices.Contains([]Verdict{Met, Partly, Missed, Contradicted}, p.Verdict) {
			faults = append(faults, fmt.Sprintf("point %q has the verdict %q: it should be met, partly, missed or contradicted", p.ID, p.Verdict))
		}
		if !slices.ContainsFunc(points, func(x content.Point) bool { return x.ID == p.ID }) {
			faults = append(faults, fmt.Sprintf("there is no point %q", p.ID))
		}
	}
	for _, p := range points {
		switch seen[p.ID] {
		case 0:
			missing = append(missing, p.ID)
		case 1:
		default:
			doubled = append(doubled, p.ID)
		}
	}
	if len(missing) > 0 {
		faults = append(faults, "no verdict on "+strings.Join(missing, ", "))
	}
	if len(doubled) > 0 {
		faults = append(faults, "more than one verdict on "+strings.Join(doubled, ", "))
	}
	return v, faults
}
