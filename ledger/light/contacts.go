package light

import (
	"ipledger/ledger/account"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// ContactsFormat is the first field of a contact file.
const ContactsFormat = "ipledger-contacts/1"

// Bounds of contact files (specs/18 SVC-9).
const (
	ContactsBytesMax = 8 << 10 // eight contacts with five texts of 128 bytes have less
	ContactsMax      = 8
)

// Contacts is a contact file: contact data that stay off the ledger, which has
// only their hash. The salt makes that hash say nothing of what it hides.
type Contacts struct {
	Format   string    `json:"format"`
	Salt     wire.Hash `json:"salt"`
	Contacts []Contact `json:"contacts"`
}

// Contact is one who can be reached in a role.
type Contact struct {
	Role    string `json:"role"` // what to ask for: "network desk"
	Name    string `json:"name"`
	Mailbox string `json:"mailbox"`
	Phone   string `json:"phone"`
	Address string `json:"address"` // postal
}

// NewContacts checks contacts and puts them into a file with the salt, which MUST
// be 32 random bytes that were never used before.
func NewContacts(salt wire.Hash, list []Contact) (*Contacts, error) {
	c := &Contacts{ContactsFormat, salt, list}
	return c, c.check()
}

// ReadContacts reads a contact file.
func ReadContacts(raw []byte) (*Contacts, error) {
	c := new(Contacts)
	if len(raw) > ContactsBytesMax {
		return nil, malformed("SVC-9", "a contact file of %d bytes, at most %d", len(raw), ContactsBytesMax)
	}
	if err := decode(raw, ContactsBytesMax, c); err != nil {
		return nil, malformed("SVC-9", "a contact file: %v", err)
	}
	return c, c.check()
}

// Bytes is the file.
func (c *Contacts) Bytes() []byte { return encode(c) }

// Hash is what the ledger has of the file.
//
// specs/18 SVC-10: The hash of a contact file MUST be SHA-256 of 0x73 and its
// bytes.
func (c *Contacts) Hash() wire.Hash { return ContactsHash(c.Bytes()) }

// ContactsHash is the hash of a contact file's bytes.
func ContactsHash(file []byte) wire.Hash { return wire.Sum(wire.TagContacts, file) }

// check keeps specs/18 SVC-9: A contact file has 1 to 8 contacts, each with a
// role and with at least one of mailbox and phone.
func (c *Contacts) check() error {
	switch n := len(c.Contacts); {
	case c.Format != ContactsFormat:
		return malformed("SVC-9", "format %q, want %q", c.Format, ContactsFormat)
	case c.Salt.IsZero():
		return malformed("SVC-10", "the salt is zero; draw 32 random bytes")
	case n == 0 || n > ContactsMax:
		return malformed("SVC-9", "%d contacts, want 1 to %d", n, ContactsMax)
	}
	for i := range c.Contacts {
		if err := c.Contacts[i].check(); err != nil {
			return malformed("SVC-9", "contact %d: %v", i+1, err)
		}
	}
	if n := len(c.Bytes()); n > ContactsBytesMax {
		return malformed("SVC-9", "a contact file of %d bytes, at most %d", n, ContactsBytesMax)
	}
	return nil
}

// check keeps specs/18 SVC-9: a mailbox obeys ACT-26, the rest is text as names
// are.
func (c *Contact) check() error {
	if c.Role == "" || c.Mailbox == "" && c.Phone == "" {
		return malformed("SVC-9", "it lacks a role, or both mailbox and phone")
	}
	for _, text := range []string{c.Role, c.Name, c.Mailbox, c.Phone, c.Address} {
		if err := account.CheckName(text); err != nil {
			return err
		}
	}
	if c.Mailbox == "" {
		return nil
	}
	return tx.CheckContact("mailbox", c.Mailbox)
}

// StandingContacts is the hash that stands at a block, with whose contacts it is
// of; ok is false where there is none. It is what an answer about the block shows,
// so contacts that rest on an ended right are none, swept or not.
func StandingContacts(s tree.State, at wire.Resource, when Moment) (hash wire.Hash, of wire.Address, ok bool, err error) {
	if f, err := FolioAt(s, at); err != nil || f == nil || len(f.Contacts) == 0 {
		return hash, of, false, err
	}
	a, err := Read(s, at, when)
	if err != nil {
		return hash, of, false, err
	}
	for _, x := range a.Services {
		if x.At == at && !x.Private.IsZero() {
			return x.Private, x.Holder, true, nil
		}
	}
	return hash, of, false, nil
}

// FolioAt is what is written at exactly one block, nil for nothing.
func FolioAt(s tree.State, at wire.Resource) (*record.Folio, error) {
	leaf, ok := s.Get(tree.ResourceKey(at))
	if !ok {
		return nil, nil
	}
	f, err := record.FolioFromBytes(leaf.Data)
	if err != nil {
		return nil, unproven("PRF-9", err, "the records at %v", at)
	}
	return f, nil
}
