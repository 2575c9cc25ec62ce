package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ipledger/testnet/local"
)

// TestTour runs the scripts that need a network, against one of real processes
// on this machine.
func TestTour(t *testing.T) {
	t.Parallel()
	certs := newRegistry(t)
	onNetwork(t, "testdata/network", certs, local.Options{
		FullNodes: 1, Heartbeat: 2,
		// Long enough to speak against, to vote or to see it, short enough to wait for.
		Parameters: []string{"recovery_seconds = 25", "claim_a_seconds = 6", "source_seconds = 6", "source_share = 30000", "panel_seconds = 10", "vote_seconds = 900", "ceased_seconds = 20", littleWork},
		Anchors:    certs.anchors(),
	})
}

// TestUpgrade_ADM12_GOV10 runs the scripts that change the rules of a network, each
// act of which names the version that is in force.
func TestUpgrade_ADM12_GOV10(t *testing.T) {
	t.Parallel()
	onNetwork(t, "testdata/upgrade", nil, local.Options{
		Heartbeat: 1, Parameters: []string{"vote_seconds = 900", "upgrade_seconds = 3", littleWork},
	})
}

// littleWork lets a story open an account by work at once, not after ten seconds of
// all processors.
const littleWork = "work_bits = 12"

// TestContest_CLAIM16_DISP16_DISP29 runs the script of contested claims, whose terms are
// shorter and whose panels wait longer than those of the other scripts.
func TestContest_CLAIM16_DISP16_DISP29(t *testing.T) {
	t.Parallel()
	certs := newRegistry(t)
	onNetwork(t, "testdata/contest", certs, local.Options{
		Heartbeat:  2, // panels: long enough to appeal, and for members to decide, on a slow machine
		Parameters: []string{"claim_b_seconds = 25", "unanswered_seconds = 60", "panel_seconds = 45"},
		Anchors:    certs.anchors(),
	})
}

// onNetwork runs the scripts of a folder against a network.
func onNetwork(t *testing.T, scripts string, certs *registry, o local.Options) {
	dir := t.TempDir()
	built, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	o.Binary = filepath.Join(built, "ipledgerd")
	o.Home, o.Tell = filepath.Join(dir, "net"), func(line string) { t.Log(line) }
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	net, err := local.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := net.Stop(); err != nil {
			t.Errorf("stop: %v", err)
		}
	})
	places := make(chan struct{}, shortAtOnce)
	testscript.Run(t, testscript.Params{
		Dir: scripts, RequireExplicitExec: true, Cmds: networkCommands(),
		Setup: func(e *testscript.Env) error {
			inTurn(places, e)
			e.Setenv("IPLEDGER_TESTNET", net.FileName())
			e.Setenv("NET", net.Home)
			e.Setenv("PEER", net.File.Nodes[1].P2P)
			e.Values[transcript] = new([]step)
			e.Values[registryName] = certs
			return asTyped(e)
		},
	})
}

// longWaits is the stories that wait for windows of a minute: they begin at once,
// and the others run meanwhile, some at a time.
var longWaits = []string{"registrar", "recoveryproved", "dispute", "recoveryveto", "recovery", "charge", "acts"}

// shortAtOnce is how many of the other stories run side by side.
const shortAtOnce = 3

// inTurn lets a story begin when it may.
func inTurn(places chan struct{}, e *testscript.Env) {
	if slices.Contains(longWaits, strings.TrimPrefix(filepath.Base(e.WorkDir), "script-")) {
		return
	}
	places <- struct{}{}
	e.Defer(func() { <-places })
}

func networkCommands() map[string]func(*testscript.TestScript, bool, []string) {
	all := map[string]func(*testscript.TestScript, bool, []string){"follow": follow, "keep": keep, "type": typing, "readme": readme, "eventually": eventually, "publish": publish, "certify": certify, "liar": liar}
	for name, f := range commands {
		all[name] = f
	}
	return all
}

// follow runs the next command that the last one told, as a newcomer would type
// it: NAME=VALUE fills in what the told command leaves open, anything else is
// added at the end.
func follow(ts *testscript.TestScript, _ bool, args []string) {
	told := field(ts, "next")
	told, _, _ = strings.Cut(told, "#")
	words := strings.Fields(told)
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			words = append(words, arg)
			continue
		}
		for i := range words {
			if words[i] == name {
				words[i] = value
			}
		}
	}
	ts.Logf("> %s", strings.Join(words, " "))
	typing(ts, false, words)
}

// eventually repeats a command until it prints what is wanted, for what comes with
// time: eventually '^holder +bob' ipledger lookup 193.0.8.1. It gives up only where
// the whole test would.
func eventually(ts *testscript.TestScript, _ bool, args []string) {
	want := regexp.MustCompile("(?m)" + args[0])
	for try := range 160 {
		if ts.Exec(args[1], args[2:]...) == nil && want.MatchString(ts.ReadFile("stdout")) {
			return
		}
		// Soon at first; later every second, as other stories want the processors too.
		time.Sleep(min(200+50*time.Duration(try), 1000) * time.Millisecond)
	}
	ts.Fatalf("%s never printed %s", strings.Join(args[1:], " "), args[0])
}

// keep puts a field of what the last command printed into a variable: keep act OFFER.
func keep(ts *testscript.TestScript, _ bool, args []string) { ts.Setenv(args[1], field(ts, args[0])) }

// field is the value of the first line of the last output with this name.
func field(ts *testscript.TestScript, name string) string {
	for line := range strings.SplitSeq(ts.ReadFile("stdout"), "\n") {
		if first, rest, ok := strings.Cut(line, " "); ok && first == name {
			return strings.TrimSpace(rest)
		}
	}
	ts.Fatalf("the last output has no %s", name)
	return ""
}

// TestMainIsShort keeps main a place where nothing is decided.
func TestMainIsShort(t *testing.T) {
	raw, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(raw), "\n"); n > 12 {
		t.Errorf("main.go has %d lines, want about ten", n)
	}
}
