package tx

import (
	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// OpenAccount opens an account. Its author sponsors it; without an author it
// carries proof of work and the signatures of its own title keys.
type OpenAccount struct {
	Name         string
	Jurisdiction string
	TitleKeys    []account.Key
	TitleK       uint64
	RoutingKeys  []account.Key
	RoutingK     uint64
	Delay        uint64    // seconds
	Work         wire.Hash // hash of one of the last 256 act-bearing headers; zero if sponsored
	Nonce        uint64    // makes SHA-256(tag, Work, digest of the rest) small; 0 if sponsored
}

// Kind is KindOpenAccount.
func (*OpenAccount) Kind() Kind { return KindOpenAccount }

func (b *OpenAccount) walk(w walker) {
	w.text("name", &b.Name, account.NameBytesMax)
	w.text("jurisdiction", &b.Jurisdiction, 2)
	w.keys("titleKeys", &b.TitleKeys)
	w.number("titleThreshold", &b.TitleK, account.KeysMax)
	w.keys("routingKeys", &b.RoutingKeys)
	w.number("routingThreshold", &b.RoutingK, account.KeysMax)
	w.number("delay", &b.Delay, account.DelaySecondsMax)
	w.hash("work", &b.Work)
	w.number("nonce", &b.Nonce, most64)
}

// SetPolicy replaces the author's keys after the author's delay.
type SetPolicy struct {
	TitleKeys   []account.Key
	TitleK      uint64
	RoutingKeys []account.Key
	RoutingK    uint64
}

// Kind is KindSetPolicy.
func (*SetPolicy) Kind() Kind { return KindSetPolicy }

func (b *SetPolicy) walk(w walker) {
	w.keys("titleKeys", &b.TitleKeys)
	w.number("titleThreshold", &b.TitleK, account.KeysMax)
	w.keys("routingKeys", &b.RoutingKeys)
	w.number("routingThreshold", &b.RoutingK, account.KeysMax)
}

// TransferOffer offers a title, or a part of one, to another account.
type TransferOffer struct {
	Resource wire.Resource // what is offered: a title's block or a part of it
	To       wire.Address
	Keep     bool         // the seller's authorisations become the buyer's own
	Value    wire.Hash    // the title's dealing value as the seller saw it
	Earliest uint64       // header time before which it cannot be accepted; 0 for the author's delay
	Until    uint64       // header time at which it lapses
	Agent    wire.Address // escrow agent that must release it once accepted; zero for none
	Lock     wire.Hash    // SHA-256 of the secret that must be revealed once accepted; zero for none
	Settle   uint64       // header time at which it lapses unsettled; 0 without agent and lock
}

// Kind is KindTransferOffer.
func (*TransferOffer) Kind() Kind { return KindTransferOffer }

func (b *TransferOffer) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.address("to", &b.To)
	w.flag("keepOrigins", &b.Keep)
	w.hash("value", &b.Value)
	w.number("earliest", &b.Earliest, most64)
	w.number("until", &b.Until, most64)
	w.address("agent", &b.Agent)
	w.hash("lock", &b.Lock)
	w.number("settle", &b.Settle, most64)
}

// TransferAccept takes an offered title. It is final.
type TransferAccept struct {
	Offer    wire.Hash
	Resource wire.Resource // repeated, so that the signer sees it
	Value    wire.Hash     // the title's dealing value as the buyer saw it
}

// Kind is KindTransferAccept.
func (*TransferAccept) Kind() Kind { return KindTransferAccept }

func (b *TransferAccept) walk(w walker) {
	w.hash("offer", &b.Offer)
	w.resource("resource", &b.Resource)
	w.hash("value", &b.Value)
}

// OfferCancel takes back an offer of any kind, before it is accepted.
type OfferCancel struct{ Offer wire.Hash }

// Kind is KindOfferCancel.
func (*OfferCancel) Kind() Kind      { return KindOfferCancel }
func (b *OfferCancel) walk(w walker) { w.hash("offer", &b.Offer) }

