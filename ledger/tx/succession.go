package tx

import (
	"fmt"
	"strconv"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// Succession asks for the title of a holder that is dissolved.
type Succession struct {
	Resource  wire.Resource // the title, whole
	Subject   wire.Address  // the holder that is gone
	Documents wire.Hash     // digest of the documents that registrars are to see
}

// Kind is KindSuccession.
func (*Succession) Kind() Kind { return KindSuccession }

func (b *Succession) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.address("subject", &b.Subject)
	w.hash("documents", &b.Documents)
}

func (b *Succession) check(*Header) error { return checkDocuments(b.Documents) }

func (b *Succession) text() []string {
	return []string{
		fmt.Sprintf("Ask to succeed account %v, which is dissolved, in the title to %v.", b.Subject, b.Resource),
		fmt.Sprintf("Digest of the documents: %v. Charges and leases stand; any title key of that account vetoes.", b.Documents),
	}
}

// SuccessionVeto is the word of one title key that the holder is not dissolved.
type SuccessionVeto struct{ Succession wire.Hash }

// Kind is KindSuccessionVeto.
func (*SuccessionVeto) Kind() Kind { return KindSuccessionVeto }

func (b *SuccessionVeto) walk(w walker) { w.hash("succession", &b.Succession) }

func (b *SuccessionVeto) text() []string {
	return []string{fmt.Sprintf("Veto succession %v: this account is not dissolved.", b.Succession)}
}

// NameAttest is a registrar's word that an account's name is its holder's.
type NameAttest struct {
	Subject      wire.Address
	Name         string // as the account states it
	Jurisdiction string
	Documents    wire.Hash // digest
}

// Kind is KindNameAttest.
func (*NameAttest) Kind() Kind { return KindNameAttest }

func (b *NameAttest) walk(w walker) {
	w.address("subject", &b.Subject)
	w.text("name", &b.Name, account.NameBytesMax)
	w.text("jurisdiction", &b.Jurisdiction, 2)
	w.hash("documents", &b.Documents)
}

func (b *NameAttest) check(*Header) error { return checkDocuments(b.Documents) }

// checkDocuments keeps specs/20 CLAIM-4: A succession and a name's attestation MUST
// name the digest of documents.
func checkDocuments(digest wire.Hash) error {
	if digest.IsZero() {
		return Refuse("CLAIM-4", "documents", "no digest of documents")
	}
	return nil
}

func (b *NameAttest) text() []string {
	return []string{
		fmt.Sprintf("As a registrar, attest that account %v is %s in jurisdiction %s.", b.Subject, strconv.Quote(b.Name), b.Jurisdiction),
		fmt.Sprintf("Digest of the documents: %v.", b.Documents),
	}
}
