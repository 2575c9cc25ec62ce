package main

import (
	"bytes"
	"encoding/hex"

	"ipledger/ledger/light"
)

// isFork reports whether a file says that it is evidence of a fork.
func isFork(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte("{\n  \"format\": \""+light.ForkFormat+"\""))
}

// forkJSON is evidence of a fork as JSON shows it.
type forkJSON struct {
	Verified bool     `json:"verified"`
	Kind     string   `json:"kind"`
	Height   string   `json:"height"`
	First    string   `json:"first_header"`
	Second   string   `json:"second_header"`
	Power    string   `json:"power_of_both"`
	Total    string   `json:"power_of_all"`
	Both     []string `json:"signed_both"`
}

// tellFork checks evidence of a fork, which needs no trust file, and says who
// signed both headers.
func (s *session) tellFork(raw []byte, trust *light.Trust) error {
	f, err := light.VerifyFork(raw)
	if err != nil {
		return err
	}
	out := forkJSON{
		Verified: true, Kind: "fork", Height: decimal(f.Height), First: f.First.String(), Second: f.Second.String(),
		Power: decimal(f.Power), Total: decimal(f.Total), Both: []string{},
	}
	for _, v := range f.Both {
		out.Both = append(out.Both, hex.EncodeToString(v.PubKey[:]))
	}
	if s.json {
		return s.out.json(out)
	}
	s.out.field("verified", "yes: two final headers of one height")
	s.out.field("height", "%d", f.Height)
	s.out.field("headers", "%v", f.First)
	s.out.field("", "%v", f.Second)
	s.out.field("signed both", "%d validators, with %d of %d of the first set's power", len(f.Both), f.Power, f.Total)
	for _, key := range out.Both {
		s.out.field("", "%s", key)
	}
	if trust == nil {
		s.out.field("note", "anyone can make validators of their own: compare these keys with the network's members")
	}
	return nil
}
