package node

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"ipledger/node/store"
)

// A test that kills a node without warning runs it as a process of its own:
// this test binary, told so by its environment.
const (
	childConfig = "IPLEDGER_TEST_CHILD"
	childFault  = "IPLEDGER_TEST_FAULT" // a step of the store that breaks after height 1
)

func TestMain(m *testing.M) {
	if raw := os.Getenv(childConfig); raw != "" {
		if err := beChild([]byte(raw)); err != nil {
			fmt.Println("error", err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// beChild runs one node. Each line of standard input is an act to submit; each
// is answered by a line.
func beChild(raw []byte) error {
	var cfg Config
	if err := json.Unmarshal(raw, &cfg); err != nil {
		return err
	}
	var n *Node
	f := faults{before: func(step string) error {
		if step == os.Getenv(childFault) && step == store.StepCommit && n != nil && n.engine.View().Head.Height >= 1 {
			return errors.New("planted: the disk breaks")
		}
		return nil
	}}
	n, err := newNode(cfg, slog.New(slog.DiscardHandler), f)
	if err != nil {
		return err
	}
	go func() {
		if err := n.Run(context.Background()); err != nil {
			fmt.Println("error", err)
		}
	}()
	fmt.Println("running")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		act, err := hex.DecodeString(lines.Text())
		if err != nil {
			return err
		}
		if id, err := n.Submit(context.Background(), act); err != nil {
			fmt.Println("refused", err)
		} else {
			fmt.Println("acknowledged", id)
		}
	}
	select {}
}

// child is a node in a process of its own.
type child struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.Writer
	out *bufio.Scanner
}

func startChild(t *testing.T, cfg Config, env ...string) *child {
	raw, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), childConfig+"="+string(raw)), env...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &child{t, cmd, in, bufio.NewScanner(out)}
	t.Cleanup(c.kill)
	c.expect("running")
	return c
}

func (c *child) expect(prefix string) {
	c.t.Helper()
	if !c.out.Scan() || !strings.HasPrefix(c.out.Text(), prefix) {
		c.t.Fatalf("the child says %q, want %q", c.out.Text(), prefix)
	}
}

func (c *child) submit(raw []byte) {
	c.t.Helper()
	fmt.Fprintln(c.in, hex.EncodeToString(raw))
	c.expect("acknowledged")
}

// kill ends the process without warning, as kill -9 does.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
}
