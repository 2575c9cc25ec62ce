package api

import (
	"fmt"
	"net/http"

	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// errUnreadable hides a rule's refusal of what a final block holds: it is a
// fault of the node, not of the client.
func errUnreadable(err error) error { return fmt.Errorf("api: a final block cannot be read: %v", err) }

// changesShape is a page of what blocks changed.
type changesShape struct {
	From    light.Decimal `json:"from"` // heights after this one
	To      light.Decimal `json:"to"`   // up to this one
	Changes []changeShape `json:"changes"`
	Next    string        `json:"next"` // the after of the next page, or empty
}

// changeShape is one record that a block changed: a block of numbers, or the
// subtree and key of another record.
type changeShape struct {
	Height   light.Decimal `json:"height"`
	Kind     string        `json:"kind"` // resource, account, body, parameter, dealing, due
	Resource string        `json:"resource,omitempty"`
	Account  string        `json:"account,omitempty"`
	Key      string        `json:"key,omitempty"`
}

var kindNames = [tree.SubtreeCount]string{"resource", "resource", "resource", "account", "body", "parameter", "dealing", "due"}

// changes lists what the blocks from+1 to to changed, to at most the head's. A
// page ends after PageMax changes or ChangesSpan heights, at the end of a block.
func (a *API) changes(w http.ResponseWriter, r *http.Request) error {
	head := a.Ledger.View().Height
	from, err := optional(r, "from", 1<<63-1, 0)
	if err != nil {
		return err
	}
	to, err := optional(r, "to", 1<<63-1, head)
	if err != nil {
		return err
	}
	after, err := optional(r, "after", 1<<63-1, from)
	if err != nil {
		return err
	}
	to = min(to, head)
	if from > to || after < from || after > to {
		return problem(http.StatusBadRequest, "bad_parameter", "from %d, after %d, to %d do not rise; the last block is %d", from, after, to, head)
	}
	if err := a.kept(after + 1); err != nil {
		return err
	}
	out := changesShape{From: light.Decimal(from), To: light.Decimal(to), Changes: []changeShape{}}
	at := after
	for at < to && at-after < ChangesSpan && len(out.Changes) < PageMax {
		at++
		b, err := a.Ledger.Block(at)
		if err != nil {
			return err
		}
		for _, k := range b.Changed {
			out.Changes = append(out.Changes, shapeChange(at, k))
		}
	}
	if at < to {
		out.Next = decimal(at)
	}
	return writeJSON(w, out)
}

func shapeChange(height uint64, k tree.Key) changeShape {
	c := changeShape{Height: light.Decimal(height), Kind: kindNames[k.Subtree]}
	switch {
	case k.Subtree.Prefixes():
		c.Resource = k.Resource().String()
	case k.Subtree == tree.Accounts:
		c.Account = wire.Address(k.Addr[:20]).String()
	default:
		c.Key = fmt.Sprintf("%x", k.Addr[:k.Subtree.Width()/8])
	}
	return c
}
