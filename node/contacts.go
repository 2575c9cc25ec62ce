package node

import (
	"errors"
	"path/filepath"
	"slices"

	"ipledger/ledger/light"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/engine"
	"ipledger/node/serve/api"
	"ipledger/node/store"
)

// openContacts opens the contact files and forgets those whose hash stands no more:
// the node may have ended between a ledger block and its forgetting.
func (n *Node) openContacts(view engine.View) (err error) {
	n.contacts, err = store.OpenContacts(filepath.Join(n.cfg.layout().data, "ledger", "contacts"), n.log)
	if err != nil {
		return err
	}
	return n.forget(view, n.contacts.Blocks())
}

// forgetChanged forgets the contact files of blocks at which the ledger block of a
// height changed something, as far as their hash stands no more.
//
// specs/18 SVC-12: It MUST then overwrite and remove it.
func (n *Node) forgetChanged(view engine.View, height uint64) error {
	kept := n.contacts.Blocks()
	if len(kept) == 0 {
		return nil
	}
	changed, err := n.store.ChangesAt(height)
	if err != nil {
		return err
	}
	return n.forget(view, slices.DeleteFunc(kept, func(at wire.Resource) bool {
		_, found := slices.BinarySearchFunc(changed, tree.ResourceKey(at), tree.Key.Compare)
		return !found
	}))
}

func (n *Node) forget(view engine.View, blocks []wire.Resource) error {
	for _, at := range blocks {
		k, _ := n.contacts.Kept(at)
		hash, _, _, err := light.StandingContacts(view.State, at, light.Moment{Height: view.Head.Height, Time: view.Head.Time})
		if err == nil && hash != k.Hash {
			err = n.contacts.Forget(at, k.Hash)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// contacts is the contact files as the API knows them.
type contacts struct{ n *Node }

func (c contacts) Put(at wire.Resource, hash wire.Hash, holder wire.Address, file []byte) error {
	err := c.n.contacts.Put(at, store.ContactsKept{Hash: hash, Holder: holder}, file)
	if errors.Is(err, store.ErrFull) {
		return errors.Join(api.ErrFull, err)
	}
	return err
}

func (c contacts) Under(hash wire.Hash) []wire.Resource { return c.n.contacts.Under(hash) }

func (c contacts) Get(at wire.Resource, hash wire.Hash) ([]byte, error) {
	k, file, err := c.n.contacts.Get(at)
	if err == nil && k.Hash != hash {
		err = store.ErrNotFound // another was put in its place meanwhile
	}
	return file, forReaders(err)
}

func (c contacts) Forget(at wire.Resource, hash wire.Hash) error {
	return c.n.contacts.Forget(at, hash)
}
