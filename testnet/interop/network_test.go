// Package interop lets programs that others wrote read a real test network:
// routers' daemons, RPKI tools. It is tests alone.
//
//	go test ./testnet/interop -interop -v
//
// A program that this machine has not is skipped by its name.
package interop_test

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/testnet/local"
)

var interop = flag.Bool("interop", false, "run the programs of others against a test network")

// full is the node that is read: the full node after one validator.
const full = 1

// network is the network that all tests read, started by the first.
var network *local.Network

func TestMain(m *testing.M) { os.Exit(mainTest(m)) }

func mainTest(m *testing.M) int {
	flag.Parse()
	if !*interop {
		fmt.Println("interop: not asked for (-interop)")
		return 0
	}
	dir, err := os.MkdirTemp("", "interop-*")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(dir)
	if network, err = begin(dir); err != nil {
		fmt.Println(err)
		return 1
	}
	code := m.Run()
	if err := network.Stop(); err != nil {
		fmt.Println(err)
		return 1
	}
	return code
}

// burst is how many requests this machine may send at once: the programs that read
// send far fewer, and the test of the limit twice as many.
const burst = 2000

// limits hold this machine to limits as if it were another.
var limits = []string{"limit_loopback = true", "connections_per_address = 1024", "requests_per_second = 100", fmt.Sprintf("requests_burst = %d", burst)}

func begin(dir string) (*local.Network, error) {
	binary := filepath.Join(dir, "ipledgerd")
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", binary, "ipledger/cmd/ipledgerd").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build ipledgerd: %w: %s", err, out)
	}
	supplied = filepath.Join(dir, "vrps.json")
	if err := supply(`{"asn": 19281, "prefix": "9.9.9.0/24", "maxLength": 24}`); err != nil {
		return nil, err
	}
	n, err := local.Start(context.Background(), local.Options{
		Home: filepath.Join(dir, "net"), Binary: binary, Validators: 1, FullNodes: 1, Heartbeat: 2,
		Settings: append([]string{fmt.Sprintf("rpki_vrps = %q", supplied)}, limits...),
	})
	if err != nil {
		return nil, err
	}
	for _, a := range authorised {
		if err := authorise(n, a); err != nil {
			return nil, errors.Join(err, n.Stop())
		}
	}
	return n, nameProviders(n)
}

// authorisation is what a holder of the world lets an AS announce.
type authorisation struct {
	holder, prefix string
	most, as       uint64
}

var authorised = []authorisation{
	{"nordlicht", "5.44.0.0/22", 24, 2121},
	{"nordlicht", "5.44.0.0/24", 24, 3333},
	{"nordlicht", "5.44.8.0/21", 21, 0},
}

func authorise(n *local.Network, a authorisation) error {
	block, err := inr.Parse(a.prefix)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, _, err = n.Do(ctx, full, a.holder, 3, &tx.OriginAuthorise{Resource: block, MaxLength: a.most, AS: a.as})
	return err
}

// supplied is what an RPKI validator would export to the nodes.
var supplied string

func supply(rows ...string) error {
	text := "{\"metadata\": {}, \"roas\": [" + strings.Join(rows, ", ") + "]}\n"
	if err := os.WriteFile(supplied+".new", []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(supplied+".new", supplied)
}

// tool is the name of a program, or the end of a test that has it not.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not on this machine", name)
	}
	return path
}

// routers is the address for routers, as host and port.
func routers(t *testing.T) (host, port string) {
	t.Helper()
	host, port, err := net.SplitHostPort(network.File.Nodes[full].RTR)
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

// free is a port of loopback that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// payload is a route payload as programs print it.
type payload struct {
	prefix netip.Prefix
	most   int
	as     uint64
}

func (p payload) String() string { return fmt.Sprintf("%v-%d AS%d", p.prefix, p.most, p.as) }

// served is what the ledger says, by the node's own list.
func served(t *testing.T) (list []payload) {
	t.Helper()
	raw, err := network.Fetch(t.Context(), full, "/vrps.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		list = append(list, parsed(t, row[1], row[2], strings.TrimPrefix(row[0], "AS")))
	}
	return sorted(list)
}

func parsed(t *testing.T, prefix, most, as string) payload {
	t.Helper()
	p, err := netip.ParsePrefix(strings.TrimSpace(prefix))
	n, err2 := strconv.Atoi(strings.TrimSpace(most))
	number, err3 := strconv.ParseUint(strings.TrimSpace(as), 10, 32)
	for _, err := range []error{err, err2, err3} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return payload{p, n, number}
}

func sorted(list []payload) []payload {
	slices.SortFunc(list, func(a, b payload) int { return strings.Compare(a.String(), b.String()) })
	return list
}

// families counts what the ledger says by family.
func families(t *testing.T) (four, six int) {
	for _, p := range served(t) {
		if p.prefix.Addr().Is4() {
			four++
		} else {
			six++
		}
	}
	return four, six
}

// eventually waits up to a time until done is true.
func eventually(t *testing.T, what string, most time.Duration, done func() bool) time.Duration {
	t.Helper()
	begun := time.Now()
	for time.Since(begun) < most {
		if done() {
			return time.Since(begun)
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("waited %v for %s", most, what)
	return 0
}

// daemon runs a program until the test ends, and gives the name of the file of what
// it says, which the log of a test that fails has.
func daemon(t *testing.T, name string, args ...string) string {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "said"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = log.Close()
		if said, err := os.ReadFile(log.Name()); t.Failed() {
			t.Logf("%s said:\n%s%v", name, said, err)
		}
	})
	return log.Name()
}

// run is what a program says; how it ends is of no interest to some tests.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Sprintf("%s: %v", out, err)
	}
	return string(out)
}
