package record

import (
	"fmt"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// Matter says what a proposal is about (specs/23, "Matters"). The numbers are on
// the wire.
type Matter uint64

// The matters.
const (
	AdmitMember       Matter = 1
	RemoveMember      Matter = 2
	MemberAccount     Matter = 3
	AdmitRegistrar    Matter = 4
	RemoveRegistrar   Matter = 5
	AdmitAdjudicator  Matter = 6
	RemoveAdjudicator Matter = 7
	SetParameter      Matter = 8
	AddTrustAnchor    Matter = 9
	RemoveTrustAnchor Matter = 10
	AddRegistryCA     Matter = 11
	RemoveRegistryCA  Matter = 12
	Upgrade           Matter = 13
	RegistryCeased    Matter = 14
	RegistryResumed   Matter = 15
	Allot             Matter = 16
	LiftFreeze        Matter = 17
	MatterMost        Matter = 17
)

// MotionState is how far a proposal has come. The numbers are on the wire.
type MotionState uint64

// The states of a proposal.
const (
	MotionPetition MotionState = 1 // gathers support
	MotionOpen     MotionState = 2 // may be voted on
	MotionPassed   MotionState = 3 // its notice runs
	MotionDone     MotionState = 4 // in effect
	MotionLost     MotionState = 5 // quorum or majority was not met
	MotionRefused  MotionState = 6 // passed, and a rule refused its effect
)

var motionStates = [...]string{"", "petition", "open", "passed", "done", "lost", "refused"}

// String is the state in one word.
func (s MotionState) String() string {
	if int(s) < len(motionStates) {
		return motionStates[s]
	}
	return "unknown"
}

// Over reports whether nothing will become of the proposal any more.
func (s MotionState) Over() bool { return s >= MotionDone }

// Motion is a proposal (specs/23 GOV-1): what was proposed and how far it has come.
type Motion struct {
	Rules   uint64
	By      wire.Address // who made it
	Matter  Matter
	State   MotionState
	Made    uint64 // header time
	At      uint64 // header time of its due item: what that does is the state's
	Stalled uint64 // the chain's stalled seconds when At was set
	Support uint64 // holders that support a petition
	Rule    string // that refused its effect, or empty
	Body    []byte // of the act that made it
}

// motionBytesMax bounds a proposal: the body is that of an act.
const motionBytesMax = 8 << 10

// MotionFromBytes reads a canonical Motion.
func MotionFromBytes(raw []byte) (*Motion, error) { return dealtFromBytes[Motion](raw, motionBytesMax) }

// Ballot is one vote: a member's, by its key, or another body's, by its account.
type Ballot struct {
	As  wire.Hash // the member's key; zero of other bodies
	By  wire.Address
	Yes bool
}

// Ballots are the votes on one proposal, in the order of who gave them first.
type Ballots struct {
	Rules uint64
	List  []Ballot
}

// BallotsFromBytes reads canonical Ballots.
func BallotsFromBytes(raw []byte) (*Ballots, error) {
	return dealtFromBytes[Ballots](raw, 64*(MembersMax+AdjudicatorsMax)+64)
}

// Agenda lists the proposals that are open or passed, and who made each, by act.
type Agenda struct {
	Rules uint64
	List  []AgendaItem
}

// AgendaItem is one proposal on the agenda.
type AgendaItem struct {
	Act      wire.Hash
	By       wire.Address
	Petition bool // it was made by petition
}

// Bounds of the agenda (specs/23 GOV-3, GOV-16).
const (
	MotionsMax   = 2 // of one voter
	PetitionsMax = 64
	agendaMax    = MotionsMax*(MembersMax+AdjudicatorsMax) + PetitionsMax
)

// AgendaFromBytes reads a canonical Agenda.
func AgendaFromBytes(raw []byte) (*Agenda, error) {
	return dealtFromBytes[Agenda](raw, 64*agendaMax)
}

// Backing is the petition that an owner by the sources, or an account, stands behind.
type Backing struct {
	Rules uint64
	Act   wire.Hash
}

// BackingFromBytes reads a canonical Backing.
func BackingFromBytes(raw []byte) (*Backing, error) { return dealtFromBytes[Backing](raw, 64) }

func dealtFromBytes[T any](raw []byte, most int) (*T, error) {
	x := new(T)
	if err := wire.Decode(raw, most, x); err != nil {
		return nil, fmt.Errorf("%T: %w", x, err)
	}
	return x, nil
}

// MotionKey is where a proposal is kept, by the act that made it.
func MotionKey(act wire.Hash) tree.Key { return dealKey(dealMotion, act[:]) }

// BallotsKey is where the votes on a proposal are kept.
func BallotsKey(act wire.Hash) tree.Key { return dealKey(dealBallots, act[:]) }

// BackingKey is where it is kept which petition an owner by the sources supports.
func BackingKey(owner wire.Hash) tree.Key { return dealKey(dealBacking, owner[:]) }

// PetitionKey is where it is kept which petition an account made last.
func PetitionKey(account wire.Address) tree.Key { return dealKey(dealBacking, account[:]) }

// AgendaKey is where the agenda is kept.
var AgendaKey = bodyKey("agenda", nil)
