package record

import (
	"encoding/hex"
	"testing"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/specs/frozen"
)

// vectors is specs/vectors/records.json: records of each kind in their one
// encoding, folios with their values, and bytes that are no record.
type vectors struct {
	Records map[string]string `json:"records"`
	Folio   folioVector       `json:"folio"`
	Leaf    leafVector        `json:"leaf"`
	Invalid []invalidVector   `json:"invalid"`
}

type folioVector struct {
	Data    string       `json:"data"`
	Parts   [7]wire.Hash `json:"parts"`
	Value   wire.Hash    `json:"value"`
	Dealing wire.Hash    `json:"dealing"`
}

type leafVector struct {
	Subtree uint8     `json:"subtree"`
	Data    string    `json:"data"`
	Value   wire.Hash `json:"value"`
}

type invalidVector struct {
	Rule string `json:"rule"`
	What string `json:"what"`
	Kind string `json:"kind"`
	Data string `json:"data"`
}

// readers read each kind of record that comes from outside.
var readers = map[string]func([]byte) error{
	"title":          func(raw []byte) error { _, err := TitleFromBytes(raw); return err },
	"folio":          func(raw []byte) error { _, err := FolioFromBytes(raw); return err },
	"estates":        func(raw []byte) error { _, err := EstatesFromBytes(raw); return err },
	"authorisations": func(raw []byte) error { _, err := OriginsFromBytes(raw); return err },
	"charges":        func(raw []byte) error { _, err := ChargesFromBytes(raw); return err },
	"restrictions":   func(raw []byte) error { _, err := RestrictionsFromBytes(raw); return err },
	"services":       func(raw []byte) error { _, err := ServicesFromBytes(raw); return err },
	"offer":          func(raw []byte) error { _, err := OfferFromBytes(raw); return err },
	"evidence":       func(raw []byte) error { _, err := EvidenceFromBytes(raw); return err },
	"claim":          func(raw []byte) error { _, err := ClaimFromBytes(raw); return err },
	"use":            func(raw []byte) error { _, err := UseFromBytes(raw); return err },
	"case":           func(raw []byte) error { _, err := CaseFromBytes(raw); return err },
	"order":          func(raw []byte) error { _, err := OrderFromBytes(raw); return err },
	"due":            func(raw []byte) error { _, err := DueFromBytes(raw); return err },
}

func made() vectors {
	v := vectors{Records: map[string]string{}}
	for name, r := range samples() {
		v.Records[name] = hex.EncodeToString(wire.Encode(r))
	}
	f := &Folio{Title: sampleTitle().Bytes(), Authorisations: OriginsBytes([]Origin{{Rules: 1, AS: 3}}), Previous: wire.Hash{8}}
	v.Folio = folioVector{hex.EncodeToString(wire.Encode(f)), f.Parts(), f.Value(), f.Dealing()}
	data := wire.Encode(&Ends{Rules: 1, Count: 2})
	v.Leaf = leafVector{7, hex.EncodeToString(data), Leaf(tree.DueKey(1, 0, wire.Hash{}), data).Value}
	bad := func(what, kind string, raw []byte) {
		v.Invalid = append(v.Invalid, invalidVector{"REC-4", what, kind, hex.EncodeToString(raw)})
	}
	title := sampleTitle().Bytes()
	three := sampleTitle()
	three.Predecessors = make([]Predecessor, 3)
	bad("a byte after the end", "title", append(title[:len(title):len(title)], 0))
	bad("the last byte missing", "title", title[:len(title)-1])
	bad("three predecessors", "title", three.Bytes())
	bad("33 words on a claim", "claim", wire.Encode(&Claim{Words: make([]Word, 33)}))
	bad("nine objections to a claim", "claim", wire.Encode(&Claim{Objections: make([]Objection, 9)}))
	bad("32 parts of a use", "use", wire.Encode(&Use{Parts: make([]UsePart, 32)}))
	bad("an empty list", "estates", []byte{0xc0})
	bad("fifteen estates at one block", "estates", wire.Encode(make(estates, AtMax+1)))
	lease, grant := *sampleEstate(wire.Resource{Family: wire.IPv4}), *sampleEstate(wire.Resource{Family: wire.IPv4})
	lease[0].Lease, grant[0].Kind = nil, Grant
	bad("a lease without terms", "estates", wire.Encode(lease))
	bad("a grant with terms of a lease", "estates", wire.Encode(grant))
	bad("an empty list", "charges", []byte{0xc0})
	bad("nine charges over one title", "charges", wire.Encode(make(charges, 9)))
	bad("an empty list", "restrictions", []byte{0xc0})
	bad("services that say nothing", "services", wire.Encode(&Services{Rules: 1}))
	bad("an empty list", "authorisations", []byte{0xc0})
	bad("a number with a leading zero", "due", []byte{0xc3, 0x82, 0x00, 0x01})
	bad("not a list", "folio", []byte{0x80})
	fallen, wide := sampleEvidence(wire.Resource{}), sampleEvidence(wire.Resource{})
	fallen.Digests = []wire.Hash{{2}, {1}}
	wide.Registry = "seventeen letters"
	bad("digests out of order", "evidence", wire.Encode(fallen))
	bad("a registry's name too long", "evidence", wire.Encode(wide))
	bad("fields missing", "offer", []byte{0xc1, 0x01})
	packed, full := sampleCase(wire.Resource{}), sampleOrder(wire.Resource{})
	packed.Panel, full.Votes = make([]wire.Address, PanelMax+1), make([]Vote, VotesMax+1)
	bad("a panel of eight", "case", wire.Encode(packed))
	bad("more votes than voters", "order", wire.Encode(full))
	return v
}

// TestVectors_REC1 holds the code to the frozen bytes.
func TestVectors_REC1_REC2_REC4(t *testing.T) {
	frozen.Hold(t, "records", frozen.Text(t, made()))
	var v vectors
	frozen.Read(t, "records", &v)
	for _, bad := range v.Invalid {
		raw, err := hex.DecodeString(bad.Data)
		if err != nil {
			t.Fatal(err)
		}
		if readers[bad.Kind](raw) == nil {
			t.Errorf("%s: %s was read as %s", bad.Rule, bad.What, bad.Kind)
		}
	}
}
