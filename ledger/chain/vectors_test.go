package chain

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"io/fs"
	"os"
	"testing"

	"ipledger/ledger/wire"
	"ipledger/specs"
)

var update = flag.Bool("update", false, "write specs/vectors/chain.json anew")

// octets is bytes that JSON shows in lower-case hexadecimal.
type octets []byte

func (o octets) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(o)), nil }

func (o *octets) UnmarshalText(text []byte) (err error) {
	*o, err = hex.DecodeString(string(text))
	return err
}

// vectors is the file specs/vectors/chain.json.
type vectors struct {
	Chapter      string              `json:"chapter"`
	Headers      []hashVector        `json:"headers"`
	Sets         []hashVector        `json:"sets"`
	SignBytes    []signBytesVector   `json:"sign_bytes"`
	Signatures   []signatureVector   `json:"signatures"`
	Certificates []certificateVector `json:"certificates"`
	Malformed    []malformedVector   `json:"malformed"`
	Data         []dataVector        `json:"data"`
	Results      []resultsVector     `json:"results"`
	Log          logVector           `json:"log"`
	Inclusion    []proofVector       `json:"inclusion"`
	Consistency  []proofVector       `json:"consistency"`
	App          []appVector         `json:"app"`
	Commits      []commitVector      `json:"commits"`
}

type hashVector struct {
	Why   string    `json:"why"`
	Bytes octets    `json:"bytes"`
	Hash  wire.Hash `json:"hash"`
}

type signBytesVector struct {
	Why         string `json:"why"`
	ChainID     string `json:"chain_id"`
	Certificate octets `json:"certificate"`
	Slot        int    `json:"slot"`
	Bytes       octets `json:"bytes"`
}

type signatureVector struct {
	Why       string `json:"why"`
	Key       octets `json:"key"`
	Message   octets `json:"message"`
	Signature octets `json:"signature"`
	Valid     bool   `json:"valid"`
}

// certificateVector is verified under Trusted too if that is not empty. Rule
// is the one it breaks.
type certificateVector struct {
	Why         string `json:"why"`
	ChainID     string `json:"chain_id"`
	Set         octets `json:"set"`
	Header      octets `json:"header"`
	Certificate octets `json:"certificate"`
	Trusted     octets `json:"trusted,omitempty"`
	Valid       bool   `json:"valid"`
	Rule        string `json:"rule,omitempty"`
}

type malformedVector struct {
	Why   string `json:"why"`
	Kind  string `json:"kind"`
	Bytes octets `json:"bytes"`
	Rule  string `json:"rule"`
}

type dataVector struct {
	Acts []octets  `json:"acts"`
	Hash wire.Hash `json:"hash"`
}

type resultVector struct {
	Code uint32 `json:"code"`
	Data octets `json:"data"`
}

type resultsVector struct {
	Results []resultVector `json:"results"`
	Hash    wire.Hash      `json:"hash"`
}

type logVector struct {
	Blocks    []blockVector `json:"blocks"`
	Frontiers []hashVector  `json:"frontiers"` // after each block, from none
}

type blockVector struct {
	Height uint64    `json:"height"`
	Header wire.Hash `json:"header"`
	Leaf   wire.Hash `json:"leaf"`
}

// proofVector has a leaf and a root, or an old root and a new one.
type proofVector struct {
	Why   string    `json:"why"`
	From  wire.Hash `json:"from"`
	Root  wire.Hash `json:"root"`
	Proof octets    `json:"proof"`
	Valid bool      `json:"valid"`
}

type appVector struct {
	State wire.Hash `json:"state"`
	Log   wire.Hash `json:"log"`
	App   wire.Hash `json:"app"`
}

// commitVector is a canonical certificate and what the next header says of it.
type commitVector struct {
	Why         string    `json:"why"`
	Set         octets    `json:"set"`
	Certificate octets    `json:"certificate"`
	Hash        wire.Hash `json:"hash"`
	Time        octets    `json:"time"` // encoded
}

const vectorsFile = "vectors/chain.json"

func loadVectors(t testing.TB) vectors {
	raw, err := fs.ReadFile(specs.Files, vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// TestVectorsAreFrozen makes the vectors anew and compares: a change of a
// format shows here before it reaches anyone who relies on the file.
func TestVectorsAreFrozen(t *testing.T) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetIndent("", " ")
	if err := enc.Encode(makeVectors()); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("../../specs/"+vectorsFile, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	raw, err := fs.ReadFile(specs.Files, vectorsFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(raw, out.Bytes()) {
		t.Error("specs/vectors/chain.json is not what the code makes today")
	}
}
