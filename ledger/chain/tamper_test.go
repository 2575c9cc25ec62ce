package chain

import (
	"crypto/ed25519"
	"encoding/binary"
	"slices"
)

// certificateCase makes a scene and names the rule that it breaks, if any.
type certificateCase struct {
	why, rule string
	make      func() *scene
}

// fourBut is four() after a change.
func fourBut(change func(s *scene)) func() *scene {
	return func() *scene {
		s := four()
		change(s)
		return s
	}
}

// signed is a block whose header was changed before it was named and signed.
func signed(change func(s *scene)) func() *scene {
	return func() *scene {
		s := newScene(1, 1, 1, 1)
		change(s)
		s.header.ValidatorsHash = s.set.Hash()
		s.name()
		return s.vote("cccc"[:len(s.set)])
	}
}

func votes(flags string, powers ...uint64) func() *scene {
	return func() *scene { return newScene(powers...).vote(flags) }
}

// weakKey gives the last validator, who has not voted, a key of small order:
// whoever likes can sign for it.
func weakKey() *scene {
	s := newScene(3, 3, 3, 1)
	s.set[3].PubKey = [32]byte{0: 1}
	s.header.ValidatorsHash = s.set.Hash()
	s.name()
	s.vote("ccc")
	s.cert.Slots[3] = Slot{Flag: Committed, Time: s.header.Time, Sig: append([]byte{0: 1, 31: 0}, make([]byte, 32)...)}
	return s
}

func oddR(s *scene) {
	r := smallOrder()[12] // y = p, the encoding of 0 that is not reduced
	s.cert.Slots[1].Sig = signWithR(s.keys[s.set[1].PubKey], r, s.cert.SignBytes(s.chainID, 1))
}

// prevote signs slot 0 as the engine's other type of vote.
func prevote(s *scene) {
	msg := s.cert.SignBytes(s.chainID, 0)
	_, n := binary.Uvarint(msg)
	msg[n+1] = 1
	s.cert.Slots[0].Sig = ed25519.Sign(s.keys[s.set[0].PubKey], msg)
}

