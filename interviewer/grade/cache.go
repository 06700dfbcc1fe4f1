package grade

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"viva/content"
)

// Store keeps what cost a model's time. It may forget, and need not say so.
type Store interface {
	Load(key string) (data []byte, ok bool)
	Save(key string, data []byte)
}

// key names a grade by all that it depends on: the whole prompt, which holds
// question, points and answer, and who judges how.
func (j *Judge) key(s Submission, points []content.Point) (string, error) {
	p, err := judgePrompt(s, points, s.Reference.Question.Mistakes)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\x00%s\x00%s\x00%v\x00%v\x00%v\x00%s\x00", j.Endpoint, j.Name, j.Strictness, j.Apart, j.Silent, j.Follows, p.Version)
	for _, m := range p.Messages {
		fmt.Fprintf(h, "%s\x00%s\x00", m.Role, m.Text)
	}
	for _, p := range points {
		fmt.Fprintf(h, "%d\x00", p.Weight)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// kept returns the stored grade; one that cannot be read is as good as none.
func (j *Judge) kept(key string) (Grade, bool) {
	if j.Store == nil {
		return Grade{}, false
	}
	data, ok := j.Store.Load(key)
	var g Grade
	if !ok || json.Unmarshal(data, &g) != nil || g.Score == nil {
		return Grade{}, false
	}
	return g, true
}

func (j *Judge) keep(key string, g Grade) {
	if j.Store == nil {
		return
	}
	if data, err := json.Marshal(g); err == nil {
		j.Store.Save(key, data)
	}
}
