package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// fullDisk is a session on a disk of 400 kB that is full at the start of the
// second interview, and gets full in the middle of the third.
const fullDisk = `
mount -t tmpfs -o size=400k none "$HOME" || exit
viva() { VIVA_TEST_RUN=1 "$SELF" "$@"; }
fill() { dd if=/dev/zero of="$HOME/fill" bs=1k 2>/dev/null; }
printf 'EBS survives a stop.\n.\n' | viva --question ebs-vs-instance-store --follow-ups 0 >/dev/null
fill
echo '== full at the start'
printf 'It boots.\n.\n' | viva --question 77 --follow-ups 0 2>&1
echo "== exit code $?"
viva history --json 2>&1
rm "$HOME/fill"
echo '== full in the middle'
{
	tries=0
	until grep -q "^Your answer" "$OUT" || [ $((tries += 1)) -gt 1000 ]; do sleep 0.02; done
	fill
	printf 'It boots.\n.\n'
} | viva --question 77 --follow-ups 0 >"$OUT" 2>&1
echo "== exit code $?"
cat "$OUT"
rm "$HOME/fill"
echo '== room again'
printf 'It boots.\n.\n' | viva resume 2>&1
viva history --json 2>&1
`

func TestAFullDiskLosesNothingThatWasAccepted(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	home, out := filepath.Join(dir, "home"), filepath.Join(dir, "out")
	if err := os.Mkdir(home, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(out, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	// A mount of our own needs no privileges inside a user namespace.
	cmd := exec.CommandContext(t.Context(), "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", fullDisk)
	cmd.Env = append(os.Environ(), "SELF="+self, "OUT="+out, "HOME="+home, "NO_COLOR=1", "XDG_DATA_HOME="+filepath.Join(home, "data"),
		"XDG_CONFIG_HOME="+filepath.Join(dir, "config"), "XDG_CACHE_HOME="+filepath.Join(dir, "cache"))
	data, err := cmd.CombinedOutput()
	if strings.Contains(string(data), "unshare:") || strings.Contains(string(data), "mount:") || len(data) == 0 {
		t.Skipf("no disk can be mounted here: %v %s", err, data)
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	parts := regexp.MustCompile(`(?m)^== (full|room) .*\n`).Split(string(data), -1)
	const refused = `viva: .*cannot be written.*\ntry: free some space.*\n`
	for n, want := range []string{
		``,
		`^` + refused + `== exit code 1\n.*"state":"done".*\n$`,
		`^== exit code 1\nQuestion 1.*\nYour answer.*\n` + refused + `$`,
		`\nGrade: (?s:.*)"state":"done".*\n.*"state":"done".*\n$`,
	} {
		if len(parts) != 4 || !regexp.MustCompile(want).MatchString(parts[n]) {
			t.Fatalf("part %d of the session does not match %s:\n%s", n, want, data)
		}
	}
}