func certificateCases() []certificateCase {
	cases := []certificateCase{
		{why: "all four voted for the block", make: votes("cccc", 1, 1, 1, 1)},
		{why: "three of four voted, one is absent", make: votes("ccc-", 1, 1, 1, 1)},
		{why: "three of four voted for the block, one for none", make: votes("nccc", 1, 1, 1, 1)},
		{why: "one validator alone", make: votes("c", 1)},
		{why: "the strong outvote the many", make: votes("c--------", 100, 1, 1, 1, 1, 1, 1, 1, 1)},
		{why: "one unit above two thirds", make: votes("cc-", 1000, 1000, 999)},
		{why: "the greatest total power", make: votes("cc-", PowerMax/2, PowerMax/4, PowerMax/4)},
		{why: "round 7", make: func() *scene { s := newScene(1, 1, 1, 1); s.cert.Round = 7; return s.vote("cccc") }},
		{why: "the highest round", make: func() *scene { s := newScene(1, 1, 1, 1); s.cert.Round = RoundMax; return s.vote("cccc") }},
		{why: "a first block, with no block before it", make: signed(func(s *scene) { s.header.Height = 1; s.header.LastBlock = BlockID{} })},
		{why: "a header at the start of 1970", make: signed(func(s *scene) { s.header.Time = Time{} })},
		{why: "a header of the greatest height", make: signed(func(s *scene) { s.header.Height = 1<<63 - 1 })},
		{why: "a vote dated before 1970", make: fourBut(func(s *scene) {
			before := int64(-62135596800)
			s.cert.Slots[2].Time = Time{Seconds: uint64(before), Nanos: 5}
			s.resign(2)
		})},
		{why: "a vote dated at the start of 1970", make: fourBut(func(s *scene) { s.cert.Slots[2].Time = Time{}; s.resign(2) })},
		{why: "a validator whose key has small order", make: weakKey},
		{why: "a signature whose R is not reduced", make: fourBut(oddR)},

		{why: "another chain was asked for", rule: "CHAIN-8", make: fourBut(func(s *scene) { s.chainID = "ipledger-main" })},
		{why: "header: chain id changed", rule: "CHAIN-8", make: fourBut(func(s *scene) { s.header.ChainID = "ipledger-tesu" })},
		{why: "header and question: chain id changed", rule: "CHAIN-8", make: fourBut(func(s *scene) { s.header.ChainID = "x"; s.chainID = "x" })},
		{why: "votes of another chain for the same block", rule: "CHAIN-10", make: fourBut(func(s *scene) {
			s.chainID = "ipledger-main"
			s.vote("cccc")
			s.chainID = testChain
		})},
		{why: "certificate: height changed", rule: "CHAIN-8", make: fourBut(func(s *scene) { s.cert.Height++ })},
		{why: "certificate: round changed", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Round++ })},
		{why: "certificate: block hash changed", rule: "CHAIN-8", make: fourBut(func(s *scene) { s.cert.Block.Hash[0] ^= 1 })},
		{why: "certificate: number of parts changed", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Block.Total++ })},
		{why: "certificate: root of parts changed", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Block.Parts[31] ^= 1 })},
		{why: "certificate: a slot left out", rule: "CHAIN-8", make: fourBut(func(s *scene) { s.cert.Slots = s.cert.Slots[:3] })},
		{why: "certificate: a slot too many", rule: "CHAIN-8", make: fourBut(func(s *scene) { s.cert.Slots = append(s.cert.Slots, s.cert.Slots[3]) })},
		{why: "certificate: an absent slot too many", rule: "CHAIN-8", make: fourBut(func(s *scene) { s.cert.Slots = append(s.cert.Slots, Slot{Flag: Absent}) })},
		{why: "slot: R changed", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Slots[1].Sig[0] ^= 1 })},
		{why: "slot: S changed", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Slots[1].Sig[32] ^= 1 })},
		{why: "slot: S + L in place of S", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Slots[1].Sig = plusOrder(s.cert.Slots[1].Sig) })},
		{why: "slot: signature all zero", rule: "CHAIN-10", make: fourBut(func(s *scene) { clear(s.cert.Slots[1].Sig) })},
		{why: "slot: seconds changed", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Slots[1].Time.Seconds++ })},
		{why: "slot: nanoseconds changed", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Slots[1].Time.Nanos++ })},
		{why: "slot: vote for the block shown as one for none", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Slots[1].Flag = VotedNil })},
		{why: "slot: vote for none shown as one for the block", rule: "CHAIN-10", make: func() *scene {
			s := newScene(1, 1, 1, 1).vote("cccn")
			s.cert.Slots[3].Flag = Committed
			return s
		}},
		{why: "slot: vote for none with a bad signature, enough without it", rule: "CHAIN-10", make: func() *scene {
			s := newScene(1, 1, 1, 1).vote("cccn")
			s.cert.Slots[3].Sig[0] ^= 1
			return s
		}},
		{why: "slot: the last signature bad, enough without it", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Slots[3].Sig[40] ^= 1 })},
		{why: "slot: a prevote", rule: "CHAIN-10", make: fourBut(prevote)},
		{why: "slots: two swapped", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Slots[0], s.cert.Slots[1] = s.cert.Slots[1], s.cert.Slots[0] })},
		{why: "slots: one validator's vote in another's place", rule: "CHAIN-10", make: fourBut(func(s *scene) { s.cert.Slots[1] = s.cert.Slots[0] })},
		{why: "set: a validator left out", rule: "CHAIN-8", make: fourBut(func(s *scene) { s.set = s.set[:3] })},
		{why: "set: a power changed", rule: "CHAIN-8", make: fourBut(func(s *scene) { s.set[0].Power++ })},
		{why: "set: a key changed, in its place in order", rule: "CHAIN-8", make: func() *scene {
			s := newScene(4, 3, 2, 1).vote("cccc")
			s.set[3].PubKey = validator("stranger", 1).PubKey
			return s
		}},
		{why: "set: another, named by the header, which no one signed", rule: "CHAIN-10", make: func() *scene {
			s := newScene(4, 3, 2, 1)
			s.set[0].PubKey = validator("stranger", 1).PubKey
			s.header.ValidatorsHash = s.set.Hash()
			s.keys[s.set[0].PubKey] = key("0")
			s.name()
			return s.vote("cccc")
		}},
		{why: "power: exactly two thirds", rule: "CHAIN-11", make: votes("cc-", 1, 1, 1)},
		{why: "power: two of four, two absent", rule: "CHAIN-11", make: votes("cc--", 1, 1, 1, 1)},
		{why: "power: two of four for the block, two for none", rule: "CHAIN-11", make: votes("ccnn", 1, 1, 1, 1)},
		{why: "power: three weak of four", rule: "CHAIN-11", make: votes("-ccc", 10, 1, 1, 1)},
		{why: "power: no one voted", rule: "CHAIN-11", make: votes("----", 1, 1, 1, 1)},
		{why: "power: all voted for none", rule: "CHAIN-11", make: votes("nnnn", 1, 1, 1, 1)},
		{why: "power: one vote made absent of just enough", rule: "CHAIN-11", make: fourBut(func(s *scene) {
			s.cert.Slots[0], s.cert.Slots[1] = Slot{Flag: Absent}, Slot{Flag: Absent}
		})},

		{why: "trusted: the same set", make: fourBut(func(s *scene) { s.trusted = s.set })},
		{why: "trusted: three of its four remain", make: fourBut(func(s *scene) { s.trust(3, 1) })},
		{why: "trusted: two of its three remain", rule: "CHAIN-12", make: fourBut(func(s *scene) { s.trust(2, 1) })},
		{why: "trusted: none remains", rule: "CHAIN-12", make: fourBut(func(s *scene) { s.trust(0, 1) })},
		{why: "trusted: it counts by its own powers", rule: "CHAIN-12", make: fourBut(func(s *scene) { s.trust(3, 2) })},
		{why: "trusted: enough of it, too little of the set", rule: "CHAIN-11", make: func() *scene {
			s := newScene(1, 1, 1, 1).vote("cc--")
			s.trusted = s.set[:2]
			return s
		}},
	}
	return append(cases, headerCases()...)
}

