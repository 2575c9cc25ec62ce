package ledger

import (
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// attestSource is a registrar's word on a statement file. With the last of as
// many as it takes, the file's pages may be entered.
func (b *block) attestSource(author wire.Address, body *tx.SourceAttest) error {
	// specs/21 SRC-1: Only a registrar that was not removed attests a statement file.
	if !b.inOffice(author) {
		return tx.Refuse("SRC-1", "account", "%v is no registrar that serves", author)
	}
	f := b.feed(body.Registry)
	if err := b.inOrder(f, body.Date); err != nil {
		return err
	}
	said := record.Attested{Rules: record.Rules, Date: body.Date, File: body.File, Root: body.Root, Pages: body.Pages}
	b.put(record.AttestedKey(body.Registry, author), wire.Encode(&said))
	basis := b.saidBy(body.Registry, &said)
	if uint64(len(basis)) < b.params.Attestations {
		return nil
	}
	f.Date, f.File, f.Next, f.Pages, f.Received, f.Basis = said.Date, said.File, said.Root, said.Pages, 0, basis
	b.putFeed(body.Registry, f)
	return nil
}

// inOrder keeps specs/21 SRC-2: The file date MUST be later than that of the
// registry's file that was attested last, and at most the day after the header's.
func (b *block) inOrder(f *record.Feed, date uint64) error {
	if date <= f.Date {
		return tx.Refuse("SRC-2", "date", "the file of %d is attested already", f.Date)
	}
	if record.Midnight(uint32(date)) > b.now.Time+daySeconds {
		return tx.Refuse("SRC-2", "date", "%d is more than a day ahead of the header's time %d", date, b.now.Time)
	}
	return nil
}

// saidBy is registrars of different organisations who said the same of a
// statement file, ascending, no more of them than the parameter asks.
//
// specs/21 SRC-3: Of each registrar the last word on a registry counts, and no
// other.
func (b *block) saidBy(registry string, said *record.Attested) (basis []wire.Address) {
	leaf, ok := b.e.Get(record.RollKey)
	if !ok {
		return nil
	}
	return b.apart(wire.Own[record.Roll](leaf.Data).Registrars, func(who wire.Address) bool {
		leaf, ok := b.e.Get(record.AttestedKey(registry, who))
		return ok && *wire.Own[record.Attested](leaf.Data) == *said
	})
}

// apart picks, in order, those of some registrars that serve, are of different
// organisations, and count; no more than the parameter asks.
func (b *block) apart(list []wire.Address, counts func(wire.Address) bool) (out []wire.Address) {
	seen := map[string]bool{}
	for _, who := range list {
		r, ok := b.registrarAt(who)
		if !ok || r.Removed != 0 || seen[r.Organisation] || !counts(who) {
			continue
		}
		seen[r.Organisation] = true
		if out = append(out, who); uint64(len(out)) == b.params.Attestations {
			break
		}
	}
	return out
}

// enterSheet enters the next page of the statement file that was attested last.
func (b *block) enterSheet(id wire.Hash, body *tx.SourceStatement) error {
	f := b.feed(body.Registry)
	if err := isNext(f, body); err != nil {
		return err
	}
	// specs/21 SRC-5: At most 1,024 pages of one registry wait at once.
	if f.Last-f.First >= record.SheetsMax {
		return tx.Refuse("SRC-5", "registry", "%d pages of %s wait", record.SheetsMax, body.Registry)
	}
	// specs/21 SRC-6: A page falls due the parameter's seconds after it was entered,
	// at the earliest in the next second.
	s := &record.Sheet{
		Rules: record.Rules, Act: id, Date: f.Date, Basis: f.Basis, Lines: body.Lines,
		Ripe: b.now.Time + max(1, b.params.SourceSeconds), Stalled: b.chain.Stalled,
	}
	b.put(record.SheetKey(body.Registry, f.Last), wire.Encode(s))
	f.Last, f.Received, f.Next = f.Last+1, f.Received+1, body.Behind
	if f.At == 0 {
		b.queueSheet(body.Registry, f, s, s.Ripe)
	}
	b.putFeed(body.Registry, f)
	return nil
}

// isNext keeps specs/21 SRC-4: the page MUST be the next of the file that was
// attested last, by its hash. The last page MUST be the last by number too.
func isNext(f *record.Feed, body *tx.SourceStatement) error {
	if f.Received == f.Pages {
		return tx.Refuse("SRC-4", "registry", "no page of %s is awaited: %d of %d of its last file are in", body.Registry, f.Received, f.Pages)
	}
	if got := record.SheetHash(body.Behind, body.Lines); got != f.Next {
		return tx.Refuse("SRC-4", "lines", "page %d of the file of %d is %v, this is %v", f.Received+1, f.Date, f.Next, got)
	}
	if last := f.Received+1 == f.Pages; last != body.Behind.IsZero() {
		return tx.Refuse("SRC-4", "behind", "page %d of %d names %v as the page behind it", f.Received+1, f.Pages, body.Behind)
	}
	return nil
}

// feed is how far a registry's statements have come.
func (b *block) feed(registry string) *record.Feed {
	leaf, ok := b.e.Get(record.FeedKey(registry))
	if !ok {
		return &record.Feed{Rules: record.Rules}
	}
	return wire.Own[record.Feed](leaf.Data)
}

func (b *block) putFeed(registry string, f *record.Feed) {
	b.put(record.FeedKey(registry), wire.Encode(f))
}

// queueSheet makes the due item of a registry's first page.
func (b *block) queueSheet(registry string, f *record.Feed, s *record.Sheet, at uint64) {
	place, _ := record.RegistryOf(registry)
	f.At = at
	b.write(tree.DueKey(at, record.RankClaim, s.Act), &record.Due{Rules: record.Rules, Kind: record.DueSource, Act: s.Act, Sort: uint64(place)})
}
