package genesis

import (
	"fmt"
	"slices"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// Bounds of a holdings file: a test world, not a registry.
const (
	AccountsMax = 10000
	HoldingsMax = 200000 // of all accounts
)

// Holdings is the holdings file of a test network: accounts that exist from the
// start, and what they hold by the word of its author, grade T.
type Holdings struct {
	Accounts   []Account
	Parameters []Override
}

// Account is one account of a holdings file.
type Account struct {
	Line         int
	Name         string
	Jurisdiction string
	TitleKeys    []string // secp256k1:0x…, any order
	TitleK       uint64   // 0 is read as 1
	RoutingKeys  []string
	RoutingK     uint64 // 0 is read as 1 where there are routing keys
	Delay        *uint64
	Blocks       []Holding
	Origins      []Origin
}

// Holding is a block that an account holds.
type Holding struct {
	Line  int
	Block string // canonical text
}

// Origin is an authorisation that an account has given.
type Origin struct {
	Line      int
	Prefix    string
	MaxLength uint64 // 0 is read as the prefix's own length
	AS        uint64
}

func refuseHolding(line int, rule, format string, args ...any) error {
	return &InputError{File: "holdings", Line: line, Rule: rule, Detail: fmt.Sprintf(format, args...)}
}

// check validates what can be checked without the rows.
func (h *Holdings) check() error {
	if len(h.Accounts) > AccountsMax {
		return refuseHolding(0, "GEN-15", "%d accounts, at most %d", len(h.Accounts), AccountsMax)
	}
	for i := range h.Parameters {
		if err := h.Parameters[i].check(); err != nil {
			return err
		}
	}
	names, blocks := map[string]bool{}, 0
	for i := range h.Accounts {
		a := &h.Accounts[i]
		if names[a.Name] {
			return refuseHolding(a.Line, "GEN-15", "account %q is listed before", a.Name)
		}
		names[a.Name] = true
		if blocks += len(a.Blocks); blocks > HoldingsMax {
			return refuseHolding(a.Line, "GEN-15", "more than %d holdings", HoldingsMax)
		}
		if _, err := a.open(0, &record.Parameters{}); err != nil {
			return err
		}
	}
	return nil
}

// open is the account's record as of genesis, holding nothing yet.
func (a *Account) open(now uint64, p *record.Parameters) (*account.Account, error) {
	if a.Name == "" {
		return nil, refuseHolding(a.Line, "GEN-15", "an account of a holdings file needs a name")
	}
	if err := account.CheckName(a.Name); err != nil {
		return nil, refuseHolding(a.Line, "GEN-15", "%v", err)
	}
	if err := account.CheckJurisdiction(a.Jurisdiction); err != nil {
		return nil, refuseHolding(a.Line, "GEN-15", "account %q: %v", a.Name, err)
	}
	policy, err := a.policy()
	if err != nil {
		return nil, refuseHolding(a.Line, "GEN-15", "account %q: %v", a.Name, err)
	}
	delay := p.DelaySeconds
	if a.Delay != nil {
		delay = *a.Delay
	}
	if delay > account.DelaySecondsMax {
		return nil, refuseHolding(a.Line, "GEN-15", "account %q: delay %d s, at most %d", a.Name, delay, account.DelaySecondsMax)
	}
	return &account.Account{
		Rules: record.Rules, Name: a.Name, Jurisdiction: a.Jurisdiction, Policy: policy, Delay: delay,
		Credit: account.Credit{Amount: p.CreditCap, At: now}, Opened: now,
	}, nil
}

func (a *Account) policy() (account.Policy, error) {
	p := account.Policy{Version: 1, TitleK: max(a.TitleK, 1), RoutingK: a.RoutingK}
	if len(a.RoutingKeys) > 0 {
		p.RoutingK = max(a.RoutingK, 1)
	}
	var err error
	if p.TitleKeys, err = readKeys(a.TitleKeys); err == nil {
		p.RoutingKeys, err = readKeys(a.RoutingKeys)
	}
	if err != nil {
		return p, err
	}
	return p, p.Check()
}

// readKeys puts keys in the order that a policy has them in.
func readKeys(texts []string) ([]account.Key, error) {
	var keys []account.Key
	for _, t := range texts {
		k, err := account.ParseKey(t)
		if err != nil {
			return nil, err
		}
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b account.Key) int { return slices.Compare(a.Addr[:], b.Addr[:]) })
	return keys, nil
}

// idOf is the id of an account that genesis opens.
//
// specs/08 GEN-18: The id of an account in genesis is the first 20 bytes of
// SHA-256(0x62 ‖ entry), entry being the encoding of chain id, name,
// jurisdiction and policy.
func idOf(chainID string, a *account.Account) wire.Address {
	entry := wire.Encode(&struct {
		ChainID, Name, Jurisdiction string
		Policy                      account.Policy
	}{chainID, a.Name, a.Jurisdiction, a.Policy})
	h := wire.Sum(wire.TagAccountID, entry)
	return wire.Address(h[:20])
}

// readOrigin checks an authorisation's form.
func (o *Origin) read() (record.Ref, error) {
	r, err := inr.Parse(o.Prefix)
	if err != nil {
		return record.Ref{}, refuseHolding(o.Line, "GEN-20", "%v", err)
	}
	most := o.MaxLength
	if most == 0 {
		most = uint64(r.Len)
	}
	if r.Family == wire.ASN || most < uint64(r.Len) || most > uint64(r.Family.Bits()) || o.AS > 1<<32-1 {
		return record.Ref{}, refuseHolding(o.Line, "GEN-20",
			"origin %v down to /%d for AS%d: a prefix, a length from its own to the family's and an AS number are wanted", r, most, o.AS)
	}
	return record.Ref{Resource: r, MaxLength: most, AS: o.AS}, nil
}