// trust makes the trusted set of the first n validators and a stranger.
func (s *scene) trust(n int, strangersPower uint64) {
	s.trusted = slices.Clone(s.set[:n])
	s.stranger(strangersPower)
}

func (s *scene) stranger(power uint64) {
	t := scene{set: append(s.trusted, validator("stranger", power))}
	t.sort()
	s.trusted = t.set
}

func headerCases() []certificateCase {
	changes := []struct {
		field  string
		change func(h *Header)
	}{
		{"rules version", func(h *Header) { h.Version.App++ }},
		{"height", func(h *Header) { h.Height++ }},
		{"seconds", func(h *Header) { h.Time.Seconds++ }},
		{"nanoseconds", func(h *Header) { h.Time.Nanos++ }},
		{"last block", func(h *Header) { h.LastBlock.Hash[0] ^= 1 }},
		{"number of the last block's parts", func(h *Header) { h.LastBlock.Total++ }},
		{"root of the last block's parts", func(h *Header) { h.LastBlock.Parts[0] ^= 1 }},
		{"last commit", func(h *Header) { h.LastCommitHash[0] ^= 1 }},
		{"data", func(h *Header) { h.DataHash[0] ^= 1 }},
		{"validators", func(h *Header) { h.ValidatorsHash[0] ^= 1 }},
		{"next validators", func(h *Header) { h.NextValidatorsHash[0] ^= 1 }},
		{"consensus", func(h *Header) { h.ConsensusHash[0] ^= 1 }},
		{"app", func(h *Header) { h.AppHash[0] ^= 1 }},
		{"results", func(h *Header) { h.LastResultsHash[0] ^= 1 }},
		{"evidence", func(h *Header) { h.EvidenceHash[0] ^= 1 }},
		{"proposer", func(h *Header) { h.Proposer[0] ^= 1 }},
	}
	var out []certificateCase
	for _, c := range changes {
		out = append(out, certificateCase{why: "header: " + c.field + " changed", rule: "CHAIN-8",
			make: fourBut(func(s *scene) { c.change(&s.header) })})
	}
	return out
}
