package tx

import (
	"fmt"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// Bounds of what an order says.
const (
	CourtBytesMax     = 128
	ReferenceBytesMax = 64
)

// OrderRecord records an order of a court. It binds nobody until adjudicators say
// that it is in effect.
type OrderRecord struct {
	Resource     wire.Resource // what it names, titles or parts of them
	Court        string
	Jurisdiction string // ISO 3166-1 alpha-2
	Reference    string // the court's own
	Digest       wire.Hash
	Final        bool         // it gives the title to an account, and no court can change that
	To           wire.Address // that account; zero unless final
	Caution      wire.Hash    // the author's caution that it follows; zero for none
}

// Kind is KindOrderRecord.
func (*OrderRecord) Kind() Kind { return KindOrderRecord }

func (b *OrderRecord) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.text("court", &b.Court, CourtBytesMax)
	w.text("jurisdiction", &b.Jurisdiction, 2)
	w.text("reference", &b.Reference, ReferenceBytesMax)
	w.hash("digest", &b.Digest)
	w.flag("final", &b.Final)
	w.address("to", &b.To)
	w.hash("caution", &b.Caution)
}

func (b *OrderRecord) check(*Header) error {
	if b.Court == "" || b.Reference == "" {
		return Refuse("DISP-20", "court", "an order names its court and the court's reference")
	}
	if err := checkWords("court", b.Court); err != nil {
		return err
	}
	if err := checkWords("reference", b.Reference); err != nil {
		return err
	}
	if err := ruled(account.CheckJurisdiction(b.Jurisdiction)); err != nil {
		return err
	}
	if b.Final == b.To.IsZero() {
		return Refuse("DISP-20", "to", "an order names to whom the title goes exactly if it is final")
	}
	return checkDigest("digest", b.Digest)
}

func (b *OrderRecord) text() []string {
	lines := []string{
		fmt.Sprintf("Record order %q of %q (%s) over %v. Its text has the SHA-256 %v.", b.Reference, b.Court, b.Jurisdiction, b.Resource, b.Digest),
		"It binds nobody until half the adjudicators say that it is in effect.",
	}
	lines = appendIf(lines, b.Final, fmt.Sprintf("It is final, and gives the title to account %v.", b.To))
	return appendIf(lines, !b.Caution.IsZero(), fmt.Sprintf("It follows the author's caution %v.", b.Caution))
}

// OrderState is what becomes of an order. The numbers are on the wire.
type OrderState uint64

// The states of an order (specs/22 DISP-20, DISP-21).
const (
	OrderRecorded OrderState = 1
	OrderInEffect OrderState = 2
	OrderRefused  OrderState = 3
	OrderLapsed   OrderState = 4
	OrderLifted   OrderState = 5
)

// Findings that an order in effect needs, as bits.
const (
	FoundInForce    = 1
	FoundRecognised = 2 // where its holder or its routing is subject to it
	FoundServed     = 4
	FoundNames      = 8 // it names the block
	FoundAll        = 15
)

// OrderStatus is an adjudicator's vote on an order.
type OrderStatus struct {
	Order    wire.Hash
	Status   OrderState
	Findings uint64
	Reasons  wire.Hash
}

// Kind is KindOrderStatus.
func (*OrderStatus) Kind() Kind { return KindOrderStatus }

func (b *OrderStatus) walk(w walker) {
	w.hash("order", &b.Order)
	w.number("status", (*uint64)(&b.Status), uint64(OrderLifted))
	w.number("findings", &b.Findings, FoundAll)
	w.hash("reasons", &b.Reasons)
}

// check keeps specs/22 DISP-21: in effect needs all findings, refused lacks one
// and says why, as does lifted.
func (b *OrderStatus) check(*Header) error {
	switch b.Status {
	case OrderInEffect:
		if b.Findings != FoundAll {
			return Refuse("DISP-21", "findings", "%d: an order in effect is in force, recognised, served, and names the block", b.Findings)
		}
		return nil
	case OrderRefused:
		if b.Findings == FoundAll {
			return Refuse("DISP-21", "findings", "an order is refused for what it lacks")
		}
		return checkDigest("reasons", b.Reasons)
	case OrderLifted:
		return checkDigest("reasons", b.Reasons)
	}
	return Refuse("DISP-21", "status", "%d is none that is voted for", b.Status)
}

