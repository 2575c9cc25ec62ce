package whois

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"ipledger/ledger/account"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Bounds of the index of names.
const (
	// namesEvery is how old the index may be, and namesTimes how many times as old as
	// it takes to make: a new name is found so much later.
	namesEvery = 10 * time.Second
	namesTimes = 20
	// namedMax is how many accounts of one name are listed; names need not be unique.
	namedMax = 32
)

// names is an index from names, in lower case, to accounts. It is made when it is
// first asked for, and anew where it is too old; who asks checks what it says.
type names struct {
	mu   sync.Mutex
	root wire.Hash
	made time.Time
	took time.Duration // to make it
	ids  map[string][]wire.Address
}

// of is the accounts that had a name when the index was made, ascending.
//
// specs/29 WHOIS-11: A name MUST find accounts that have it in the state that is
// answered from, and no other; one that is new may be missed for 10 seconds, or for 20
// times what the index takes to make, if that is longer.
func (n *names) of(v *View, name string) ([]wire.Address, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.ids == nil || n.root != v.State.Root() && time.Since(n.made) > max(namesEvery, namesTimes*n.took) {
		begun := time.Now()
		if err := n.fill(v.State); err != nil {
			n.ids = nil
			return nil, err
		}
		n.root, n.made, n.took = v.State.Root(), time.Now(), time.Since(begun)
	}
	return append([]wire.Address(nil), n.ids[strings.ToLower(name)]...), nil
}

func (n *names) fill(s tree.State) (err error) {
	n.ids = map[string][]wire.Address{}
	s.Walk(tree.RootKey(tree.Accounts), func(l tree.Leaf) bool {
		var a *account.Account
		if a, err = account.FromBytes(l.Data); err != nil {
			err = fmt.Errorf("account %v: %w", l.Key, err)
			return false
		}
		name := strings.ToLower(a.Name)
		if list := n.ids[name]; name != "" && len(list) < namedMax {
			n.ids[name] = append(list, wire.Address(l.Key.Addr[:20]))
		}
		return true
	})
	return err
}
