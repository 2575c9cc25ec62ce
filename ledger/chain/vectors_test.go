package chain

import (
	"testing"

	"ipledger/ledger/wire"
	"ipledger/specs/frozen"
)

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
	Why   string        `json:"why"`
	Bytes frozen.Octets `json:"bytes"`
	Hash  wire.Hash     `json:"hash"`
}

type signBytesVector struct {
	Why         string        `json:"why"`
	ChainID     string        `json:"chain_id"`
	Certificate frozen.Octets `json:"certificate"`
	Slot        int           `json:"slot"`
	Bytes       frozen.Octets `json:"bytes"`
}

type signatureVector struct {
	Why       string        `json:"why"`
	Key       frozen.Octets `json:"key"`
	Message   frozen.Octets `json:"message"`
	Signature frozen.Octets `json:"signature"`
	Valid     bool          `json:"valid"`
}

// certificateVector is verified under Trusted too if that is not empty. Rule
// is the one it breaks.
type certificateVector struct {
	Why         string        `json:"why"`
	ChainID     string        `json:"chain_id"`
	Set         frozen.Octets `json:"set"`
	Header      frozen.Octets `json:"header"`
	Certificate frozen.Octets `json:"certificate"`
	Trusted     frozen.Octets `json:"trusted,omitempty"`
	Valid       bool          `json:"valid"`
	Rule        string        `json:"rule,omitempty"`
}

type malformedVector struct {
	Why   string        `json:"why"`
	Kind  string        `json:"kind"`
	Bytes frozen.Octets `json:"bytes"`
	Rule  string        `json:"rule"`
}

type dataVector struct {
	Acts []frozen.Octets `json:"acts"`
	Hash wire.Hash       `json:"hash"`
}

type resultVector struct {
	Code uint32        `json:"code"`
	Data frozen.Octets `json:"data"`
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
	Why   string        `json:"why"`
	From  wire.Hash     `json:"from"`
	Root  wire.Hash     `json:"root"`
	Proof frozen.Octets `json:"proof"`
	Valid bool          `json:"valid"`
}

type appVector struct {
	State wire.Hash `json:"state"`
	Log   wire.Hash `json:"log"`
	App   wire.Hash `json:"app"`
}

// commitVector is a canonical certificate and what the next header says of it.
type commitVector struct {
	Why         string        `json:"why"`
	Set         frozen.Octets `json:"set"`
	Certificate frozen.Octets `json:"certificate"`
	Hash        wire.Hash     `json:"hash"`
	Time        frozen.Octets `json:"time"` // encoded
}

func loadVectors(t testing.TB) (v vectors) {
	frozen.Read(t, "chain", &v)
	return v
}

// TestVectorsAreFrozen makes the vectors anew and compares: a change of a
// format shows here before it reaches anyone who relies on the file.
func TestVectorsAreFrozen(t *testing.T) { frozen.Hold(t, "chain", frozen.Text(t, makeVectors())) }
