package main

import (
	"time"

	"ipledger/ledger/rpki"
	"ipledger/ledger/wire"
)

// exhibit is what evidence shows, as --json prints it.
type exhibit struct {
	Signed     instant         `json:"signed"`
	Resources  []wire.Resource `json:"resources"`
	Statements []wire.Hash     `json:"statements"`
	Signer     wire.Hash       `json:"signer"`
	Path       []wire.Hash     `json:"path"`
	GoodFrom   instant         `json:"good_from"`
	GoodUntil  instant         `json:"good_until"`
	Bytes      int             `json:"bytes"`
	Files      int             `json:"files"`
}

// show verifies evidence at a moment, under the trust anchor that it begins with.
func show(raw []byte, at time.Time) (x exhibit, err error) {
	e, err := rpki.Decode(raw)
	if err != nil {
		return x, err
	}
	anchor, err := e.Anchor()
	if err != nil {
		return x, err
	}
	l, err := rpki.Link(raw, [][]byte{anchor})
	if err != nil {
		return x, err
	}
	v, err := l.At(uint64(max(at.Unix(), 0)))
	if err != nil {
		return x, err
	}
	from, until := l.Good()
	return exhibit{
		Signed: instant(v.SignedAt()), Resources: v.Resources().Blocks(), Statements: v.Statements(), Signer: v.Key(), Path: v.Path(),
		GoodFrom: instant(from), GoodUntil: instant(until), Bytes: len(raw), Files: len(v.Files()),
	}, nil
}

// tellEvidence prints what evidence shows; evidence that does not verify is its
// rule's error.
func (s *session) tellEvidence(raw []byte) error {
	x, err := show(raw, time.Now())
	if err != nil {
		return err
	}
	if s.json {
		return s.out.json(x)
	}
	x.tell(s.out)
	return nil
}

func (x *exhibit) tell(p *printer) {
	p.field("signed", "%v by the key %v", x.Signed, x.Signer)
	for i, r := range x.Resources {
		p.field(onlyFirst(i, "speaks for"), "%v", r)
	}
	for i, digest := range x.Statements {
		p.field(onlyFirst(i, "statement"), "SHA-256 %v", digest)
	}
	if len(x.Statements) == 0 {
		p.field("statement", "none of its %d files has the name of a statement (RPKI-23): no claim can name it", x.Files)
	}
	for i, ca := range x.Path {
		role := "certified by the one above"
		if i == 0 {
			role = "trust anchor"
		}
		p.field(onlyFirst(i, "path"), "key %v, %s", ca, role)
	}
	p.field("size", "%d bytes", x.Bytes)
	p.field("verified", "yes, under its own trust anchor; until %v the nodes can verify it too", x.GoodUntil)
}

// onlyFirst is the name of a field whose first line alone is named.
func onlyFirst(i int, name string) string {
	if i > 0 {
		return ""
	}
	return name
}
