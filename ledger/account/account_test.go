package account

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"ipledger/ledger/wire"
)

// largest is an account at every bound at once.
func largest() *Account {
	const most = 1<<64 - 1
	a := &Account{
		Rules: most, Name: strings.Repeat("n", NameBytesMax), Jurisdiction: "ZZ",
		Policy: Policy{
			Version: most, TitleKeys: someKeys(KeysMax), TitleK: KeysMax,
			RoutingKeys: someKeys(KeysMax), RoutingK: KeysMax,
		},
		Delay: DelaySecondsMax, Credit: Credit{most, most}, Holdings: Holdings{most, most, most},
		Waiting: most, Opened: most, Guardians: make([]wire.Address, GuardiansMax), GuardianK: most, Recovery: most, Provider: wire.Address{1}, Renewed: most,
		Attested: []Attested{{By: wire.Address{1}, Documents: wire.Hash{2}, At: most}},
	}
	for i := range a.Lanes {
		a.Lanes[i] = most
	}
	return a
}

func TestAccount_ACC1(t *testing.T) {
	raw := largest().Bytes()
	if len(raw) > BytesMax {
		t.Fatalf("the largest account has %d bytes, more than %d", len(raw), BytesMax)
	}
	again, err := FromBytes(raw)
	if err != nil || !bytes.Equal(again.Bytes(), raw) {
		t.Fatalf("not read back: %v", err)
	}
	huge := largest()
	huge.Name = strings.Repeat("n", BytesMax)
	if _, err := FromBytes(huge.Bytes()); !errors.Is(err, wire.ErrSize) {
		t.Errorf("above the bound: got %v, want %v", err, wire.ErrSize)
	}
	if _, err := FromBytes(append(raw, 0)); !errors.Is(err, wire.ErrCanonical) {
		t.Errorf("a byte more: got %v, want %v", err, wire.ErrCanonical)
	}
}

func FuzzFromBytes_WIRE1(f *testing.F) {
	f.Add(largest().Bytes())
	f.Add(new(Account).Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := FromBytes(raw)
		if err == nil && !bytes.Equal(a.Bytes(), raw) {
			t.Errorf("%x is written again as %x", raw, a.Bytes())
		}
	})
}
