package stategen

import (
	"slices"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

func TestResources_are_distinct_and_the_same_for_a_seed(t *testing.T) {
	got := Resources(1, 20_000, 30_000)
	if !slices.Equal(got, Resources(1, 20_000, 30_000)) {
		t.Fatal("one seed, two registries")
	}
	if slices.Equal(got, Resources(2, 20_000, 30_000)) {
		t.Fatal("two seeds, one registry")
	}
	seen := map[wire.Resource]bool{}
	count := map[wire.Family]int{}
	for _, r := range got {
		if !r.Valid() || seen[r] {
			t.Fatalf("%v is no block or comes twice", r)
		}
		seen[r] = true
		count[r.Family]++
	}
	if count[wire.IPv4] != 20_000 || count[wire.IPv6] != 30_000 {
		t.Fatalf("got %v, want 20,000 IPv4 and 30,000 IPv6", count)
	}
}

// The proof sizes of specs/05 are stated for these chains.
func TestResources_have_chains_of_a_mean_of_3_8(t *testing.T) {
	all := Resources(1, 450_000, 550_000)
	held := make(map[wire.Resource]bool, len(all))
	for _, r := range all {
		held[r] = true
	}
	sum, longest := 0, 0
	for _, r := range all {
		chain := 0
		for n := range r.Len + 1 {
			if held[inr.Truncate(r, n)] {
				chain++
			}
		}
		sum += chain
		longest = max(longest, chain)
	}
	mean := float64(sum) / float64(len(all))
	t.Logf("mean chain %.3f, longest %d", mean, longest)
	if mean < 3.7 || mean > 3.9 || longest < 9 || longest > 16 {
		t.Fatalf("mean chain %.2f, longest %d; want 3.8 and 9 to 16", mean, longest)
	}
}