// Split closes a title and opens one for the part and one for each aligned
// block of the rest, all of the same holder.
type Split struct {
	Resource wire.Resource // the title
	Part     wire.Resource
}

// Kind is KindSplit.
func (*Split) Kind() Kind { return KindSplit }

func (b *Split) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.resource("part", &b.Part)
}

// Merge closes the two halves of a block and opens one title for the whole.
type Merge struct{ Resource wire.Resource }

// Kind is KindMerge.
func (*Merge) Kind() Kind      { return KindMerge }
func (b *Merge) walk(w walker) { w.resource("resource", &b.Resource) }

// GrantOffer offers possession of a block, open-ended, ending by notice.
type GrantOffer struct {
	Resource  wire.Resource
	To        wire.Address
	Notice    uint64 // seconds between a notice and the grant's end
	SubGrants bool   // the grantee may grant and lease parts on
	Origins   string // the grantee's first authorisations, see ParseOrigins
	Value     wire.Hash
	Earliest  uint64
	Until     uint64
}

// Kind is KindGrantOffer.
func (*GrantOffer) Kind() Kind { return KindGrantOffer }

func (b *GrantOffer) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.address("to", &b.To)
	w.number("notice", &b.Notice, NoticeSecondsMax)
	w.flag("subGrants", &b.SubGrants)
	w.text("origins", &b.Origins, OriginsBytesMax)
	w.hash("value", &b.Value)
	w.number("earliest", &b.Earliest, most64)
	w.number("until", &b.Until, most64)
}

// NoticeSecondsMax is the longest notice a grant may state: ten years, so that
// a time and a notice never overflow.
const NoticeSecondsMax = 10 * 366 * 24 * 3600

// GrantAccept takes an offered grant. It is final.
type GrantAccept struct {
	Offer    wire.Hash
	Resource wire.Resource
	Value    wire.Hash
}

// Kind is KindGrantAccept.
func (*GrantAccept) Kind() Kind { return KindGrantAccept }

func (b *GrantAccept) walk(w walker) {
	w.hash("offer", &b.Offer)
	w.resource("resource", &b.Resource)
	w.hash("value", &b.Value)
}

// GrantNotice ends a grant after the notice it states; its author possesses
// the block next outside the grant.
type GrantNotice struct {
	Resource wire.Resource
	Grant    wire.Hash // id of the estate
}

// Kind is KindGrantNotice.
func (*GrantNotice) Kind() Kind { return KindGrantNotice }

func (b *GrantNotice) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("grant", &b.Grant)
}

// NoticeWithdraw offers a grantee to take the notice of its grant back; its author
// possesses the block next outside the grant.
type NoticeWithdraw struct {
	Resource wire.Resource
	Grant    wire.Hash // id of the estate
	Value    wire.Hash
	Earliest uint64
	Until    uint64
}

// Kind is KindNoticeWithdraw.
func (*NoticeWithdraw) Kind() Kind { return KindNoticeWithdraw }

func (b *NoticeWithdraw) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("grant", &b.Grant)
	w.hash("value", &b.Value)
	w.number("earliest", &b.Earliest, most64)
	w.number("until", &b.Until, most64)
}

// GrantGiveUp ends the author's own grant at once.
type GrantGiveUp struct {
	Resource wire.Resource
	Grant    wire.Hash
}

// Kind is KindGrantGiveUp.
func (*GrantGiveUp) Kind() Kind { return KindGrantGiveUp }

func (b *GrantGiveUp) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.hash("grant", &b.Grant)
}

// OriginAuthorise lets an AS number originate a prefix, and more specific
// ones down to MaxLength.
type OriginAuthorise struct {
	Resource  wire.Resource // an IPv4 or IPv6 prefix
	MaxLength uint64
	AS        uint64 // 0 says that nobody may
}

// Kind is KindOriginAuthorise.
func (*OriginAuthorise) Kind() Kind { return KindOriginAuthorise }