func (b *OrderStatus) text() []string {
	switch b.Status {
	case OrderInEffect:
		return []string{fmt.Sprintf("Find order %v in force, recognised, served and naming the block: vote that it is in effect.", b.Order)}
	case OrderRefused:
		return []string{fmt.Sprintf("Vote to refuse order %v, for the reasons whose SHA-256 is %v.", b.Order, b.Reasons), "It lacks: " + lacking(b.Findings) + "."}
	}
	return []string{fmt.Sprintf("Vote that order %v is lifted, for the reasons whose SHA-256 is %v.", b.Order, b.Reasons)}
}

// lacking names the findings that are not there.
func lacking(findings uint64) string {
	var out string
	for i, word := range []string{"in force", "recognised", "served", "names the block"} {
		if findings&(1<<i) == 0 {
			if out != "" {
				out += ", "
			}
			out += word
		}
	}
	return out
}

// Restrict enters the freeze of an order in effect, or of an accepted dispute, on
// one title.
type Restrict struct {
	Matter   wire.Hash // the order or the case
	Resource wire.Resource
}

// Kind is KindRestrict.
func (*Restrict) Kind() Kind { return KindRestrict }

func (b *Restrict) walk(w walker) {
	w.hash("matter", &b.Matter)
	w.resource("resource", &b.Resource)
}

func (b *Restrict) text() []string {
	return []string{fmt.Sprintf("Freeze what order or case %v names of the title over %v. Routing goes on.", b.Matter, b.Resource)}
}

// Lift takes off one title what a matter that is over recorded against it; a final
// award to the claimant is carried out before.
type Lift struct {
	Matter   wire.Hash
	Resource wire.Resource
}

// Kind is KindLift.
func (*Lift) Kind() Kind { return KindLift }

func (b *Lift) walk(w walker) {
	w.hash("matter", &b.Matter)
	w.resource("resource", &b.Resource)
}

func (b *Lift) text() []string {
	return []string{fmt.Sprintf("Carry out how order or case %v ended at the title over %v, and lift what it recorded there.", b.Matter, b.Resource)}
}

// OrderConfirm is an adjudicator's vote to prolong the freeze of an order, or of a
// dispute.
type OrderConfirm struct {
	Matter wire.Hash
	Digest wire.Hash // of a text that shows that it still stands, newer than the last
}

// Kind is KindOrderConfirm.
func (*OrderConfirm) Kind() Kind { return KindOrderConfirm }

func (b *OrderConfirm) walk(w walker) {
	w.hash("matter", &b.Matter)
	w.hash("digest", &b.Digest)
}

func (b *OrderConfirm) check(*Header) error { return checkDigest("digest", b.Digest) }

func (b *OrderConfirm) text() []string {
	return []string{fmt.Sprintf("Vote to prolong the freeze under order or case %v, on the text whose SHA-256 is %v.", b.Matter, b.Digest)}
}

// ForumSet names the court or arbitration that a title's holder submits to.
type ForumSet struct {
	Resource wire.Resource // the title
	Forum    string        // empty for none
	Value    wire.Hash
}

// Kind is KindForumSet.
func (*ForumSet) Kind() Kind { return KindForumSet }

func (b *ForumSet) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.text("forum", &b.Forum, LawBytesMax)
	w.hash("value", &b.Value)
}

func (b *ForumSet) check(*Header) error { return checkWords("forum", b.Forum) }

func (b *ForumSet) text() []string {
	if b.Forum == "" {
		return []string{fmt.Sprintf("Name no forum for the title to %v, after the account's delay.", b.Resource), textValue(b.Value)}
	}
	return []string{fmt.Sprintf("Name %q as the forum for disputes over the title to %v, after the account's delay.", b.Forum, b.Resource), textValue(b.Value)}
}
