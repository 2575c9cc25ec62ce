package record

import (
	"encoding/binary"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Bounds of statement files (specs/21).
const (
	SheetBytesMax = 2400    // a page's lines: one act with 16 signatures has room for them
	SheetLinesMax = 64      // so that a page that changes nothing costs little
	SheetsMax     = 1024    // that wait, of one registry: some 2.5 MiB of state, 65,536 statements
	SheetsOfAFile = 1 << 16 // of one statement file: four million statements, as many as there may be rows
)

// Attested is what one registrar said last of a registry's statement file.
type Attested struct {
	Rules uint64
	Date  uint64    // YYYYMMDD of the registry's file
	File  wire.Hash // SHA-256 of it
	Root  wire.Hash // of the statement file's pages
	Pages uint64
}

// Feed is how far a registry's statements have come: the statement file that was
// attested last, and what waits, which may be of earlier ones too.
type Feed struct {
	Rules    uint64
	Date     uint64
	File     wire.Hash
	Next     wire.Hash // of the page to be entered next; zero once all are in
	Pages    uint64
	Received uint64
	Basis    []wire.Address // the registrars that attested it, ascending, at most BasisMax
	First    uint64         // number of the page that is settled next
	Last     uint64         // number that the page entered next gets; no page waits where it is First
	Line     uint64         // the statement of page First that is settled next
	At       uint64         // header time of the due item; 0 while no page waits
}

// Sheet is a page of statements that waits.
type Sheet struct {
	Rules   uint64
	Act     wire.Hash // that entered it
	Date    uint64    // YYYYMMDD of the registry's file
	Basis   []wire.Address
	Ripe    uint64 // header time at which it falls due
	Stalled uint64 // the chain's stalled seconds when Ripe was set (specs/07 DUE-6)
	Lines   string // specs/21 SRC-18
}

// AttestedFromBytes reads a canonical attestation.
func AttestedFromBytes(raw []byte) (*Attested, error) { return bodyFromBytes[Attested](raw, 256) }

// FeedFromBytes reads a canonical feed.
func FeedFromBytes(raw []byte) (*Feed, error) { return bodyFromBytes[Feed](raw, 512) }

// SheetFromBytes reads a canonical page.
func SheetFromBytes(raw []byte) (*Sheet, error) {
	return bodyFromBytes[Sheet](raw, SheetBytesMax+256)
}

// Sorts of records under dealSource.
const (
	sourceFeed     = 1
	sourceAttested = 2
	sourceSheet    = 3
)

// FeedKey is where it is kept how far a registry's statements have come.
func FeedKey(registry string) tree.Key {
	return dealKey(dealSource, append([]byte{sourceFeed}, registry...))
}

// AttestedKey is where it is kept what a registrar attested of a registry last.
func AttestedKey(registry string, by wire.Address) tree.Key {
	return dealKey(dealSource, append(append([]byte{sourceAttested}, by[:]...), registry...))
}

// SheetKey is where a registry's page of a number is kept while it waits.
func SheetKey(registry string, n uint64) tree.Key {
	return dealKey(dealSource, append(binary.BigEndian.AppendUint64([]byte{sourceSheet}, n), registry...))
}

// SheetHash is the hash of a page, given that of the page behind it.
//
// specs/21 SRC-4: SHA-256(0x74 ‖ hash of the page behind it, zeros for the last ‖
// its lines).
func SheetHash(behind wire.Hash, lines string) wire.Hash {
	return wire.Sum(wire.TagSource, behind[:], []byte(lines))
}

// State is what becomes of a title that nobody holds, by its row.
func (s *Source) State() State {
	switch s.Status {
	case "available":
		return Available
	case "reserved":
		return Reserved
	}
	return Unclaimed
}

// Agrees reports whether two rows can be of the same holding.
//
// specs/21 SRC-10: Two rows agree if they name one registry and, of handle,
// status, date and country, none that both of them state differs.
func (s *Source) Agrees(x *Source) bool {
	same := func(a, b string) bool { return a == b || a == "" || b == "" }
	return s.Registry == x.Registry && same(s.Handle, x.Handle) && same(s.Status, x.Status) &&
		same(s.Country, x.Country) && (s.Date == x.Date || s.Date == 0 || x.Date == 0)
}

// What a divergence says where the source states no handle. Handles have no
// spaces, so neither is one.
const (
	SaysUnknown = "handle unknown"
	SaysNothing = "not listed"
)

// Says is what a divergence says of a row; of none, that the block is not listed.
func (s *Source) Says() string {
	switch {
	case s == nil:
		return SaysNothing
	case s.Handle == "":
		return SaysUnknown
	}
	return s.Handle
}
