package ledger

import (
	"errors"
	"slices"

	"ipledger/ledger/record"
	"ipledger/ledger/rpki"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

const (
	// BlockEvidenceMax is how many acts of evidence one ledger block takes. The
	// dearest evidence, 18 signatures in 14 KiB, took one of two busy cores 6 ms
	// (BenchmarkEvidence): 32 of them a fifth of a second, a tenth of the time that
	// a round has to propose (specs/11).
	BlockEvidenceMax = 32

	// skewSeconds is how far a signer's clock may be ahead of the header's time,
	// which on an idle chain is a heartbeat old.
	skewSeconds = 600

	worstEvidence = 3 // the evidence, the mark of what was signed, the due item
)

// dueEvidence is when and where evidence is swept.
func dueEvidence(e *record.Evidence, seconds uint64) tree.Key {
	return tree.DueKey(e.Until(seconds), record.RankOffer, e.Act)
}

// mayShow keeps specs/20 EVID-2: A ledger block MUST NOT hold more than 32 acts
// of evidence.
func (b *block) mayShow(v tx.Verified) error {
	if v.Kind() == tx.KindEvidence && b.shown >= BlockEvidenceMax {
		return tx.Refuse("EVID-2", "", "the ledger block has %d acts of evidence", b.shown)
	}
	return nil
}

// show verifies evidence and writes down what it shows.
func (b *block) show(id wire.Hash, body *tx.Evidence) error {
	b.shown++
	anchors, registries := b.anchors()
	v, err := b.verify(body.Evidence, anchors)
	if err != nil {
		return err
	}
	e, err := b.shows(v, registries)
	if err != nil {
		return err
	}
	e.Act = id
	mark := record.ShownKey(v.Key(), v.Content(), v.Path())
	// specs/20 EVID-6: Evidence of one checklist by one path of CAs MUST NOT be on
	// record twice.
	if had, ok := b.e.Get(mark); ok {
		return tx.Refuse("EVID-6", "evidence", "what it shows is on record by act %v", wire.Own[record.Shown](had.Data).Act)
	}
	b.put(record.EvidenceKey(id), wire.Encode(e))
	b.put(mark, wire.Encode(&record.Shown{Rules: record.Rules, Act: id}))
	b.write(dueEvidence(e, b.params.SigningSeconds), &record.Due{Rules: record.Rules, Kind: record.DueEvidence, Act: id, Estate: wire.Hash(mark.Addr[:32])})
	return nil
}

// verify keeps specs/20 EVID-3: The evidence MUST verify (chapter 19) at the
// header's time, under the trust anchors on the roll; the refusal names the rule
// of chapter 19 and the object that it refuses.
func (b *block) verify(raw []byte, anchors [][]byte) (*rpki.Verified, error) {
	link := b.memory.Link
	if link == nil {
		link = rpki.Link
	}
	l, err := link(raw, anchors)
	if err != nil {
		return nil, refusedBy(err)
	}
	v, err := l.At(b.now.Time)
	return v, refusedBy(err)
}

// refusedBy makes a refusal of what package rpki found.
func refusedBy(err error) error {
	var why *rpki.Refusal
	if errors.As(err, &why) {
		return tx.Refuse(why.Rule, "evidence", "%s: %s; %s", why.Of(), why.Why, why.Next())
	}
	return err
}

// shows is what evidence is written down as.
//
// specs/20 EVID-7: evidence may prove a title exactly if a registry CA certified
// its issuing CA directly (RPKI-19); it names the registry of the registry CA
// that is nearest above.
func (b *block) shows(v *rpki.Verified, registries []registryCA) (*record.Evidence, error) {
	path := v.Path()
	e := &record.Evidence{Rules: record.Rules, Entered: b.now.Time, Signed: v.SignedAt(), Issuer: path[len(path)-1], Resources: v.Resources().Blocks(), Digests: v.Statements()}
	var keys []wire.Hash
	for _, r := range registries {
		keys = append(keys, r.key)
	}
	e.Title = v.CertifiedBy(keys)
	for _, ca := range path {
		if i := slices.Index(keys, ca); i >= 0 {
			e.Registry = registries[i].registry
		}
	}
	return e, b.serves(e)
}

// serves checks what evidence shows against the bounds of what is written down.
func (b *block) serves(e *record.Evidence) error {
	// specs/20 EVID-4: The signing time MUST be less than signing_seconds before the
	// header's time, and at most 600 seconds after it.
	if e.Until(b.params.SigningSeconds) <= b.now.Time || e.Signed > b.now.Time+skewSeconds {
		return tx.Refuse("EVID-4", "evidence", "the checklist was signed at %s and the time is %s; have it signed anew: it serves for %d seconds", tx.UTC(e.Signed), tx.UTC(b.now.Time), b.params.SigningSeconds)
	}
	// specs/20 EVID-5: The checklist MUST list 1 to 64 files under the names of
	// statements (RPKI-23), and speak for at most 256 aligned blocks.
	if n := len(e.Digests); n == 0 || n > record.EvidenceDigestsMax {
		return tx.Refuse("EVID-5", "evidence", "the checklist lists %d statements, 1 to %d are allowed", n, record.EvidenceDigestsMax)
	}
	if n := len(e.Resources); n > record.EvidenceResourcesMax {
		return tx.Refuse("EVID-5", "evidence", "the checklist speaks for %d aligned blocks, at most %d", n, record.EvidenceResourcesMax)
	}
	return nil
}

// registryCA is a CA whose members the rules know for holders.
type registryCA struct {
	key      wire.Hash // SHA-256 of its SubjectPublicKeyInfo
	registry string
}

// anchors are the keys of the RPKI on the roll: of trust anchors, and of registry CAs.
func (b *block) anchors() (trust [][]byte, registries []registryCA) {
	leaf, ok := b.e.Get(record.RollKey)
	if !ok {
		return nil, nil
	}
	for _, h := range wire.Own[record.Roll](leaf.Data).Anchors {
		one, ok := b.e.Get(record.AnchorKey(h))
		if !ok {
			panic(ErrCorrupt)
		}
		a := wire.Own[record.Anchor](one.Data)
		key, err := rpki.Fingerprint(a.Key)
		switch {
		case err != nil: // an anchor that no evidence can name
		case a.Kind == record.TrustAnchor:
			trust = append(trust, a.Key)
		case a.Kind == record.RegistryCA:
			registries = append(registries, registryCA{key, a.Registry})
		}
	}
	return trust, registries
}

// dropEvidence takes evidence that serves no more off the record.
//
// specs/20 EVID-8: Evidence is taken off the record signing_seconds after it was
// signed or entered, whichever came first, as the parameter stood when it was entered.
func (b *block) dropEvidence(k tree.Key, d *record.Due) {
	b.remove(k)
	b.remove(record.EvidenceKey(d.Act))
	b.remove(tree.HashKey(tree.Dealings, d.Estate))
}

// evidence keeps that evidence is on record with the mark of what was signed, and
// is swept no earlier than it was entered.
func (c *checker) evidence(d *record.Due) bool {
	leaf, ok := c.b.e.Get(record.EvidenceKey(d.Act))
	mark, marked := c.b.e.Get(tree.HashKey(tree.Dealings, d.Estate))
	if !ok || !marked {
		return false
	}
	e := must(record.EvidenceFromBytes(leaf.Data))
	return e.Act == d.Act && must(record.ShownFromBytes(mark.Data)).Act == d.Act && len(e.Digests) > 0
}
