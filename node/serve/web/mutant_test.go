package web

import (
	"bytes"
	"math"
	"strings"

	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// wild draws a number at one of the bounds that readers have.
func (s *scene) wild() uint64 {
	return []uint64{0, 1, 2, 3, 65, 84, 127, 128, 255, 256, 999_999_999, 1_000_000_000, 253402300799, 253402300800, 1<<60 - 1, 1 << 60, 1<<63 - 1, 1 << 63, math.MaxUint64}[s.IntN(19)]
}

// headers changes what headers and sets say, and signs it with the true keys; the
// trust file follows, so that only bounds and forms can refuse it.
func (s *scene) headers(f *light.File) []byte {
	src := &s.src
	switch s.IntN(11) {
	case 0:
		src.Next.Time.Seconds = s.wild()
	case 1:
		src.Next.Time.Nanos = uint32(s.wild())
	case 2:
		src.Block.Time.Seconds = s.wild()
	case 3:
		s.chain = []string{"", "é", "\xff", "\u2028", strings.Repeat("c", 50), strings.Repeat("c", 51), `"\`, "\x00"}[s.IntN(8)]
		src.Next.ChainID, src.Block.ChainID = s.chain, s.chain
	case 4:
		src.Block.Height = s.wild()
		src.Next.Height = src.Block.Height + 1
	case 5:
		src.Next.Version.Block, src.Next.Version.App = 10+uint64(s.IntN(3)), s.wild()
	case 6:
		src.Next.LastBlock.Total = uint32(s.wild())
	case 7:
		s.set[0].Power = s.wild()
	case 8, 9:
		src.Steps = []light.Step{s.wildStep(), s.wildStep()}[:1+s.IntN(2)]
	default:
		src.Block.LastBlock.Total, src.Block.LastBlock.Hash = uint32(s.wild())*uint32(s.IntN(2)), wire.Hash{}
	}
	src.Validators, src.Next.ValidatorsHash, src.Next.LastBlock.Hash = s.set, s.set.Hash(), src.Block.Hash()
	src.Certificate = s.sign(src.Next)
	if s.IntN(8) == 0 {
		slot := &src.Certificate.Slots[s.IntN(len(s.keys))]
		slot.Time.Seconds, slot.Flag = s.wild(), uint8(s.IntN(5))
	}
	return s.resign(f)
}

// wildStep is a step whose height, time or next set is at a bound or beyond it.
func (s *scene) wildStep() light.Step {
	h := s.header(4+uint64(s.IntN(7)), sceneTime+15-[]uint64{0, 60, light.StepSecondsMax - 1, light.StepSecondsMax, light.StepSecondsMax + 1}[s.IntN(5)])
	switch s.IntN(6) {
	case 0:
		h.Height = s.wild()
	case 1:
		h.Time.Seconds = s.wild()
	case 2:
		h.NextValidatorsHash[0]++
	}
	x := s.step(h)
	if s.IntN(8) == 0 {
		x.Certificate = s.bytes(bytes.Clone(x.Certificate))
	}
	return x
}

// resign writes the file over the scene's source as it is now, with the statement
// that the first verifier gives it, if it gives one.
func (s *scene) resign(f *light.File) []byte {
	if g, err := s.src.Resource(s.at); err == nil {
		return g.Bytes()
	}
	k := tree.ResourceKey(s.at)
	p := &light.ResourcePart{Roots: light.Roots{State: s.src.State.Root(), Log: s.src.Log}, Query: s.at.String(), Proof: s.src.State.Prove(k), Records: []light.Hex{}}
	for _, l := range s.src.State.Path(k) {
		p.Records = append(p.Records, l.Data)
	}
	g := *f
	g.Kind, g.Resource, g.Account, g.Authorised, g.Beneath, g.Lineage, g.Holdings, g.Act = light.KindResource, p, nil, nil, nil, nil, nil, nil
	g.ChainID, g.Height = s.src.Next.ChainID, s.src.Block.Height
	g.Steps = append([]light.Step{}, s.src.Steps...)
	g.Block, g.Header, g.Certificate, g.Validators = s.src.Block.Bytes(), s.src.Next.Bytes(), s.src.Certificate.Bytes(), s.src.Validators.Bytes()
	return g.Bytes()
}

// records changes what a record says, puts it into the state, and signs that state.
func (s *scene) records(f *light.File) []byte {
	s.at = wire.Resource{Family: wire.IPv4, Addr: [16]byte{10}, Len: 16}
	x := s.title(s.at)
	x.Estates = record.EstatesBytes(s.estates())
	x.Authorisations = record.OriginsBytes([]record.Origin{{Rules: 1, Holder: s.who(), MaxLength: s.wild(), AS: s.wild(), Since: s.wild()}})
	x.Contacts = wire.Encode(&record.Services{Rules: 1, Holder: s.who(), Providers: []uint64{s.wild()}, DS: s.words()})
	if s.IntN(2) == 0 {
		s.wildTitle(x)
	} else {
		s.spoil(x)
	}
	e := s.src.State.Edit()
	e.Put(record.FolioLeaf(s.at, x))
	s.src = s.source(e.Freeze())
	return s.resign(f)
}

// wildTitle gives a title and a restriction numbers that no rule writes.
func (s *scene) wildTitle(x *record.Folio) {
	t, err := record.TitleFromBytes(x.Title)
	if err != nil {
		s.t.Fatal(err)
	}
	t.State, t.Grade, t.Source.Class = record.State(s.wild()), record.Grade(s.wild()), record.Class(s.wild())
	t.Since, t.Proved, t.Qualified, t.Stated = s.wild(), s.wild(), s.wild(), s.wild()
	x.Title = t.Bytes()
	x.Restrictions = record.RestrictionsBytes([]record.Restriction{{Rules: 1, Kind: record.RestrictionKind(s.wild()), Since: s.wild(), Until: s.wild(), At: s.block(), Says: s.words()}})
	if s.IntN(2) == 0 {
		x.Estates = record.EstatesBytes([]record.Estate{{Rules: s.wild(), Kind: record.EstateKind(s.wild()), Holder: s.who(), Start: s.wild(), Ends: s.wild()}})
	}
}

// spoil changes the bytes of one part of a folio.
func (s *scene) spoil(x *record.Folio) {
	parts := []*[]byte{&x.Title, &x.Estates, &x.Charges, &x.Restrictions, &x.Authorisations, &x.Contacts}
	if p := parts[s.IntN(len(parts))]; len(*p) > 0 {
		*p = s.bytes(bytes.Clone(*p))
	}
}
