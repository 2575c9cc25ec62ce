package tx

import (
	"fmt"
	"strings"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// RegistryBytesMax bounds a registry's name, as a source row does.
const RegistryBytesMax = 16

// SourceStatement enters the next page of a statement file that was attested
// (specs/21 SRC-4). Anyone may.
type SourceStatement struct {
	Registry string
	Behind   wire.Hash // of the page behind this one; zero for the last
	Lines    string    // see ParseStatements
}

// Kind is KindSourceStatement.
func (*SourceStatement) Kind() Kind { return KindSourceStatement }

func (b *SourceStatement) walk(w walker) {
	w.text("registry", &b.Registry, RegistryBytesMax)
	w.hash("behind", &b.Behind)
	w.text("lines", &b.Lines, record.SheetBytesMax)
}

func (b *SourceStatement) check(*Header) error {
	if err := checkRegistry(b.Registry); err != nil {
		return err
	}
	_, err := ParseStatements(b.Registry, b.Lines)
	return err
}

// checkRegistry keeps specs/21 SRC-19: A registry MUST be one of afrinic, apnic,
// arin, lacnic and ripencc.
func checkRegistry(name string) error {
	if _, ok := record.RegistryOf(name); !ok {
		return Refuse("SRC-19", "registry", "%q is not one of %s", name, strings.Join(record.Registries[:], ", "))
	}
	return nil
}

func (b *SourceStatement) text() []string {
	list, err := ParseStatements(b.Registry, b.Lines)
	if err != nil {
		return []string{fmt.Sprintf("Enter a page of statements of %s that cannot be read: %v.", b.Registry, err)}
	}
	out := []string{fmt.Sprintf("Enter a page of %d statements of the registry %s, of the statement file that was attested last:", len(list), b.Registry)}
	for _, s := range list {
		out = append(out, "  "+s.text())
	}
	if b.Behind.IsZero() {
		return append(out, "It is the last page of the file.")
	}
	return append(out, fmt.Sprintf("The page behind it is %v.", b.Behind))
}

func (s *Statement) text() string {
	if s.Source == nil {
		return fmt.Sprintf("%v is listed no more", s.Block)
	}
	return fmt.Sprintf("%v is listed: %s", s.Block, strings.TrimPrefix(s.String(), s.Block.String()+"|"))
}

// SourceAttest says that a statement file is what a registry's file of a day
// changes; its author is a registrar.
type SourceAttest struct {
	Registry string
	Date     uint64    // YYYYMMDD of the registry's file
	File     wire.Hash // SHA-256 of it
	Root     wire.Hash // of the statement file: the hash of its first page
	Pages    uint64
}

// Kind is KindSourceAttest.
func (*SourceAttest) Kind() Kind { return KindSourceAttest }

func (b *SourceAttest) walk(w walker) {
	w.text("registry", &b.Registry, RegistryBytesMax)
	w.number("date", &b.Date, fileDateMax)
	w.hash("file", &b.File)
	w.hash("root", &b.Root)
	w.number("pages", &b.Pages, record.SheetsOfAFile)
}

// fileDateMax is the last date that is read.
const fileDateMax = 21991231

// check keeps specs/21 SRC-20: An attestation MUST name a day of eight digits
// between 1980 and 2199, a digest, a root and at least one page.
func (b *SourceAttest) check(*Header) error {
	if err := checkRegistry(b.Registry); err != nil {
		return err
	}
	if _, ok := record.ReadDay(fmt.Sprintf("%08d", b.Date)); !ok {
		return Refuse("SRC-20", "date", "%d is no day between 1980 and 2199", b.Date)
	}
	if b.File.IsZero() || b.Root.IsZero() || b.Pages == 0 {
		return Refuse("SRC-20", "root", "a file of %d pages with digest %v and root %v", b.Pages, b.File, b.Root)
	}
	return nil
}

func (b *SourceAttest) text() []string {
	return []string{
		fmt.Sprintf("As a registrar, attest the statement file that %s's file of %s gives: %d pages, root %v.", b.Registry, isoDay(b.Date), b.Pages, b.Root),
		fmt.Sprintf("SHA-256 of the registry's file: %v.", b.File),
	}
}

// isoDay writes YYYYMMDD with hyphens.
func isoDay(n uint64) string { return fmt.Sprintf("%04d-%02d-%02d", n/10000, n/100%100, n%100) }
