package tx

import (
	"fmt"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// refused changes a sample of one kind and wants a refusal, or none.
func refused(t *testing.T, kind Kind, why, rule string, change func(a *Act)) {
	t.Helper()
	for _, a := range samples() {
		if a.Body.Kind() == kind {
			change(a)
			wantRule(t, kind.String()+", "+why, a.Check(), rule)
			return
		}
	}
	t.Errorf("no sample of %v", kind)
}

func TestCheckRules_ACT5(t *testing.T) {
	refused(t, KindMerge, "rules version 0", "ACT-5", func(a *Act) { a.Rules = 0 })
	refused(t, KindMerge, "rules version 3", "ACT-5", func(a *Act) { a.Rules = 3 })
	refused(t, KindMerge, "rules version 1", "", func(a *Act) { a.Rules = 1 })
	refused(t, KindMerge, "rules version 2", "", func(a *Act) { a.Rules = 2 })
}

func TestCheckLane_ACT6(t *testing.T) {
	for _, a := range samples() {
		for lane := range uint64(account.Lanes) {
			a.Lane = lane
			family := a.Body.Kind() >= 40 && a.Body.Kind() <= 46
			rule := ""
			if lane >= 8 && !family {
				rule = "ACT-6"
			}
			wantRule(t, a.Body.Kind().String(), a.Check(), rule)
		}
	}
}

func TestCheckBundle_ACT7(t *testing.T) {
	for _, c := range []struct {
		why          string
		bundle       wire.Hash
		index, count uint64
		rule         string
	}{
		{"no bundle", wire.Hash{}, 0, 0, ""},
		{"the first of two", mark(1), 0, 2, ""},
		{"the last of a hundred", mark(1), 99, 100, ""},
		{"a count without bundle", wire.Hash{}, 0, 2, "ACT-7"},
		{"an index without bundle", wire.Hash{}, 1, 0, "ACT-7"},
		{"a bundle without count", mark(1), 0, 0, "ACT-7"},
		{"a bundle of one", mark(1), 0, 1, "ACT-7"},
		{"an index of the count", mark(1), 2, 2, "ACT-7"},
	} {
		refused(t, KindSplit, c.why, c.rule, func(a *Act) { a.Bundle, a.Index, a.Count = c.bundle, c.index, c.count })
	}
	refused(t, KindSplit, "a bundle of 101", "ACT-7", func(a *Act) { a.Count = 101 })
}

func TestCheckAuthor_ACT10(t *testing.T) {
	for _, a := range samples() {
		a.Author = wire.Address{}
		rule := "ACT-10"
		if a.Body.Kind() == KindOpenAccount {
			rule = "ACT-11"
		}
		wantRule(t, a.Body.Kind().String(), a.Check(), rule)
	}
}

func TestCheckOffer_ACT13(t *testing.T) {
	for _, kind := range []Kind{KindTransferOffer, KindGrantOffer} {
		window := func(earliest, until uint64) func(a *Act) {
			return func(a *Act) {
				switch b := a.Body.(type) {
				case *TransferOffer:
					b.Earliest, b.Until = earliest, until
				case *GrantOffer:
					b.Earliest, b.Until = earliest, until
				}
			}
		}
		refused(t, kind, "a second between", "", window(10, 11))
		refused(t, kind, "the author's delay", "", window(0, 1))
		refused(t, kind, "both at once", "ACT-13", window(10, 10))
		refused(t, kind, "the wrong way round", "ACT-13", window(11, 10))
		refused(t, kind, "no time at all", "ACT-13", window(0, 0))
		refused(t, kind, "to nobody", "ACT-13", func(a *Act) {
			switch b := a.Body.(type) {
			case *TransferOffer:
				b.To = wire.Address{}
			case *GrantOffer:
				b.To = wire.Address{}
			}
		})
	}
}

func TestCheckLength_ACT14(t *testing.T) {
	for _, c := range []struct {
		resource string
		most     uint64
		rule     string
	}{
		{"192.0.2.0/24", 24, ""}, {"192.0.2.0/24", 32, ""}, {"2001:db8::/32", 128, ""}, {"0.0.0.0/0", 0, ""},
		{"192.0.2.0/24", 23, "ACT-14"}, {"192.0.2.0/24", 33, "ACT-14"}, {"2001:db8::/32", 31, "ACT-14"}, {"192.0.2.0/24", 0, "ACT-14"},
	} {
		refused(t, KindOriginAuthorise, c.resource, c.rule, func(a *Act) { a.Body = &OriginAuthorise{Resource: resource(c.resource), MaxLength: c.most} })
		refused(t, KindOriginWithdraw, c.resource, c.rule, func(a *Act) { a.Body = &OriginWithdraw{Resource: resource(c.resource), MaxLength: c.most} })
	}
}

// The rules of chapter 03 hold inside acts.
func TestCheckAccount_ACC2_ACC4_ACC5_ACC6(t *testing.T) {
	open := func(change func(b *OpenAccount)) func(a *Act) {
		return func(a *Act) { change(a.Body.(*OpenAccount)) }
	}
	refused(t, KindOpenAccount, "a decomposed name", "ACC-4", open(func(b *OpenAccount) { b.Name = "Mu\u0308ller" }))
	refused(t, KindOpenAccount, "a name with a direction character", "ACC-5", open(func(b *OpenAccount) { b.Name = "a\u202eb" }))
	refused(t, KindOpenAccount, "a jurisdiction in lower case", "ACC-6", open(func(b *OpenAccount) { b.Jurisdiction = "de" }))
	refused(t, KindOpenAccount, "4 of 3 keys", "ACC-2", open(func(b *OpenAccount) { b.TitleK = 4 }))
	refused(t, KindSetPolicy, "no key", "ACC-2", func(a *Act) { a.Body = &SetPolicy{} })
	refused(t, KindSetPolicy, "0 of 1 routing key", "ACC-2", func(a *Act) { a.Body.(*SetPolicy).RoutingK = 0 })
}

// Every rule of form that the families of leases, charges, recovery and
// services brought has an act in the vectors that it refuses; the vectors' own
// test runs them.
func TestVectorsRefuse_ACT22_ACT23_ACT24_ACT25_ACT26_ACT27_ACT28_ACT29_ACT30_ACT31_ACT32_ACT33_ACT34_ACT35_ACT36_ACT37(t *testing.T) {
	refuses := map[string]bool{}
	for _, c := range makeVectors(t).Invalid {
		refuses[c.Rule] = true
	}
	for n := 22; n <= 37; n++ {
		if rule := fmt.Sprintf("ACT-%d", n); !refuses[rule] {
			t.Errorf("no act that %s refuses", rule)
		}
	}
}

func TestCheckEvidence_EVID1(t *testing.T) {
	refused(t, KindEvidence, "in a bundle", "EVID-1", func(a *Act) { a.Bundle, a.Count = mark(8), 2 })
	refused(t, KindEvidence, "alone", "", func(*Act) {})
}
