package ledger_test

import (
	"crypto/ecdsa"
	"slices"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// body makes an act of a line of a story: a verb, most often a block, and words.
func (s *story) body(name, verb string, f []string) tx.Body {
	s.t.Helper()
	for _, make := range []func(string, string, args) tx.Body{s.governing, s.dealing, s.leasing, s.lending, s.routing, s.keeping, s.disputing, s.claiming} {
		if body := make(name, verb, f); body != nil {
			return body
		}
	}
	s.t.Fatalf("no act is called %q", verb)
	return nil
}

// open is how long offers of a story stand.
const open = 5 * 86_400

func (s *story) dealing(_, verb string, f args) tx.Body {
	switch verb {
	case "transfer":
		o := &tx.TransferOffer{Resource: resource(f[0]), To: who(f.after("to")), Keep: f.has("keep"), Value: s.value(f[0]), Until: s.world.last.Time + open}
		if agent := f.after("agent"); agent != "" {
			o.Agent = who(agent)
		}
		if secret := f.after("lock"); secret != "" {
			x := secretOf(secret)
			o.Lock = secretOf(string(x[:]))
		}
		if o.Conditional() {
			o.Settle = s.world.last.Time + s.in(f, "settle")
		}
		return o
	case "release":
		b := &tx.TransferRelease{Offer: s.last["transfer "+f[0]], Resource: resource(f[0])}
		if text := f.after("secret"); text != "" {
			b.Secret = secretOf(text)
		}
		return b
	case "cancel":
		return &tx.OfferCancel{Offer: s.last[strings.TrimSpace(f.after("the")+" "+f[0])]}
	case "split":
		return &tx.Split{Resource: resource(f[0]), Part: resource(f[1])}
	case "merge":
		return &tx.Merge{Resource: resource(f[0])}
	case "surrender":
		return &tx.Surrender{Resource: resource(f[0]), Value: s.value(f[0])}
	case "accept":
		return s.acceptance(f[0], s.last[strings.TrimSpace(f.after("the")+" "+f[0])])
	}
	return nil
}

// acceptance accepts an offer on a block: the last, or the last of a kind.
func (s *story) acceptance(text string, id wire.Hash) tx.Body {
	r, value := resource(text), s.marked(text)
	leaf, ok := s.state.Get(record.OfferKey(id))
	if !ok {
		return &tx.TransferAccept{Offer: id, Resource: r, Value: value}
	}
	o, err := record.OfferFromBytes(leaf.Data)
	if err != nil {
		s.t.Fatal(err)
	}
	switch tx.Kind(o.Kind) {
	case tx.KindTransferOffer:
		return &tx.TransferAccept{Offer: id, Resource: r, Value: value}
	case tx.KindGrantOffer, tx.KindNoticeWithdraw:
		return &tx.GrantAccept{Offer: id, Resource: r, Value: value}
	case tx.KindChargePropose, tx.KindChargeRedeem:
		return &tx.ChargeAccept{Offer: id, Resource: r, Value: value}
	}
	return &tx.LeaseAccept{Offer: id, Resource: r, Value: value}
}

func (s *story) leasing(_, verb string, f args) tx.Body {
	now := s.world.last.Time
	switch verb {
	case "lease":
		b := &tx.LeaseOffer{
			Resource: resource(f[0]), To: who(f.after("to")), Renew: s.in(f, "renew"), Notice: s.in(f, "notice"), ClauseNotice: s.in(f, "clause"),
			Suspend: f.has("suspendable"), SubLet: f.has("sublet"), Reversion: f.has("reversion"), Operator: f.after("to"), Abuse: "abuse@op.example",
			Origins: f.after("origins"), Value: s.value(f[0]), Until: now + open,
		}
		if start := s.in(f, "from"); start > 0 {
			b.Start = now + start
		}
		if end := s.in(f, "until"); end > 0 {
			b.End = now + end
		}
		if b.ClauseNotice > 0 {
			b.Clause = tx.ClauseNotice
		}
		return b
	case "renew":
		return &tx.LeaseRenew{Resource: resource(f[0]), Lease: s.last["estate "+f[0]], End: now + s.in(f, "until"), Value: s.value(f[0]), Until: now + open}
	case "end":
		return &tx.LeaseEnd{Resource: resource(f[0]), Lease: s.last["estate "+f[0]], Value: s.value(f[0]), Until: now + open}
	case "notice":
		for _, e := range s.estates(f[0]) {
			if e.ID == s.last["estate "+f[0]] && e.Kind == record.Grant {
				return &tx.GrantNotice{Resource: resource(f[0]), Grant: e.ID}
			}
		}
		return &tx.LeaseNotice{Resource: resource(f[0]), Lease: s.last["estate "+f[0]]}
	case "withdraw-notice":
		return &tx.NoticeWithdraw{Resource: resource(f[0]), Grant: s.last["estate "+f[0]], Value: s.value(f[0]), Until: now + open}
	case "suspend":
		return &tx.LeaseSuspend{Resource: resource(f[0]), Lease: s.last["estate "+f[0]], Until: now + s.in(f, "for")}
	case "assign":
		return &tx.LeaseAssign{Resource: resource(f[0]), Lease: s.last["estate "+f[0]], To: who(f.after("to")), Keep: f.has("keep"),
			Operator: f.after("to"), Abuse: "abuse@op.example", Value: s.value(f[0]), Until: now + open}
	case "consent":
		return &tx.LeaseConsent{Offer: s.last[f[0]], Resource: resource(f[0]), Value: s.value(f[0])}
	case "grant":
		return &tx.GrantOffer{Resource: resource(f[0]), To: who(f.after("to")), Notice: s.in(f, "notice"), SubGrants: f.has("sub"), Value: s.value(f[0]), Until: now + open}
	}
	return nil
}

func (s *story) lending(_, verb string, f args) tx.Body {
	if !slices.Contains([]string{"charge", "allow", "discharge", "enforce", "contest", "redeem"}, verb) {
		return nil
	}
	charge := s.chargeOn(f[0], f.after("rank"))
	switch verb {
	case "charge":
		modes := map[string]tx.ChargeMode{"sale": tx.ModeSale, "title": tx.ModeTitle, "": tx.ModeAdjudication}
		return &tx.ChargePropose{Resource: resource(f[0]), To: who(f.after("to")), Mode: modes[f.after("by")], Law: "Dutch law",
			Deed: wire.Hash{1}, Longest: s.in(f, "longest"), Value: s.value(f[0]), Until: s.world.last.Time + open}
	case "allow":
		return &tx.ChargeConsent{Offer: s.last[f[0]], Resource: resource(f[0]), Charge: charge, Release: f.has("release"), Value: s.value(f[0])}
	case "discharge":
		return &tx.ChargeRelease{Resource: resource(f[0]), Charge: charge}
	case "enforce":
		return &tx.ChargeEnforce{Resource: resource(f[0]), Charge: charge, To: who(f.after("to"))}
	case "contest":
		return &tx.ChargeContest{Resource: resource(f[0]), Charge: charge}
	case "redeem":
		return &tx.ChargeRedeem{Resource: resource(f[0]), Charge: charge, Value: s.value(f[0]), Until: s.world.last.Time + open}
	}
	return nil
}

// chargeOn is the id of a charge on the title over a block: the first, or the
// one of the rank.
func (s *story) chargeOn(text, rank string) wire.Hash {
	for r := resource(text); ; r = inr.Truncate(r, r.Len-1) {
		if list := s.charges(r.String()); len(list) > 0 {
			if rank == "2" && len(list) > 1 {
				return list[1].ID
			}
			return list[0].ID
		}
		if r.Len == 0 {
			return wire.Hash{}
		}
	}
}

func (s *story) routing(_, verb string, f args) tx.Body {
	switch verb {
	case "originate", "withdraw":
		list, err := tx.ParseOrigins(f[0])
		if err != nil {
			s.t.Fatal(err)
		}
		if verb == "withdraw" {
			return &tx.OriginWithdraw{Resource: list[0].Resource, MaxLength: list[0].MaxLength, AS: list[0].AS}
		}
		return &tx.OriginAuthorise{Resource: list[0].Resource, MaxLength: list[0].MaxLength, AS: list[0].AS}
	case "provide":
		return &tx.ProvidersAuthorise{Resource: resource(f[0]), Providers: strings.Join(f[1:], " ")}
	}
	return nil
}

func (s *story) keeping(_, verb string, f args) tx.Body {
	switch verb {
	case "delay":
		return &tx.SetDelay{Delay: seconds(s.t, f[0])}
	case "guardians":
		return &tx.SetGuardians{Guardians: accounts(f[1:]...), Threshold: uint64(f[0][0] - '0')}
	case "recover":
		return &tx.RecoveryStart{Subject: who(f[0]), TitleKeys: keysOf(f.after("to")), TitleK: 1}
	case "veto":
		return &tx.RecoveryVeto{Recovery: s.recovery(f[0]).Proposals[0].Act}
	case "finish":
		return &tx.RecoveryFinish{Subject: who(f[0]), Recovery: s.recovery(f[0]).Proposals[0].Act}
	}
	return nil
}

func keysFrom(key *ecdsa.PrivateKey) []account.Key { return []account.Key{keyOf(key)} }
