package main

import "testing"

// BenchmarkApply applies one ledger block of the mix whose acts are verified.
func BenchmarkApply(b *testing.B) {
	m, err := newMix(3)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := m.replay(nil); err != nil {
			b.Fatal(err)
		}
	}
}
