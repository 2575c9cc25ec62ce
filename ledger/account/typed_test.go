package account

import (
	"bytes"
	"testing"

	"ipledger/ledger/wire"
)

func TestDomain_SIG5(t *testing.T) {
	v := readVectors(t)
	if len(v.Domains) == 0 {
		t.Fatal("no vectors")
	}
	for _, c := range v.Domains {
		if got := Domain(c.Salt); got != c.Separator {
			t.Errorf("salt %v: got %v, want %v", c.Salt, got, c.Separator)
		}
	}
	if Domain(wire.Hash{1}) == Domain(wire.Hash{2}) {
		t.Error("two chains have one domain")
	}
}

func TestDigest_SIG6(t *testing.T) {
	domain, message := wire.Hash{1}, wire.Hash{2}
	raw := bytes.Join([][]byte{{0x19, 0x01}, domain[:], message[:]}, nil)
	if got, want := Digest(domain, message), Keccak(raw); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
