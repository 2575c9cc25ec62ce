package genesis

import (
	"encoding/json"

	"ipledger/ledger/wire"
)

// Verdict says what became of a record line.
type Verdict string

// Every record line has exactly one verdict (specs/08 GEN-10).
const (
	Taken       Verdict = "taken"       // whole
	Merged      Verdict = "merged"      // the same block and registry as another row
	Cut         Verdict = "cut"         // part lost to a winner
	Conflicting Verdict = "conflicting" // all lost
	Rejected    Verdict = "rejected"    // malformed or never registrable
)

// Report accounts for every record line of every file (specs/08 GEN-10).
type Report struct {
	Files       []FileReport `json:"files"`
	Totals      Totals       `json:"totals"`
	Lines       []Line       `json:"lines"` // every line that was not taken
	GenesisHash wire.Hash    `json:"genesis_hash"`
}

// FileReport counts a file's record lines by verdict.
type FileReport struct {
	Name        string    `json:"name"`
	SHA256      wire.Hash `json:"sha256"`
	Rows        int       `json:"rows"`
	Taken       int       `json:"taken"`
	Merged      int       `json:"merged"`
	Cut         int       `json:"cut"`
	Conflicting int       `json:"conflicting"`
	Rejected    int       `json:"rejected"`
	Class       string    `json:"class"`    // whole, extended or derived
	Date        uint32    `json:"date"`     // YYYYMMDD of the data, 0 when unknown
	Warnings    []string  `json:"warnings"` // where the file contradicts itself
}

// Line is a record line that was not taken whole, and why.
type Line struct {
	File    string  `json:"file"`
	Line    int     `json:"line"`
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason"`
}

// Counts measures titles that are not available or reserved. Addresses and AS
// numbers are decimal strings; blocks count titles.
type Counts struct {
	IPv4Addresses uint64 `json:"ipv4_addresses,string"`
	IPv4Blocks    int    `json:"ipv4_blocks"`
	IPv6Blocks    int    `json:"ipv6_blocks"`
	ASNumbers     uint64 `json:"as_numbers,string"`
}

// Totals are the counts in all and for each registry.
type Totals struct {
	Counts
	BySource map[string]Counts `json:"by_source"`
}

// JSON is the report as a file: indented by nothing, with one final newline.
func (r *Report) JSON() []byte {
	raw, err := json.Marshal(r)
	if err != nil {
		panic(err) // the type holds nothing that JSON cannot say
	}
	return append(raw, '\n')
}

// add counts one title.
func (c *Counts) add(r wire.Resource) {
	n := uint64(1) << (r.Family.Bits() - int(r.Len)) // wraps to 0 for IPv6, where it is not used
	switch r.Family {
	case wire.IPv4:
		c.IPv4Addresses += n
		c.IPv4Blocks++
	case wire.IPv6:
		c.IPv6Blocks++
	case wire.ASN:
		c.ASNumbers += n
	}
}

// count adds a verdict to its file's column.
func (f *FileReport) count(v Verdict) {
	switch v {
	case Taken:
		f.Taken++
	case Merged:
		f.Merged++
	case Cut:
		f.Cut++
	case Conflicting:
		f.Conflicting++
	case Rejected:
		f.Rejected++
	}
}
