package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"ipledger/ledger/light"
)

// lightOptions are what is typed behind light.
type lightOptions struct {
	witnesses []string
	out       string
	once      bool
	every     time.Duration
}

// Bounds of following.
const (
	lightEvery    = 5 * time.Second // an idle chain has a header every 15 seconds
	lightEveryMin = time.Second
	witnessesMin  = 2  // fewer can be one party
	witnessesMax  = 16 // each is asked at each step
)

func lightCommand(s *session) *cobra.Command {
	var o lightOptions
	c := &cobra.Command{
		Use: "light", Short: "Follow headers from a trust file, and compare what nodes say",
		Long: `Follow the headers of --node from the trust file, over changes of the validators,
and compare each with what --witness nodes give. With --out the newest header
that was followed is kept as a trust file there, and the next start goes on
from it. A trust file can be followed for 14 days from its header's time.

Nodes are named by URL, or by a libp2p address that ends in /p2p/ID.

If a witness shows another final header of the same height, the chain is
forked: the evidence is written to a file that verifies alone, and the exit
code is 3.`,
		Example: "  ipledger light --trust trust.json --witness http://b.example:8440 --witness http://c.example:8440 --out newer.json --once",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return s.follow(cmd.Context(), o)
		},
	}
	c.Flags().StringArrayVar(&o.witnesses, "witness", nil, "node of somebody else, to compare with: a URL or a libp2p address; repeat it")
	c.Flags().StringVar(&o.out, "out", "", "file to keep the newest trusted header in, as a trust file")
	c.Flags().BoolVar(&o.once, "once", false, "go to the newest header and end")
	c.Flags().DurationVar(&o.every, "every", lightEvery, "how often to ask")
	return c
}

// follow is what light does.
func (s *session) follow(ctx context.Context, o lightOptions) error {
	trust, err := s.beginning(o)
	if err != nil {
		return err
	}
	w, err := s.walker(ctx, trust, o.witnesses)
	if err != nil {
		return err
	}
	defer w.close()
	if len(o.witnesses) < witnessesMin {
		s.err.linef("ipledger: %d witnesses; with fewer than %d of other operators a node alone can deceive you", len(o.witnesses), witnessesMin)
	}
	for {
		if err := s.advance(ctx, w, o); err != nil {
			return err
		}
		if o.once {
			return nil
		}
		if !rest(ctx, o.every) {
			return nil
		}
	}
}

// beginning is the trust file to follow from: what was kept, if that is of the
// same network and later.
func (s *session) beginning(o lightOptions) (*light.Trust, error) {
	trust, err := s.trustFile()
	if err != nil {
		return nil, err
	}
	if trust == nil {
		return nil, usage("a light client begins with a trust file").hint("name it with --trust or IPLEDGER_TRUST")
	}
	if o.every < lightEveryMin || len(o.witnesses) > witnessesMax {
		return nil, usage("--every is at least %v, and there are at most %d witnesses", lightEveryMin, witnessesMax)
	}
	if o.out == "" {
		return trust, nil
	}
	raw, err := os.ReadFile(o.out)
	if errors.Is(err, fs.ErrNotExist) {
		return trust, nil
	}
	if err != nil {
		return nil, err
	}
	kept, err := light.TrustFromBytes(raw)
	if err != nil {
		return nil, err
	}
	if kept.GenesisHash != trust.GenesisHash {
		return nil, usage("%s is of another network than the trust file", o.out)
	}
	if kept.Height > trust.Height {
		return kept, nil
	}
	return trust, nil
}

// advance goes one step on and tells of it.
func (s *session) advance(ctx context.Context, w *walker, o lightOptions) error {
	moved, told, err := w.advance(ctx)
	if err != nil {
		return err
	}
	if o.out != "" && (moved || o.once) {
		if err := w.keep(o.out); err != nil {
			return err
		}
	}
	if !moved && !o.once {
		return nil
	}
	return s.tellHead(w, told)
}

// followedJSON is a header that was followed, as JSON shows it.
type followedJSON struct {
	Height     string      `json:"height"`
	Time       instant     `json:"time"`
	HeaderHash string      `json:"header_hash"`
	Witnesses  []witnessed `json:"witnesses"`
}

func (s *session) tellHead(w *walker, told []witnessed) error {
	if s.json {
		return s.out.json(followedJSON{decimal(w.head.Height()), instant(w.head.Time()), w.head.Hash().String(), append([]witnessed{}, told...)})
	}
	agree := 0
	for _, x := range told {
		if x.agree {
			agree++
			continue
		}
		s.err.linef("ipledger: the witness %s could not confirm it: %s", said(x.URL), said(x.Says))
	}
	s.out.linef("header %d of %s, %v: followed; %d of %d witnesses have the same", w.head.Height(), instant(w.head.Time()), w.head.Hash(), agree, len(w.witnesses))
	return nil
}
