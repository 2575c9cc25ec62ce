package observed_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/observed"
	"ipledger/ledger/wire"
)

// validity is RFC 6811, Section 2, word for word.
func validity(set []observed.Payload, route wire.Resource, as uint64) string {
	out := "not found"
	for _, p := range set {
		if inr.Covers(p.Prefix, route) {
			if p.AS == as && as != 0 && uint64(route.Len) <= p.MaxLength {
				return "valid"
			}
			out = "invalid"
		}
	}
	return out
}

// announcements visits what a payload permits.
func announcements(p observed.Payload, at wire.Resource, visit func(wire.Resource)) {
	if uint64(at.Len) > p.MaxLength {
		return
	}
	visit(at)
	if low, high, ok := inr.Halves(at); ok {
		announcements(p, low, visit)
		announcements(p, high, visit)
	}
}

func somePayloads(r *rand.Rand, most int) (list []observed.Payload) {
	for range r.IntN(most) {
		length := uint8(24 + r.IntN(6))
		p := observed.Payload{Prefix: inr.Truncate(at("193.0.4.0/32"), length), AS: uint64(r.IntN(3)), MaxLength: uint64(length) + uint64(r.IntN(31-int(length)))}
		p.Prefix.Addr[3] = uint8(r.IntN(256)) &^ (255 >> (length - 24))
		list = append(list, p)
	}
	slices.SortFunc(list, observed.ComparePayloads)
	return slices.Compact(list)
}

// TestContradicting_FILE4: beside a slow twin that tries each announcement.
func TestContradicting_FILE4(t *testing.T) {
	r := rand.New(rand.NewPCG(30, 4))
	found := 0
	for n := range 3000 {
		list, others := somePayloads(r, 8), somePayloads(r, 8)
		got := observed.Contradicting(list, others)
		var kept []observed.Payload
		for i, p := range list {
			want := false
			if p.AS == 0 {
				want = slices.ContainsFunc(others, func(o observed.Payload) bool { return o.AS != 0 && inr.Covers(o.Prefix, p.Prefix) })
			} else {
				announcements(p, p.Prefix, func(x wire.Resource) { want = want || validity(others, x, p.AS) == "invalid" })
			}
			if slices.Contains(got, i) != want {
				t.Fatalf("case %d: %+v beside %+v: got %v, want %v", n, p, others, !want, want)
			}
			if want {
				found++
			} else {
				kept = append(kept, p)
			}
		}
		merged := append(slices.Clone(others), kept...)
		for as := range uint64(3) {
			announcements(observed.Payload{MaxLength: 30}, at("193.0.4.0/24"), func(x wire.Resource) {
				before, after := validity(others, x, as), validity(merged, x, as)
				if before != after && before != "not found" {
					t.Fatalf("case %d: %v by AS%d was %s and is %s", n, x, as, before, after)
				}
			})
		}
	}
	if found < 1000 {
		t.Errorf("only %d payloads contradict: the cases are too easy", found)
	}
}

// TestProvidersContradicting_FILE5 names those whom others give other providers.
func TestProvidersContradicting_FILE5(t *testing.T) {
	list := []observed.Providers{{Customer: 1, List: []uint64{5}}, {Customer: 2, List: []uint64{5, 6}}, {Customer: 3, List: []uint64{5}}}
	others := []observed.Providers{{Customer: 1, List: []uint64{5}, Expires: 9}, {Customer: 2, List: []uint64{5}}}
	if got := observed.ProvidersContradicting(list, others); !slices.Equal(got, []int{1}) {
		t.Errorf("got %v", got)
	}
}

// BenchmarkContradicting has as many payloads on both sides as the Internet has.
func BenchmarkContradicting(b *testing.B) {
	r := rand.New(rand.NewPCG(30, 5))
	some := func(n int) (list []observed.Payload) {
		for range n {
			p := observed.Payload{Prefix: wire.Resource{Family: wire.IPv4, Len: uint8(16 + r.IntN(9))}, AS: uint64(1 + r.IntN(1000))}
			p.Prefix.Addr[0], p.Prefix.Addr[1], p.Prefix.Addr[2] = uint8(r.IntN(224)), uint8(r.IntN(256)), uint8(r.IntN(256))
			p.Prefix, p.MaxLength = inr.Truncate(p.Prefix, p.Prefix.Len), uint64(p.Prefix.Len)
			list = append(list, p)
		}
		slices.SortFunc(list, observed.ComparePayloads)
		return list
	}
	list, others := some(1_000_000), some(600_000)
	b.ReportAllocs()
	for b.Loop() {
		observed.Contradicting(list, others)
	}
}
