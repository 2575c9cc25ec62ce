package light

import (
	"fmt"
	"strings"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// WitnessTrustFormat names the second format of a trust file.
const WitnessTrustFormat = "ipledger-trust/2"

// WitnessTrustBytesMax bounds it: 16 keys of at most 160 bytes.
const WitnessTrustBytesMax = 4 << 10

// WitnessTrust is another choice of trust than Trust: that a quorum of witnesses
// tells of one log alone. It does not trust the members' signatures, and does not
// show that they followed the rules.
type WitnessTrust struct {
	Format      string    `json:"format"`
	ChainID     string    `json:"chain_id"`
	GenesisHash wire.Hash `json:"genesis_hash"`
	Quorum      int       `json:"quorum"`
	Witnesses   []string  `json:"witnesses"`

	keys []blocklog.Verifier
}

// Bytes is the one form of the trust file.
func (t *WitnessTrust) Bytes() []byte { return encode(t) }

// IsWitnessTrust reports whether bytes are a trust file of the second format, in
// good form or not.
func IsWitnessTrust(raw []byte) bool {
	return strings.Contains(string(raw[:min(len(raw), 64)]), `"format"`)
}

// WitnessTrustFromBytes reads what Bytes writes, and nothing else.
//
// specs/25 LOG-11: A trust file of the second format MUST have the keys format,
// chain_id, genesis_hash, quorum and witnesses, in that order and in canonical
// form: 1 to 16 verifier keys of type 0x04 with different names and keys,
// ascending, and a quorum of 1 to as many.
func WitnessTrustFromBytes(raw []byte) (*WitnessTrust, error) {
	t := new(WitnessTrust)
	if err := decode(raw, WitnessTrustBytesMax, t); err != nil {
		return nil, err
	}
	if t.Format != WitnessTrustFormat || t.ChainID == "" || len(t.ChainID) > chain.ChainIDBytesMax {
		return nil, malformed("LOG-11", "format %q, chain id %q", t.Format, t.ChainID)
	}
	if n := len(t.Witnesses); n == 0 || n > blocklog.SignaturesMax || t.Quorum < 1 || t.Quorum > n {
		return nil, malformed("LOG-11", "a quorum of %d of %d witnesses", t.Quorum, n)
	}
	var all []blocklog.Witness
	for _, text := range t.Witnesses {
		w, err := blocklog.ParseWitness(text)
		if err != nil {
			return nil, malformed("LOG-11", "%v", err)
		}
		for i, other := range all {
			if other.Same(w) || other.Name() == w.Name() || t.Witnesses[i] >= text {
				return nil, malformed("LOG-11", "witness %s has the key of another, or is out of order", w.Name())
			}
		}
		all, t.keys = append(all, w), append(t.keys, w)
	}
	return t, nil
}

// VerifyWitnessed checks all of a proof file, by a quorum of witnesses and a
// member file in place of a walk over validators. An error is *Malformed or
// *Unproven.
//
// specs/25 LOG-12: With such a trust file a proof file MUST be taken only
// together with a member file whose checkpoint has cosignatures of at least a
// quorum of its witnesses, and whose header is that of the proof file, which MUST
// be of the trust file's chain and genesis hash and hold together otherwise.
func VerifyWitnessed(raw, member []byte, t *WitnessTrust) (*Verified, error) {
	f, err := Parse(raw)
	if err != nil {
		return nil, err
	}
	v, c, err := f.open(chain.Arithmetic)
	if err != nil {
		return nil, err
	}
	if f.ChainID != t.ChainID || f.GenesisHash != t.GenesisHash {
		return nil, unproven("LOG-12", nil, "the file is of chain %q, genesis %v, the trust file of %q, %v", f.ChainID, f.GenesisHash, t.ChainID, t.GenesisHash)
	}
	m, err := t.VerifyLog(member)
	if err != nil {
		return nil, err
	}
	if m.Kind != KindMember || m.Header.Hash() != c.Next.Hash() {
		return nil, unproven("LOG-12", nil, "the member file is not about header %d of the proof file", c.Next.Height)
	}
	v.Basis = fmt.Sprintf("header %d is in the log of %d blocks that %s cosigned, of %d witnesses of whom %d are enough; they vouch that there is one log, not that the members followed the rules; whether the answer is recent enough is yours to judge",
		c.Next.Height, m.Note.Size, strings.Join(m.Note.Signers, ", "), len(t.Witnesses), t.Quorum)
	return v, nil
}

// VerifyLog checks a log file whose newer checkpoint has a quorum of cosignatures.
func (t *WitnessTrust) VerifyLog(raw []byte) (*Logged, error) {
	m, err := VerifyLog(raw, t.keys...)
	if err != nil {
		return nil, err
	}
	if want := blocklog.Origin(t.GenesisHash); m.Note.Origin != want {
		return nil, unproven("LOG-12", nil, "the log file is of %q, the trust file of %q", m.Note.Origin, want)
	}
	signed := map[string]bool{}
	for _, name := range m.Note.Signers {
		signed[name] = true
	}
	if len(signed) < t.Quorum {
		return nil, unproven("LOG-12", nil, "%d of the trusted witnesses signed the checkpoint, %d are needed", len(signed), t.Quorum)
	}
	return m, nil
}
