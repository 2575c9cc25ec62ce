package main

import (
	"errors"
	"os/exec"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/wire"
)

// TestInTurns: a program that is stopped again and again comes to its end, and keys
// are recovered meanwhile; what it exits with is told, and so is a bad signature.
func TestInTurns(t *testing.T) {
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	digest := wire.Hash{1}
	sig, err := crypto.Sign(digest[:], key)
	if err != nil {
		t.Fatal(err)
	}
	r := &recovery{digests: []wire.Hash{digest}, sigs: [][65]byte{[65]byte(sig)}}
	program, reference, peak, err := inTurns(exec.Command("sh", "-c", "sleep 1; exit 3"), r)
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 3 {
		t.Errorf("it ended with %v", err)
	}
	if reference.n == 0 || reference.took < turn || program.took < turn || reference.busy <= 0 || peak <= 0 || peak > 64 {
		t.Errorf("the program had %v and %.1f MiB, the reference %+v", program.took, peak, reference)
	}
	r.sigs[0] = [65]byte{}
	if _, _, _, err := inTurns(exec.Command("sleep", "60"), r); err == nil || errors.As(err, &ended) {
		t.Errorf("a signature of zeros: %v", err)
	}
}
