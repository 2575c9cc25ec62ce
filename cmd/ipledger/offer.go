package main

import (
	"context"
	"encoding/hex"

	"github.com/spf13/cobra"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// window is the flags that say when an offer can be accepted.
type window struct{ earliest, until string }

// usualWindowSeconds is how long an offer stands once it can be accepted.
const usualWindowSeconds = 7 * 24 * 3600

func (w *window) bind(c *cobra.Command) {
	c.Flags().StringVar(&w.earliest, "earliest", "", "first moment of acceptance, a duration or a date (default: the account's delay from now)")
	c.Flags().StringVar(&w.until, "until", "", "when the offer lapses, a duration or a date (default: 7 days after the first moment of acceptance)")
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
