package words

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// entry is the texts of a small entry about cold starts.
var entry = []string{
	"What is a Lambda cold start?",
	"A cold start is environment creation. Provisioned concurrency avoids it. Small packages help.",
	"Reserved concurrency is a share and a cap.",
}

func TestClausesCoverSpeechWithoutStops(t *testing.T) {
	t.Parallel()
	var said []string
	for i := range 100 {
		said = append(said, "word"+strings.Repeat("x", i%5))
	}
	text := strings.Join(said, " ")
	cs := Clauses(text)
	if len(cs) < 5 {
		t.Errorf("%d clauses from 100 words without a stop, want windows", len(cs))
	}
	for _, c := range cs[1:] {
		if n := len(strings.Fields(c.Text)); n > clauseMax {
			t.Errorf("a clause of %d words, want at most %d", n, clauseMax)
		}
	}
}

func TestIsEnglish(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]bool{
		"It has to boot a new container before the code runs.":                                                  true,
		"um so basically the function it needs to like start up first you know":                                 true,
		"Provisioned concurrency hält Umgebungen bereit, damit der erste Aufruf nicht warten muss.":             false,
		"Un démarrage à froid est le temps que Lambda met pour créer un environnement d'exécution.":             false,
		"Es el tiempo que tarda Lambda en crear un entorno nuevo antes de ejecutar el código.":                  false,
		"È il tempo che Lambda impiega per creare un ambiente prima di eseguire il codice.":                     false,
		"これは Lambda が実行環境を作成する時間です。プロビジョニング済み同時実行を使います。":                                                        false,
		"Это время, за которое Lambda создаёт среду выполнения перед запуском кода.":                            false,
		"Rezerwowana współbieżność ogranicza funkcję, a aprowizowana utrzymuje gotowe środowiska":               false,
		"SCP: guardrail, OU or account. Prod OU, dev OU, sandbox OU: max permissions. IAM: grants permissions.": true,
		"warm = ready": true,
		"S3 → SQS → Lambda, DLQ for poison messages, retry 2x": true,
	} {
		if got := IsEnglish(answer, Vocabulary(entry)); got != want {
			t.Errorf("IsEnglish(%q) = %v, want %v", answer, got, want)
		}
	}
}

func FuzzClausesStandInTheAnswer(f *testing.F) {
	f.Add("It boots first, and then it runs; twice.")
	f.Fuzz(func(t *testing.T, answer string) {
		for _, c := range Clauses(answer) {
			if !strings.Contains(answer, c.Text) {
				t.Errorf("clause %q does not stand in %q", c.Text, answer)
			}
		}
	})
}

func TestRespell(t *testing.T) {
	t.Parallel()
	known := Vocabulary([]string{"What happens to an asynchronous event?", "Lambda keeps the event in a queue and tries the function again. It is not encrypted."})
	common := []string{"the", "and", "server", "serves", "before", "boto"}
	english := func(w string) (int, bool) {
		at := slices.Index(common, w)
		return at, at >= 0
	}
	for name, test := range map[string]struct{ answer, want string }{
		"a misspelt answer is drawn to the entry":      {"Lamda keps teh evnet in the qeue", "lambda keeps the event in the queue"},
		"and to plain English":                         {"Lamda keps the evnet befroe the servre", "lambda keeps the event before the server"},
		"one slip among many words is left alone":      {"Lambda keeps each evnet in the queue and tries it again", "lambda keeps each evnet in the queue and tries it again"},
		"a prefix is no slip":                          {"synchronous decrypted", "synchronous decrypted"},
		"a name that is no English word is left alone": {"Lambda keeps it via kubectl", "lambda keeps it via kubectl"},
	} {
		got := Respell([]string{test.answer}, test.answer, known, english)
		if strings.ToLower(got[0]) != test.want {
			t.Errorf("%s: %q, want %q", name, got[0], test.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"up to fifteen minutes":              {"15"},
		"15 minutes, 10,240 MB, 99.9%":       {"10240", "15", "99.9"},
		"twenty-five or three hundred":       {"25", "300"},
		"S3 and EC2 hold one thing each":     nil,
		"ten thousand requests, two at once": {"10000", "2"},
		"10GB in /tmp":                       {"10"},
	} {
		if got := slices.Sorted(maps.Keys(Numbers(text))); !slices.Equal(got, want) {
			t.Errorf("Numbers(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestOpposedSeesAWordThatTurnsAStatementRound(t *testing.T) {
	t.Parallel()
	for said, want := range map[string]int{
		"a security group is stateless":       1,
		"a security group is stateful":        0,
		"stateful, where an ACL is stateless": 0, // it says both
	} {
		if got := Opposed(AllStems(said), AllStems("Security groups are stateful.")); got != want {
			t.Errorf("Opposed(%q) = %d, want %d", said, got, want)
		}
	}
}

func TestStemJoinsTheFormsOfAWord(t *testing.T) {
	t.Parallel()
	for _, forms := range []string{"scale scales scaled scaling", "policy policies", "run runs running", "access accesses", "slow slowly"} {
		var stems []string
		for _, w := range strings.Fields(forms) {
			stems = append(stems, Stem(w))
		}
		if len(slices.Compact(stems)) != 1 {
			t.Errorf("stems of %q: %q, want one", forms, stems)
		}
	}
}
