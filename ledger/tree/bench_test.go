package tree

import (
	"math/rand"
	"runtime"
	"slices"
	"testing"

	"ipledger/ledger/wire"
)

// Each benchmark works on the registry of a million prefixes.

func BenchmarkBuild(b *testing.B) {
	s, _ := million(b)
	var leaves []Leaf
	for i := range Subtree(SubtreeCount) {
		leaves = append(leaves, collect(s, RootKey(i), RootKey(i))...)
	}
	b.ReportAllocs()
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		built, err := Build(slices.Values(leaves))
		if err != nil || built.Root() != s.Root() {
			b.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(leaves)), "B/prefix")
		runtime.KeepAlive(built)
	}
}

// A block of 1,000 changed values, with its root.
func BenchmarkEdit1000(b *testing.B) {
	s, all := million(b)
	r := rand.New(rand.NewSource(1))
	b.ReportAllocs()
	for b.Loop() {
		e := s.Edit()
		for range 1000 {
			l := Leaf{Key: ResourceKey(all[r.Intn(len(all))])}
			r.Read(l.Value[:])
			e.Put(l)
		}
		s = e.Freeze()
	}
}

// A block of 1,000 prefixes deleted, and one that puts them back.
func BenchmarkDeletePut1000(b *testing.B) {
	s, all := million(b)
	r := rand.New(rand.NewSource(1))
	b.ReportAllocs()
	for b.Loop() {
		e := s.Edit()
		var gone []Leaf
		for range 1000 {
			l, ok := e.Get(ResourceKey(all[r.Intn(len(all))]))
			if ok {
				gone = append(gone, l)
				e.Delete(l.Key)
			}
		}
		e = e.Freeze().Edit()
		for _, l := range gone {
			e.Put(l)
		}
		s = e.Freeze()
	}
}

func BenchmarkProve(b *testing.B) {
	s, all := million(b)
	r := rand.New(rand.NewSource(1))
	for b.Loop() {
		s.Prove(ResourceKey(all[r.Intn(len(all))]))
	}
}

func BenchmarkVerifyPoint(b *testing.B) {
	s, all := million(b)
	keys, proofs := make([]Key, 1000), make([][]byte, 1000)
	for i := range keys {
		keys[i] = ResourceKey(all[i*997%len(all)])
		proofs[i] = s.Prove(keys[i])
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i = (i + 1) % len(keys)
		if _, err := VerifyPoint(s.Root(), keys[i], proofs[i]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPath(b *testing.B) {
	s, all := million(b)
	r := rand.New(rand.NewSource(1))
	b.ReportAllocs()
	for b.Loop() {
		s.Path(ResourceKey(all[r.Intn(len(all))]))
	}
}

// Everything beneath one registry's block.
func BenchmarkVerifyRange(b *testing.B) {
	s, _ := million(b)
	under := ResourceKey(wire.Resource{Family: wire.IPv6, Len: 12, Addr: [16]byte{0x2a}})
	leaves, raw := s.ProveRange(under, under, RangeEntriesMax)
	list := pairs(leaves)
	b.ReportMetric(float64(len(list)), "entries")
	for b.Loop() {
		if _, err := VerifyRange(s.Root(), under, under, list, raw); err != nil {
			b.Fatal(err)
		}
	}
}
