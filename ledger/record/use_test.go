package record

import (
	"testing"

	"ipledger/ledger/wire"
)

// A registry's numbers are counted in units that 64 bits hold, and a share of them
// without overflow.
func TestNumbers_CLAIM11(t *testing.T) {
	for _, c := range []struct {
		r    wire.Resource
		want Numbers
	}{
		{wire.Resource{Family: wire.IPv4, Len: 8}, Numbers{V4: 1 << 24}},
		{wire.Resource{Family: wire.IPv4, Len: 32}, Numbers{V4: 1}},
		{wire.Resource{Family: wire.IPv6, Len: 3}, Numbers{V6: 1 << 61}},
		{wire.Resource{Family: wire.IPv6, Len: 128}, Numbers{V6: 1}},
		{wire.Resource{Family: wire.ASN, Len: 30}, Numbers{AS: 4}},
	} {
		if got := Count(c.r); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.r, got, c.want)
		}
	}
	all := Numbers{1 << 32, 1 << 61, 1 << 32}
	if got := all.Share(million); got != all {
		t.Errorf("all of it is %+v", got)
	}
	if got, want := all.Share(1000), (Numbers{4294967, 1 << 61 / 1000, 4294967}); got != want {
		t.Errorf("a thousandth is %+v, want %+v", got, want)
	}
	if !all.Share(1).Within(all) || all.Within(all.Share(999_999)) || all.Minus(all) != (Numbers{}) {
		t.Error("shares are out of order")
	}
}
