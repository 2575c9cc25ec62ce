package tree

import (
	"slices"
	"testing"

	"ipledger/ledger/wire"
	"ipledger/testnet/load/stategen"
)

// million is the registry for which the sizes in specs/05 are stated.
func million(t testing.TB) (State, []wire.Resource) {
	t.Helper()
	all := stategen.Resources(1, 450_000, 550_000)
	leaves := make([]Leaf, len(all))
	for i, r := range all {
		leaves[i].Key = ResourceKey(r)
		leaves[i].Value = wire.Sum(wire.TagValue, leaves[i].Key.Bytes())
	}
	slices.SortFunc(leaves, func(a, b Leaf) int { return a.Key.Compare(b.Key) })
	s, err := Build(slices.Values(leaves))
	if err != nil {
		t.Fatal(err)
	}
	return s, all
}

func TestProve_TREE12_is_small_for_a_million_prefixes(t *testing.T) {
	s, all := million(t)
	var sizes []int
	sum := 0
	for i := 0; i < len(all); i += 97 {
		k := ResourceKey(all[i])
		raw := s.Prove(k)
		if p, err := VerifyPoint(s.Root(), k, raw); err != nil || !p.Found {
			t.Fatalf("%v: %v, %v", k, p, err)
		}
		sizes = append(sizes, len(raw))
		sum += len(raw)
	}
	slices.Sort(sizes)
	mean := sum / len(sizes)
	t.Logf("bytes of a point proof: mean %d, median %d, p99 %d, max %d",
		mean, sizes[len(sizes)/2], sizes[len(sizes)*99/100], sizes[len(sizes)-1])
	if mean > 950 {
		t.Fatalf("mean %d bytes, want at most 950", mean)
	}
}
