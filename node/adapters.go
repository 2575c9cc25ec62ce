package node

import (
	"context"
	"errors"

	"ipledger/ledger/account"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
	"ipledger/node/relay"
	"ipledger/node/store"
)

// blocks gives decided blocks to the store.
type blocks struct{ n *Node }

func (b blocks) Commit(d engine.Block) error {
	acts := make([]store.Act, len(d.Acts))
	for i, v := range d.Acts {
		acts[i] = store.Act{ID: v.ID(), Raw: v.Raw()}
	}
	err := b.n.store.Commit(store.Block{
		Height: d.Head.Height, Time: d.Head.Time, HeaderHash: d.Head.Hash, State: d.State,
		LogRoot: d.Head.LogRoot, Frontier: d.Head.Frontier.Bytes(), ActBearing: d.Head.Bearing,
		Acts: acts, Receipts: d.Receipts, Changes: d.Changes,
	})
	b.n.crashAt(CrashState)
	return err
}

// pool is the engine as the relay knows it. The two answers have the same
// numbers; a test compares them.
type pool struct{ *engine.Engine }

func (p pool) Offer(v tx.Verified) (relay.Answer, error) {
	answer, err := p.Engine.Offer(v)
	return relay.Answer(answer), err
}

func (p pool) OfferBundle(acts []tx.Verified) (relay.Answer, error) {
	answer, err := p.Engine.OfferBundle(acts)
	return relay.Answer(answer), err
}

// final is what is final, as the relay knows it.
type final struct{ n *Node }

func (f final) Final(id wire.Hash) (relay.Final, bool, error) {
	found, err := f.n.store.Receipt(id)
	if errors.Is(err, store.ErrNotFound) {
		return relay.Final{}, false, nil
	}
	return relay.Final{Height: found.Height, Receipt: found.Raw}, err == nil, err
}

func (f final) Committed(id wire.Address, lane uint64) (next, now uint64) {
	view := f.n.told.Load()
	leaf, ok := view.State.Get(tree.AccountKey(id))
	if !ok || lane >= account.Lanes {
		return 0, view.Head.Time
	}
	a, err := account.FromBytes(leaf.Data)
	if err != nil {
		// The state was checked against its root; the engine meets this too, and ends.
		return 0, view.Head.Time
	}
	return a.Lanes[lane], view.Head.Time
}

// followHeads tells the relay and the contact files of every committed block, in
// order.
func (n *Node) followHeads(ctx context.Context) error {
	news, cancel := n.engine.Subscribe()
	defer cancel()
	for {
		select {
		case <-ctx.Done():
			return nil
		case view := <-news:
			for height := n.told.Load().Head.Height + 1; height <= view.Head.Height; height++ {
				if err := n.tell(view, height); err != nil {
					return err
				}
			}
			n.told.Store(&view)
		}
	}
}

func (n *Node) tell(view engine.View, height uint64) error {
	block, err := n.store.BlockAt(height)
	if err != nil {
		return err
	}
	acts, err := n.store.ActsAt(height)
	if err != nil {
		return err
	}
	receipts, err := n.store.ReceiptsAt(height)
	if err != nil {
		return err
	}
	out := make([]relay.FinalAct, len(acts))
	for i, a := range acts {
		out[i] = relay.FinalAct{ID: a.ID, Receipt: receipts[i]}
	}
	n.relay.Advance(height, block.Time, out)
	return n.forgetChanged(view, height)
}
