package tx

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/wire"
	"ipledger/specs/frozen"
)

// vectors are specs/vectors/acts.json.
type vectors struct {
	Chapter string          `json:"chapter"`
	Salt    wire.Hash       `json:"salt"`
	Domain  wire.Hash       `json:"domain"`
	Types   []vectorType    `json:"types"`
	Valid   []vectorAct     `json:"valid"`
	Invalid []vectorRefused `json:"invalid"`
	Bundle  vectorBundle    `json:"bundle"`
	Work    []vectorWork    `json:"work"`
	Files   []vectorFile    `json:"files"`
}

type vectorType struct {
	Kind uint64    `json:"kind"`
	Type string    `json:"type"`
	Hash wire.Hash `json:"hash"`
}

type vectorAct struct {
	Why     string         `json:"why"`
	Kind    string         `json:"kind"`
	Raw     string         `json:"raw"`
	Message wire.Hash      `json:"message"`
	ID      wire.Hash      `json:"id"`
	Signers []wire.Address `json:"signers"`
}

type vectorRefused struct {
	Rule string `json:"rule"`
	Why  string `json:"why"`
	Raw  string `json:"raw"`
}

type vectorBundle struct {
	ID   wire.Hash `json:"id"`
	Acts []string  `json:"acts"`
}

type vectorWork struct {
	Header wire.Hash `json:"header"`
	ID     wire.Hash `json:"id"`
	Bits   uint64    `json:"bits"`
}

type vectorFile struct {
	Rule string `json:"rule"`
	Why  string `json:"why"`
	File string `json:"file"`
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	frozen.Read(t, "acts", &v)
	return v
}

// The vectors are frozen: what the code gives today is what the file says.
func TestVectorsFrozen_ACT3_ACT8_ACT9(t *testing.T) {
	frozen.Hold(t, "acts", frozen.Text(t, makeVectors(t)))
}

func TestVectors_ACT16(t *testing.T) {
	v := readVectors(t)
	for _, c := range v.Valid {
		got, err := Verify(unhexed(t, c.Raw), v.Salt)
		if err != nil {
			t.Errorf("%s: %v", c.Why, err)
			continue
		}
		if got.ID() != c.ID || got.Kind().String() != c.Kind || !slices.Equal(got.Signers(), c.Signers) {
			t.Errorf("%s: verified as %v %v by %v", c.Why, got.Kind(), got.ID(), got.Signers())
		}
	}
	rules := map[string]bool{}
	for _, c := range v.Invalid {
		_, err := Verify(unhexed(t, c.Raw), v.Salt)
		wantRule(t, c.Why, err, c.Rule)
		rules[c.Rule] = true
	}
	for _, rule := range strings.Fields("WIRE-1 WIRE-4 ACT-1 ACT-2 ACT-3 ACT-4 ACT-5 ACT-6 ACT-7 ACT-10 ACT-11 ACT-12 ACT-13 ACT-14 SIG-1 SIG-2 SIG-3 SIG-4 ACC-2 ACC-4 ACC-5 ACC-6") {
		if !rules[rule] {
			t.Errorf("no vector is refused by %s", rule)
		}
	}
	if len(v.Valid) < len(kinds) {
		t.Errorf("%d valid vectors for %d kinds", len(v.Valid), len(kinds))
	}
}

func TestVectorFiles_ACT19_ACT20(t *testing.T) {
	for _, c := range readVectors(t).Files {
		_, err := ReadFile([]byte(c.File))
		wantRule(t, c.Why, err, c.Rule)
	}
}

func unhexed(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
