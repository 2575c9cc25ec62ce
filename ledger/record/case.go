package record

import (
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// CaseSort says what a case is about. The numbers are on the wire.
type CaseSort uint64

// The sorts of case.
const (
	CaseCaution CaseSort = 1 // a caution, and the dispute it may become
	CaseContest CaseSort = 2 // two claim a block
	CaseOrder   CaseSort = 3 // a final order that gives the title to somebody
)

// CaseState is how far a case has come. The numbers are on the wire.
type CaseState uint64

// The states of a case.
const (
	CaseEntered   CaseState = 1 // a caution stands; adjudicators may accept it
	CaseAccepted  CaseState = 2 // a panel hears it
	CaseDecided   CaseState = 3 // the panel has; an appeal may come
	CaseAppealed  CaseState = 4 // all members hear it
	CaseFinal     CaseState = 5 // decided for good, to be carried out
	CaseDismissed CaseState = 6 // by adjudicators, or with the order it was about
	CaseLapsed    CaseState = 7 // in time
	CaseWithdrawn CaseState = 8 // by its party
)

var caseStates = [...]string{"", "entered", "accepted", "decided", "appealed", "final", "dismissed", "lapsed", "withdrawn"}

// String is the word for the state, as answers use it.
func (s CaseState) String() string {
	if int(s) < len(caseStates) {
		return caseStates[s]
	}
	return fmt.Sprintf("state %d", uint64(s))
}

// Pending reports whether a panel or the members have the case.
func (s CaseState) Pending() bool { return s == CaseAccepted || s == CaseDecided || s == CaseAppealed }

// PanelMax is how many adjudicators a panel has, where there are as many: odd, and
// so that two thirds of it are five.
const PanelMax = 7

// Case is a dispute over a block, under the id of the act that began it: a
// caution, a claim, a final order.
type Case struct {
	Rules    uint64
	Sort     CaseSort
	Resource wire.Resource // what it is about; titles over it may have been cut since
	Party    wire.Address  // who began it: the claimant
	Against  wire.Address  // who held the title when it was accepted; zero before, and where nobody did
	Ground   uint64        // of a caution (specs/04)
	Digest   wire.Hash     // what the party says
	Answer   wire.Hash     // what the holder says; zero while it has not
	Order    wire.Hash     // an order that the party recorded; zero for none
	State    CaseState
	Entered  uint64 // header time
	Stalled  uint64 // the chain's stalled seconds when Next was set
	Next     uint64 // header time of its due item
	Until    uint64 // header time at which what it recorded against titles ends
	Renewed  bool   // its freeze was prolonged
	Hears    uint64 // header time from which its panel decides; 0 while there is none
	Panel    []wire.Address
	Votes    []Vote
	Verdict  uint64 // of the panel, or of the members
	Reasons  wire.Hash
	Appeal   wire.Hash // the grounds of the appeal; zero for none
}

const caseBytesMax = 1024 + votesBytesMax

// CaseFromBytes reads a canonical case.
func CaseFromBytes(raw []byte) (*Case, error) {
	c := new(Case)
	if err := wire.Decode(raw, caseBytesMax, c); err != nil {
		return nil, fmt.Errorf("case: %w", err)
	}
	if len(c.Panel) > PanelMax || len(c.Votes) > VotesMax {
		return nil, fmt.Errorf("case: %w: a list beyond its bound", wire.ErrCanonical)
	}
	return c, nil
}

// CaseKey is where a case is kept.
func CaseKey(id wire.Hash) tree.Key { return dealKey(dealCase, id[:]) }
