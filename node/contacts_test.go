package node

import (
	"testing"

	"ipledger/ledger/wire"
	"ipledger/node/store"
)

// TestContacts_forgottenAtStart_SVC12 ends a node between a ledger block that takes
// a hash away and the removal of its file, as a crash can: the next start removes it.
func TestContacts_forgottenAtStart_SVC12(t *testing.T) {
	n := newTestnet(t, 4, 1, 1, 1).startAll()
	at := wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{60}}
	n.must(n.nodes[4].node.contacts.Put(at, store.ContactsKept{Hash: wire.Hash{1}}, []byte("the file")))
	n.end(4)
	n.start(4)
	if got := n.nodes[4].node.contacts.Blocks(); len(got) != 0 {
		t.Errorf("the node still keeps files for %v", got)
	}
}

func TestConfig_contactsFor(t *testing.T) {
	c := Default()
	c.Home, c.ContactsFor = "here", []string{"0x00000000000000000000000000000000000000aa"}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	c.ContactsFor = append(c.ContactsFor, "alice")
	if err := c.Validate(); err == nil {
		t.Error("a name passes for an account")
	}
}
