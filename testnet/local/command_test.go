package local_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ipledger/testnet/local"
)

// kept is what a program wrote, while it runs.
type kept struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (k *kept) Write(p []byte) (int, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.Write(p)
}

func (k *kept) String() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.b.String()
}

// TestCommand runs `ipledgerd testnet` as people do, asks its nodes, kills one
// and interrupts it.
func TestCommand(t *testing.T) {
	home := filepath.Join(t.TempDir(), "net")
	cmd := exec.Command(binary, "testnet", "--home", home, "--validators", "1", "--full-nodes", "1")
	var errs kept
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // it has ended unless the test failed
	said := untilReady(t, bufio.NewScanner(out), &errs)
	for _, want := range []string{"validator-1", "full-1", "export IPLEDGER_TESTNET=", "ipledger lookup", "ipledger transfer offer"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	f := fileIn(t, home)
	askAsOperator(t, f.Nodes[1].HTTP)
	full, err := os.FindProcess(f.Nodes[1].PID)
	if err == nil {
		err = full.Kill()
	}
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); !strings.Contains(errs.String(), "full-1 died") && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
	if !strings.Contains(errs.String(), "full-1 died (signal: killed)") {
		t.Errorf("it does not tell of a node that died: %s", errs.String())
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("interrupted, it ends with %v: %s", err, errs.String())
	}
	if validator, err := os.FindProcess(f.Nodes[0].PID); err == nil && validator.Signal(syscall.Signal(0)) == nil {
		t.Error("a node outlives the network")
	}
}

func untilReady(t *testing.T, lines *bufio.Scanner, errs *kept) string {
	t.Helper()
	var said strings.Builder
	for lines.Scan() {
		if lines.Text() == "ready" {
			return said.String()
		}
		said.WriteString(lines.Text() + "\n")
	}
	t.Fatalf("it ended before it was ready: %s", errs.String())
	return ""
}

func fileIn(t *testing.T, home string) (f local.File) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(home, "testnet.json"))
	if err == nil {
		err = json.Unmarshal(raw, &f)
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// askAsOperator uses the operators' commands on a node.
func askAsOperator(t *testing.T, url string) {
	t.Helper()
	for _, c := range []struct{ args, want string }{
		{"wait --synced --timeout 1m", ""},
		{"status", "phase    ready"},
		{"status --json", `"synced":true`},
	} {
		out, err := exec.Command(binary, append(strings.Fields(c.args), "--node", url)...).CombinedOutput()
		if err != nil || !strings.Contains(string(out), c.want) {
			t.Errorf("%s: %v\n%s", c.args, err, out)
		}
	}
}
