package api

import (
	"fmt"
	"net/http"

	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// lineage answers with the proof of the chain of title of a resource.
func (a *API) lineage(w http.ResponseWriter, r *http.Request, res wire.Resource) error {
	if err := without(r, "before", "after", "limit", "from"); err != nil {
		return err
	}
	return a.prove(w, r, func(s light.Source) (*light.File, error) {
		answer, err := light.Read(s.State, res, s.Certified.Moment())
		if err == nil && answer.Title == nil {
			err = problem(http.StatusNotFound, "no_title", "no title covers the whole of %v: it is %s", res, answer.State)
		}
		if err != nil {
			return nil, err
		}
		past := pasts{pruned: a.Pruned, ledger: a.Ledger, at: map[wire.Resource]*past{}, before: s.Block.Height + 1}
		return s.Lineage(res, past.find)
	})
}

// pasts reads what stood at blocks, newest first, a page at a time.
type pasts struct {
	pruned uint64
	ledger Ledger
	at     map[wire.Resource]*past
	before uint64
}

// past is how far the history of one block was read.
type past struct {
	versions []Version
	before   uint64
	end      bool
}

// pastPage is how many versions are read at once: most blocks have fewer.
const pastPage = 64

// find gives the folio of a value at a block. A chain of title asks for those of
// one block from the newest to the oldest, so nothing is read twice.
func (p *pasts) find(at wire.Resource, value wire.Hash) ([]byte, error) {
	x := p.at[at]
	if x == nil {
		x = &past{before: p.before}
		p.at[at] = x
	}
	for {
		for len(x.versions) > 0 {
			v := x.versions[0]
			x.versions = x.versions[1:]
			if f, err := record.FolioFromBytes(v.Data); err == nil && f.Value() == value {
				return v.Data, nil
			}
		}
		if x.end && p.pruned > 0 {
			return nil, problem(http.StatusGone, "pruned", "the folio %v of %v was written before block %d, with whose state this node began; ask a node that keeps everything", value, at, p.pruned)
		}
		if x.end {
			return nil, fmt.Errorf("%w: the folio %v of %v: it was pruned, ask a node that keeps everything", ErrNotFound, value, at)
		}
		if err := x.read(p.ledger, at); err != nil {
			return nil, err
		}
	}
}

func (x *past) read(ledger Ledger, at wire.Resource) error {
	list, err := ledger.History(tree.ResourceKey(at), x.before, pastPage)
	if err != nil {
		return err
	}
	x.versions, x.end = list, len(list) < pastPage
	if !x.end {
		x.before = list[len(list)-1].Height
	}
	return nil
}
