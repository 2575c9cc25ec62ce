package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/rogpeppe/go-internal/testscript"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/specs"
)

// scriptsAtOnce is how many scripts run side by side: all, as on a network they
// wait for blocks most of their time, and have their turns there.
const scriptsAtOnce = "32"

func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", scriptsAtOnce); err != nil {
		panic(err)
	}
	os.Exit(withPrograms(m))
}

// withPrograms runs the tests, and has a folder for the programs that scripts run.
func withPrograms(m *testing.M) int {
	var err error
	if programsDir, err = os.MkdirTemp("", "ipledger-programs-*"); err != nil {
		panic(err)
	}
	defer os.RemoveAll(programsDir)
	return m.Run()
}

var programsDir string

// programs is the folder with ipledger and ipledgerd, as they are built: this test
// would begin twice as slowly in their place.
var programs = sync.OnceValues(func() (string, error) {
	// Without what only debuggers read, they are linked in half the time.
	out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", programsDir, "ipledger/cmd/ipledger", "ipledger/cmd/ipledgerd").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the programs: %w\n%s", err, out)
	}
	return programsDir, nil
})

// asTyped lets a script type the programs' names. Most of their runs are over before
// a collection of garbage is worth its cost.
func asTyped(e *testscript.Env) error {
	dir, err := programs()
	if err != nil {
		return err
	}
	e.Setenv("PATH", dir+string(filepath.ListSeparator)+e.Getenv("PATH"))
	e.Setenv("GOGC", "off")
	e.Setenv("GOMEMLIMIT", "256MiB")
	return nil
}

// commands are those of the scripts beside their usual ones.
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"exits":  exits,
	"proof":  proof,
	"draft":  draft,
	"flip":   flip,
	"flips":  flips,
	"absent": absent,
}

// TestScripts runs the scripts that need no network.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                commands,
		Setup: func(e *testscript.Env) error {
			e.Setenv("IPLEDGER_KEYSTORE", e.WorkDir+"/keystore")
			e.Setenv("IPLEDGER_NODE", "http://127.0.0.1:1") // nothing listens there
			return asTyped(e)
		},
	})
}

// exits runs a command and compares its exit code: exits 3 ipledger verify FILE.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	if got := codeOfExec(err); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func codeOfExec(err error) int {
	if coded, ok := err.(interface{ ExitCode() int }); ok {
		return coded.ExitCode()
	}
	if err != nil {
		return -1
	}
	return 0
}

// proof writes a file of the proof vectors: proof trust FILE, proof valid NAME
// FILE, proof invalid NAME FILE.
func proof(ts *testscript.TestScript, _ bool, args []string) {
	raw, err := fs.ReadFile(specs.Files, "vectors/proofs.json")
	ts.Check(err)
	type entry struct{ Name, File string }
	var all struct {
		Trust          string
		Valid, Invalid []entry
	}
	ts.Check(json.Unmarshal(raw, &all))
	if args[0] == "trust" {
		ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(all.Trust), 0o644))
		return
	}
	list := map[string][]entry{"valid": all.Valid, "invalid": all.Invalid}[args[0]]
	for _, e := range list {
		if e.Name == args[1] {
			ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(e.File), 0o644))
			return
		}
	}
	ts.Fatalf("no %s vector %q", args[0], args[1])
}

// draft writes an unsigned act file, and puts into SIG what a wallet whose
// secret key is 1 would make of it: v is 27 or 28.
func draft(ts *testscript.TestScript, _ bool, args []string) {
	block, err := inr.Parse("193.0.8.0/24")
	ts.Check(err)
	act := tx.New(tx.Header{Author: wire.Address{1}, Policy: 1, Expires: 1800000000}, &tx.TransferOffer{
		Resource: block, To: wire.Address{2}, Value: wire.Hash{3}, Until: 1790000000,
	})
	salt := wire.Hash{4}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), (&tx.File{Salt: salt, Act: act}).Bytes(), 0o644))
	one, err := crypto.ToECDSA(append(make([]byte, 31), 1))
	ts.Check(err)
	sig, err := account.Sign(act.ID(salt), one)
	ts.Check(err)
	sig.Sig[64] += 27
	ts.Setenv("SIG", "0x"+hex.EncodeToString(sig.Sig[:]))
}

// flip changes one bit of the byte of FILE that stands a part of the way in, in
// thousandths: flip FILE 500.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	raw, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	part, err := strconv.Atoi(args[1])
	ts.Check(err)
	raw[len(raw)*part/1000] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), raw, 0o644))
}

// flips flips bits one at a time, spread over FILE, and wants `ipledger verify`
// to exit with 3 for each: flips 200 FILE TRUST. It runs the program's commands
// itself, as two hundred processes would cost more than what they verify.
func flips(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	good, err := os.ReadFile(ts.MkAbs(args[1]))
	ts.Check(err)
	flipped := ts.MkAbs("flipped.proof.json")
	for i := range n {
		raw := bytes.Clone(good)
		bit := i * 8 * len(raw) / n
		raw[bit/8] ^= 1 << (bit % 8)
		ts.Check(os.WriteFile(flipped, raw, 0o644))
		var said bytes.Buffer
		if got := run([]string{"verify", flipped, "--trust", ts.MkAbs(args[2])}, &said, &said, &said); got != exitUnverified {
			ts.Fatalf("bit %d: exit code %d, want %d:\n%s", bit, got, exitUnverified, &said)
		}
	}
}

// absent fails if FILE has the bytes of any of the other arguments: escapes and
// secrets that must not be there.
func absent(ts *testscript.TestScript, _ bool, args []string) {
	raw := []byte(ts.ReadFile(args[0]))
	for _, text := range args[1:] {
		unquoted, err := strconv.Unquote(`"` + text + `"`)
		ts.Check(err)
		if bytes.Contains(raw, []byte(unquoted)) {
			ts.Fatalf("%s has %q", args[0], unquoted)
		}
	}
}
