package account

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/rlp"

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

// FuzzFromBytes_WIRE1 reads as reflection does, and shows of what it reads what is
// shown.
func FuzzFromBytes_WIRE1(f *testing.F) {
	f.Add(largest().Bytes())
	f.Add(new(Account).Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		a, err := FromBytes(raw)
		if again, err2 := reflected(raw); (err == nil) != (err2 == nil && len(again.Attested) <= 1) {
			t.Errorf("%x: by fields %v, by reflection %v", raw, err, err2)
		}
		if err == nil && !bytes.Equal(a.Bytes(), raw) {
			t.Errorf("%x is written again as %x", raw, a.Bytes())
		}
		if s, err2 := ShownOf(raw); err == nil && (err2 != nil || s.Name != a.Name || s.Jurisdiction != a.Jurisdiction || s.Opened != a.Opened || !slices.Equal(s.Attested, a.Attested)) {
			t.Errorf("%x: shown %+v, %v", raw, s, err2)
		}
	})
}

// reflected reads an account as wire.Decode reads what does not know its fields.
func reflected(raw []byte) (*Account, error) {
	a := new(Account)
	if len(raw) > BytesMax {
		return nil, wire.ErrSize
	}
	if err := rlp.DecodeBytes(raw, a); err != nil {
		return nil, err
	}
	if again, err := rlp.EncodeToBytes(a); err != nil || !bytes.Equal(again, raw) {
		return nil, wire.ErrCanonical
	}
	return a, nil
}

// TestFromBytes_WIRE1 changes each byte of an account: fields and reflection read the
// same, or refuse.
func TestFromBytes_WIRE1(t *testing.T) {
	for _, raw := range [][]byte{largest().Bytes(), (&Account{Name: "n", Guardians: []wire.Address{{1}}}).Bytes()} {
		for i := range raw {
			for _, flip := range []byte{0, 1, 0x7f, 0x80, 0xc0, raw[i]} {
				changed := bytes.Clone(raw)
				changed[i] ^= flip
				_, err := FromBytes(changed)
				again, err2 := reflected(changed)
				if (err == nil) != (err2 == nil && len(again.Attested) <= 1) {
					t.Fatalf("byte %d of %x: by fields %v, by reflection %v", i, changed, err, err2)
				}
			}
		}
	}
}