func (b *OriginAuthorise) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.number("maxLength", &b.MaxLength, 128)
	w.number("origin", &b.AS, 1<<32-1)
}

// OriginWithdraw takes an authorisation back.
type OriginWithdraw struct {
	Resource  wire.Resource
	MaxLength uint64
	AS        uint64
}

// Kind is KindOriginWithdraw.
func (*OriginWithdraw) Kind() Kind { return KindOriginWithdraw }

func (b *OriginWithdraw) walk(w walker) {
	w.resource("resource", &b.Resource)
	w.number("maxLength", &b.MaxLength, 128)
	w.number("origin", &b.AS, 1<<32-1)
}

// kinds has every kind of act there is: its name, which is the primary type of
// its typed data and so is signed, and an empty body.
var kinds = map[Kind]struct {
	name  string
	empty func() Body
}{
	KindOpenAccount:        {"OpenAccount", func() Body { return new(OpenAccount) }},
	KindSetPolicy:          {"SetPolicy", func() Body { return new(SetPolicy) }},
	KindSetDelay:           {"SetDelay", func() Body { return new(SetDelay) }},
	KindSetGuardians:       {"SetGuardians", func() Body { return new(SetGuardians) }},
	KindRename:             {"Rename", func() Body { return new(Rename) }},
	KindRecoveryStart:      {"RecoveryStart", func() Body { return new(RecoveryStart) }},
	KindRecoveryVeto:       {"RecoveryVeto", func() Body { return new(RecoveryVeto) }},
	KindRecoveryFinish:     {"RecoveryFinish", func() Body { return new(RecoveryFinish) }},
	KindKeyRevoke:          {"KeyRevoke", func() Body { return new(KeyRevoke) }},
	KindTransferOffer:      {"TransferOffer", func() Body { return new(TransferOffer) }},
	KindTransferAccept:     {"TransferAccept", func() Body { return new(TransferAccept) }},
	KindOfferCancel:        {"OfferCancel", func() Body { return new(OfferCancel) }},
	KindSplit:              {"Split", func() Body { return new(Split) }},
	KindMerge:              {"Merge", func() Body { return new(Merge) }},
	KindTransferRelease:    {"TransferRelease", func() Body { return new(TransferRelease) }},
	KindSurrender:          {"Surrender", func() Body { return new(Surrender) }},
	KindList:               {"List", func() Body { return new(List) }},
	KindNoticeWithdraw:     {"NoticeWithdraw", func() Body { return new(NoticeWithdraw) }},
	KindSetProvider:        {"SetProvider", func() Body { return new(SetProvider) }},
	KindGrantOffer:         {"GrantOffer", func() Body { return new(GrantOffer) }},
	KindGrantAccept:        {"GrantAccept", func() Body { return new(GrantAccept) }},
	KindGrantNotice:        {"GrantNotice", func() Body { return new(GrantNotice) }},
	KindGrantGiveUp:        {"GrantGiveUp", func() Body { return new(GrantGiveUp) }},
	KindLeaseOffer:         {"LeaseOffer", func() Body { return new(LeaseOffer) }},
	KindLeaseAccept:        {"LeaseAccept", func() Body { return new(LeaseAccept) }},
	KindLeaseRenew:         {"LeaseRenew", func() Body { return new(LeaseRenew) }},
	KindLeaseNotice:        {"LeaseNotice", func() Body { return new(LeaseNotice) }},
	KindLeaseEnd:           {"LeaseEnd", func() Body { return new(LeaseEnd) }},
	KindLeaseAssign:        {"LeaseAssign", func() Body { return new(LeaseAssign) }},
	KindLeaseConsent:       {"LeaseConsent", func() Body { return new(LeaseConsent) }},
	KindLeaseSuspend:       {"LeaseSuspend", func() Body { return new(LeaseSuspend) }},
	KindLeaseAnswer:        {"LeaseAnswer", func() Body { return new(LeaseAnswer) }},
	KindChargePropose:      {"ChargePropose", func() Body { return new(ChargePropose) }},
	KindChargeAccept:       {"ChargeAccept", func() Body { return new(ChargeAccept) }},
	KindChargeConsent:      {"ChargeConsent", func() Body { return new(ChargeConsent) }},
	KindChargeRelease:      {"ChargeRelease", func() Body { return new(ChargeRelease) }},
	KindChargeEnforce:      {"ChargeEnforce", func() Body { return new(ChargeEnforce) }},
	KindChargeContest:      {"ChargeContest", func() Body { return new(ChargeContest) }},
	KindChargeRedeem:       {"ChargeRedeem", func() Body { return new(ChargeRedeem) }},
	KindOriginAuthorise:    {"OriginAuthorise", func() Body { return new(OriginAuthorise) }},
	KindOriginWithdraw:     {"OriginWithdraw", func() Body { return new(OriginWithdraw) }},
	KindProvidersAuthorise: {"ProvidersAuthorise", func() Body { return new(ProvidersAuthorise) }},
	KindReverseSet:         {"ReverseSet", func() Body { return new(ReverseSet) }},
	KindGeofeedSet:         {"GeofeedSet", func() Body { return new(GeofeedSet) }},
	KindContactsSet:        {"ContactsSet", func() Body { return new(ContactsSet) }},
	KindContactsErase:      {"ContactsErase", func() Body { return new(ContactsErase) }},
	KindPropose:            {"Propose", func() Body { return new(Propose) }},
	KindVote:               {"Vote", func() Body { return new(Vote) }},
	KindPetition:           {"Petition", func() Body { return new(Petition) }},
	KindEvidence:           {"Evidence", func() Body { return new(Evidence) }},
	KindRecoveryProve:      {"RecoveryProve", func() Body { return new(RecoveryProve) }},
	KindClaim:              {"Claim", func() Body { return new(Claim) }},
	KindClaimObject:        {"ClaimObject", func() Body { return new(ClaimObject) }},
	KindClaimAttest:        {"ClaimAttest", func() Body { return new(ClaimAttest) }},
	KindAttestRefuse:       {"AttestRefuse", func() Body { return new(AttestRefuse) }},
	KindClaimWithdraw:      {"ClaimWithdraw", func() Body { return new(ClaimWithdraw) }},
	KindProveAgain:         {"ProveAgain", func() Body { return new(ProveAgain) }},
	KindClaimAnswer:        {"ClaimAnswer", func() Body { return new(ClaimAnswer) }},
	KindSuccession:         {"Succession", func() Body { return new(Succession) }},
	KindSuccessionVeto:     {"SuccessionVeto", func() Body { return new(SuccessionVeto) }},
	KindNameAttest:         {"NameAttest", func() Body { return new(NameAttest) }},
	KindSourceStatement:    {"SourceStatement", func() Body { return new(SourceStatement) }},
	KindSourceAttest:       {"SourceAttest", func() Body { return new(SourceAttest) }},
	KindCaution:            {"Caution", func() Body { return new(Caution) }},
	KindCautionAnswer:      {"CautionAnswer", func() Body { return new(CautionAnswer) }},
	KindCaseDecide:         {"CaseDecide", func() Body { return new(CaseDecide) }},
	KindCaseAppeal:         {"CaseAppeal", func() Body { return new(CaseAppeal) }},
	KindOrderRecord:        {"OrderRecord", func() Body { return new(OrderRecord) }},
	KindOrderStatus:        {"OrderStatus", func() Body { return new(OrderStatus) }},
	KindRestrict:           {"Restrict", func() Body { return new(Restrict) }},
	KindLift:               {"Lift", func() Body { return new(Lift) }},
	KindOrderConfirm:       {"OrderConfirm", func() Body { return new(OrderConfirm) }},
	KindForumSet:           {"ForumSet", func() Body { return new(ForumSet) }},
}
