package main

import (
	"context"
	"net/url"

	"ipledger/ledger/account"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// status is what a node says of itself.
type status struct {
	ChainID     string    `json:"chain_id"`
	GenesisHash wire.Hash `json:"genesis_hash"`
	Height      uint64    `json:"height,string"`
	Time        instant   `json:"time"`
	Test        bool      `json:"test"`
	Rules       uint64    `json:"rules_version,string"` // in force: what acts name
}

func (s *session) client() *client { return newClient(s.node) }

// status asks a node of which chain it is. What is signed is bound to that
// chain, so where a trust file is set the node's must be the one it names: a
// node could otherwise have an act signed for another chain.
func (s *session) status(ctx context.Context) (*status, error) {
	trust, err := s.trustFile()
	if err != nil {
		return nil, err
	}
	out := new(status)
	if err := s.client().get(ctx, "/v1/status", out); err != nil {
		return nil, err
	}
	if trust != nil && out.GenesisHash != trust.GenesisHash {
		return nil, fail(exitUnverified, "the node says its genesis is %v, the trust file %s names %v", out.GenesisHash, s.trust, trust.GenesisHash).
			hint("ask a node of the right network with --node, or name that network's trust file with --trust")
	}
	return out, nil
}

// known reports whether this program knows the rules in force.
//
// specs/04 ADM-12: an act names the rules version that is in force; what an act of
// rules that this program does not know would do, it cannot tell.
func (c *status) known() error {
	if c.Rules <= tx.RulesKnown {
		return nil
	}
	return fail(exitFailed, "version %d of the rules is in force, this program knows them up to version %d (ADM-12)", c.Rules, tx.RulesKnown).
		hint("install a newer ipledger")
}

// ruling reports whether an act names the rules in force, without which no ledger
// block takes it; a revocation may name rules that were.
//
// specs/04 ADM-12: An act MUST name the version of the rules that is in force.
func (c *status) ruling(a *tx.Act) error {
	if c.Rules == 0 || a.Rules == c.Rules || a.Body.Kind() == tx.KindKeyRevoke {
		return nil
	}
	return tx.Refuse("ADM-12", "rules", "the act names version %d, version %d is in force; make it anew", a.Rules, c.Rules)
}

// role is the keys of a role and how many of them sign.
type role struct {
	Keys []string `json:"keys"`
	K    uint64   `json:"threshold,string"`
}

// parse checks what the node says of a role.
func (r role) parse() (keys []account.Key, k int, err error) {
	for _, text := range r.Keys {
		key, err := account.ParseKey(text)
		if err != nil {
			return nil, 0, err
		}
		keys = append(keys, key)
	}
	return keys, int(r.K), nil
}

// accountAnswer is what a node says of an account.
type accountAnswer struct {
	ID      wire.Address `json:"id"`
	Height  uint64       `json:"height,string"`
	Time    instant      `json:"time"`
	Account *struct {
		Name         said     `json:"name"`
		Jurisdiction said     `json:"jurisdiction"`
		Policy       uint64   `json:"policy,string"`
		Title        role     `json:"title_role"`
		Routing      role     `json:"routing_role"`
		Delay        uint64   `json:"delay_seconds,string"`
		Lanes        []string `json:"lanes"`
		Credit       uint64   `json:"credit,string"`
		CreditAt     instant  `json:"credit_at"`
		V4           uint64   `json:"ipv4_24s,string"`
		V6           uint64   `json:"ipv6_48s,string"`
		AS           uint64   `json:"as_numbers,string"`
		Waiting      []said   `json:"waiting"`
		Opened       instant  `json:"opened"`
		Guardians    []party  `json:"guardians"`
		GuardianK    uint64   `json:"guardian_threshold,string"`
		Recovery     said     `json:"recovery"`
		Provider     party    `json:"provider"`
		AttestedBy   party    `json:"name_attested_by"`
	} `json:"account"`
	Statement said `json:"statement"`
}

func (s *session) accountOf(ctx context.Context, id wire.Address) (*accountAnswer, error) {
	out := new(accountAnswer)
	if err := s.client().get(ctx, "/v1/accounts/"+id.String(), out); err != nil {
		return nil, err
	}
	return out, out.check(id)
}

// check reports whether an answer is about the account that was asked for.
func (a *accountAnswer) check(id wire.Address) error {
	if a.Account == nil || a.ID != id || len(a.Account.Lanes) != account.Lanes {
		return fail(exitFailed, "the node's answer is not the account %v that was asked for", id)
	}
	return nil
}

// resourceAnswer is what a node, or a proof, says of a block of numbers.
type resourceAnswer struct {
	Resource said           `json:"resource"`
	Height   uint64         `json:"height,string"`
	Time     instant        `json:"time"`
	State    said           `json:"state"`
	Grade    said           `json:"grade"`
	Title    *title         `json:"title"`
	Charges  []chargeAnswer `json:"charges"`
	Holds    []struct {
		At    said      `json:"at"`
		Kind  said      `json:"kind"`
		Act   wire.Hash `json:"act"`
		Binds said      `json:"binds"`
		Since instant   `json:"since"`
		Until instant   `json:"until"`
		Says  said      `json:"says"`
	} `json:"restrictions"`
	Estates   []right `json:"estates"`
	ToCome    []right `json:"to_come"`
	Possessor party   `json:"possessor"`
	Origins   []struct {
		At        said      `json:"at"`
		MaxLength uint64    `json:"max_length"`
		AS        uint64    `json:"as,string"`
		Act       wire.Hash `json:"act"`
		Since     instant   `json:"since"` // 0 from genesis
		Holder    party     `json:"holder"`
		Suspended instant   `json:"suspended_until"`
	} `json:"origins"`
	Services  []servicesAnswer `json:"services"`
	More      bool             `json:"more_specific"`
	Statement said             `json:"statement"`
}

type title struct {
	At     said    `json:"at"`
	State  said    `json:"state"`
	Holder party   `json:"holder"`
	Grade  said    `json:"grade"`
	Proved instant `json:"proved"`
	Since  instant `json:"since"`
	Source struct {
		Registry said `json:"registry"`
		Handle   said `json:"handle"`
		Status   said `json:"status"`
		Date     said `json:"date"`
		Country  said `json:"country"`
		Class    said `json:"class"`
		Stated   said `json:"stated"` // YYYYMMDD of the file that a statement gave it from
	} `json:"source"`
	Predecessors []struct {
		At    said      `json:"at"`
		Value wire.Hash `json:"value"`
	} `json:"predecessors"`
	Qualified instant   `json:"qualified_until"`
	Basis     []party   `json:"basis"`
	Forum     said      `json:"forum"`
	Dealing   wire.Hash `json:"dealing_value"`
	Marked    wire.Hash `json:"marked_value"`
}

type right struct {
	At        said           `json:"at"`
	ID        wire.Hash      `json:"id"`
	Kind      said           `json:"kind"`
	Holder    party          `json:"holder"`
	Start     instant        `json:"start"`
	Notice    uint64         `json:"notice_seconds,string"`
	SubGrants bool           `json:"sub_grants"`
	Ends      instant        `json:"ends"`
	State     said           `json:"state"`
	Lease     *leaseAnswered `json:"lease"`
}

// leaseAnswered is what a lease says beyond what every right does.
type leaseAnswered struct {
	Renew        uint64     `json:"renew_seconds,string"`
	Clause       string     `json:"clause"`
	ClauseNotice uint64     `json:"clause_notice_seconds,string"`
	Agent        party      `json:"agent"`
	AbuseClause  bool       `json:"abuse_clause"`
	Operator     said       `json:"operator"`
	Abuse        said       `json:"abuse"`
	Price        said       `json:"price"`
	Suspended    instant    `json:"suspended_until"`
	Answer       *wire.Hash `json:"answer"`
}

// chargeAnswer is a charge over a title.
type chargeAnswer struct {
	Rank        int       `json:"rank"`
	ID          wire.Hash `json:"id"`
	Lender      party     `json:"lender"`
	Mode        string    `json:"mode"`
	Law         said      `json:"law"`
	Longest     uint64    `json:"longest_lease_seconds,string"`
	Entered     instant   `json:"entered"`
	Enforcement *struct {
		Effect instant `json:"effect"`
		To     party   `json:"to"`
	} `json:"enforcement"`
}

// servicesAnswer is what a possessor states at a block.
type servicesAnswer struct {
	At        said       `json:"at"`
	Holder    party      `json:"holder"`
	Providers []said     `json:"providers"`
	Servers   []said     `json:"name_servers"`
	DS        []said     `json:"ds"`
	Geofeed   said       `json:"geofeed"`
	Abuse     said       `json:"abuse"`
	Private   *wire.Hash `json:"private"`
}

// party is an account's id; JSON's null is nobody.
type party struct{ wire.Address }

func (p *party) UnmarshalText(text []byte) error { return p.Address.UnmarshalText(text) }

// actAnswer is an act and what became of it, or that it is on its way.
type actAnswer struct {
	ID        wire.Hash `json:"id"`
	Kind      said      `json:"kind"`
	Author    party     `json:"author"`
	Expires   instant   `json:"expires"`
	Height    uint64    `json:"height,string"`
	Time      instant   `json:"time"`
	Outcome   said      `json:"outcome"` // done, failed or pending
	Rule      said      `json:"rule"`
	Field     said      `json:"field"`
	Act       string    `json:"act"`
	Statement said      `json:"statement"`
}

func actPath(id wire.Hash, query url.Values) string {
	path := "/v1/acts/" + id.String()
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}
