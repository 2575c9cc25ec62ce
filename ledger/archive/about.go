package archive

import (
	"fmt"
	"strings"

	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

// Files of an archive beside its segments and the state file.
const (
	AboutName   = "ARCHIVE"
	GenesisName = "genesis.json"
)

// AboutBytesMax is longer than any ARCHIVE.
const AboutBytesMax = 256

// About is the file ARCHIVE: what an archive is and how far it goes. Who rewrites
// it can hide blocks from an auditor, who sees then where the archive ends, and
// can make nobody believe one.
type About struct {
	ChainID     string
	Genesis     wire.Hash
	First, Last uint64
}

// Text is the whole file.
func (a About) Text() string {
	return fmt.Sprintf("ipledger-archive/1\nchain %s\ngenesis %v\nfirst %d\nlast %d\n", a.ChainID, a.Genesis, a.First, a.Last)
}

// AboutFromText reads what Text writes.
//
// specs/24 ARCH-1: ARCHIVE MUST be the five lines above, each ended by one
// newline, numbers without leading zeros, first at least 1 and last not below it.
func AboutFromText(text string) (a About, err error) {
	refuse := func(why string) (About, error) { return About{}, malformed("ARCH-1", "ARCHIVE %s", why) }
	if len(text) > AboutBytesMax {
		return refuse("is too long")
	}
	lines := strings.SplitN(text, "\n", 3)
	if len(lines) != 3 {
		return refuse("is not five lines")
	}
	id, ok := strings.CutPrefix(lines[1], "chain ")
	if !ok || id == "" || len(id) > chain.ChainIDBytesMax {
		return refuse("names no chain")
	}
	a.ChainID = id
	var hash string
	if _, err := fmt.Sscanf(lines[2], "genesis %64s\nfirst %d\nlast %d\n", &hash, &a.First, &a.Last); err != nil {
		return refuse("cannot be read: " + err.Error())
	}
	if err := a.Genesis.UnmarshalText([]byte(hash)); err != nil || a.Text() != text || a.First == 0 || a.Last < a.First {
		return refuse("is not in the one form it may have")
	}
	return a, nil
}
