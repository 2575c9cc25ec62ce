package main

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"

	"github.com/spf13/cobra"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// window is the flags that say when an offer can be accepted.
type window struct{ earliest, until string }

// usualWindowSeconds is how long an offer stands once it can be accepted.
const usualWindowSeconds = 7 * 24 * 3600

func (w *window) bind(c *cobra.Command) {
	c.Flags().StringVar(&w.earliest, "earliest", "", "first moment of acceptance, such as +48h or a date (default: the account's delay from now)")
	c.Flags().StringVar(&w.until, "until", "", "when the offer lapses, such as +7d or a date (default: 7 days after the first moment of acceptance)")
}

// read gives both moments; earliest 0 asks for just the account's delay.
func (w *window) read(now, delay uint64) (earliest, until uint64, err error) {
	if w.earliest != "" {
		if earliest, err = parseWhen("earliest", w.earliest, now); err != nil {
			return 0, 0, err
		}
	}
	until = max(now+delay, earliest) + usualWindowSeconds
	if w.until != "" {
		until, err = parseWhen("until", w.until, now)
	}
	return earliest, until, err
}

// terms is what every offer says besides what it offers.
type terms struct {
	author          wire.Address
	value           wire.Hash // of the title as it stands
	earliest, until uint64
	now             uint64 // header time
}

// offering is the terms of an offer about a matter, usually by one account.
func (s *session) offering(ctx context.Context, m matter, usually wire.Address, w *window) (t terms, err error) {
	if t.author, err = s.author(usually); err != nil {
		return t, err
	}
	if t.value, err = m.value(); err != nil {
		return t, err
	}
	a, err := s.accountOf(ctx, t.author)
	if err != nil {
		return t, err
	}
	t.now = uint64(a.Time)
	t.earliest, t.until, err = w.read(t.now, a.Account.Delay)
	return t, err
}

// matterAndParty reads RESOURCE TO.
func (s *session) matterAndParty(ctx context.Context, args []string) (m matter, to wire.Address, err error) {
	if m.block, err = strict(args[0]); err != nil {
		return m, to, err
	}
	if to, err = s.book.id(args[1]); err != nil {
		return m, to, err
	}
	m, err = s.matter(ctx, args[0])
	return m, to, err
}

// madeOffer is an offer as its act says it.
type madeOffer struct {
	*tx.Act
	id wire.Hash
}

// offer reads the act that made an offer. What the node says of it is believed
// only as far as it is the act of that id.
func (s *session) offer(ctx context.Context, text string) (*madeOffer, error) {
	id, err := parseID(text)
	if err != nil {
		return nil, err
	}
	a, err := s.actOf(ctx, id, 0)
	if err != nil {
		return nil, err
	}
	if a.Outcome != "done" {
		return nil, fail(exitNotFound, "act %v is %s: it made no offer", id, a.Outcome)
	}
	chain, err := s.status(ctx)
	if err != nil {
		return nil, err
	}
	raw, err := hex.DecodeString(a.Act)
	if err != nil {
		return nil, fail(exitUnverified, "the node's answer has no bytes of act %v", id)
	}
	act, err := tx.Decode(raw)
	if err != nil || act.ID(chain.GenesisHash) != id {
		return nil, fail(exitUnverified, "the node gave other bytes than those of act %v; ask another node", id)
	}
	return &madeOffer{act, id}, nil
}

// not says that an act is no offer of the kind that was asked for.
func (o *madeOffer) not(kind string) error {
	return usage("act %v is a %v and no offer of a %s", o.id, o.Body.Kind(), kind).hint("ipledger act show %v", o.id)
}

// open is an offer and what stands at its block.
type open struct {
	*madeOffer
	matter
	worth wire.Hash // the title's dealing value as it stands
}

// openOffer reads an offer of a family, and what it is about.
func (s *session) openOffer(ctx context.Context, text, family string) (o open, err error) {
	if o.madeOffer, err = s.offer(ctx, text); err != nil {
		return o, err
	}
	got, ok := offerFamilies[o.Body.Kind()]
	if !ok && !(family == "" && lendersSpeakOf(o.Body.Kind())) || got != family && family != "" {
		return o, o.not(cmp.Or(family, "block"))
	}
	r := titleSpokenOf(o.Body)
	if o.matter, err = s.matter(ctx, r.String()); err != nil {
		return o, err
	}
	o.worth, err = o.value()
	return o, err
}

// lendersSpeakOf reports whether what waits is no offer and yet needs the consent of
// lenders.
func lendersSpeakOf(k tx.Kind) bool { return k == tx.KindMerge || k == tx.KindSurrender }

// titleSpokenOf is the block whose title an offer stands on: of a merge its lower half.
func titleSpokenOf(body tx.Body) wire.Resource {
	r, _ := blockOf(body)
	if low, _, ok := inr.Halves(r); ok && body.Kind() == tx.KindMerge {
		return low
	}
	return r
}

// offerFamilies has every kind of offer with the word of the family that accepts it.
var offerFamilies = map[tx.Kind]string{
	tx.KindTransferOffer: "transfer", tx.KindGrantOffer: "grant", tx.KindNoticeWithdraw: "grant",
	tx.KindLeaseOffer: "lease", tx.KindLeaseRenew: "lease", tx.KindLeaseEnd: "lease", tx.KindLeaseAssign: "lease",
	tx.KindChargePropose: "charge", tx.KindChargeRedeem: "charge",
}

// blockOf is the block that an act is about, as its terms name it.
func blockOf(body tx.Body) (r wire.Resource, ok bool) {
	var fields struct {
		Resource string `json:"resource"`
	}
	if err := json.Unmarshal(tx.Terms(body), &fields); err != nil || fields.Resource == "" {
		return r, false
	}
	r, err := inr.Parse(fields.Resource)
	return r, err == nil
}

// addressee is who may accept an offer.
func (o *open) addressee() wire.Address {
	switch b := o.Body.(type) {
	case *tx.LeaseRenew:
		return o.otherParty(b.Lease)
	case *tx.LeaseEnd:
		return o.otherParty(b.Lease)
	case *tx.NoticeWithdraw:
		e, _ := o.estate("grant", "EST-9", []string{b.Grant.String()}) // none is nobody
		return e.Holder.Address
	case *tx.ChargeRedeem:
		c, _ := o.charge([]string{b.Charge.String()}, wire.Address{}) // none is nobody
		return c.Lender.Address
	}
	to, _ := offeredTo(o.Body)
	return to
}

// otherParty is the lessor or the lessee, whichever did not make the offer.
func (o *open) otherParty(lease wire.Hash) wire.Address {
	e, err := o.estate("lease", "LEASE-20", []string{lease.String()})
	if err != nil || e.Holder.Address != o.Header.Author {
		return e.Holder.Address
	}
	return e.outer
}
