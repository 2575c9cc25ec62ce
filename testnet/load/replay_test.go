package main

import (
	"testing"
	"time"

	"ipledger/ledger"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// benchBlocks is enough that every kind of act of the mix is there.
const benchBlocks = 6

// BenchmarkReplay is the whole of the replay, on all processors.
func BenchmarkReplay(b *testing.B) {
	m, err := newMix(benchBlocks)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	begun := spent()
	for b.Loop() {
		if err := m.replay(nil); err != nil {
			b.Fatal(err)
		}
	}
	perAct(b, m, spent()-begun)
}

// BenchmarkReplayToDisk adds a synced commit a block.
func BenchmarkReplayToDisk(b *testing.B) {
	m, err := newMix(benchBlocks)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	begun := spent()
	for b.Loop() {
		b.StopTimer()
		paused := spent()
		d, err := newDisk(m)
		if err != nil {
			b.Fatal(err)
		}
		begun += spent() - paused
		b.StartTimer()
		if err := m.replay(d); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		paused = spent()
		if err := d.close(); err != nil {
			b.Fatal(err)
		}
		begun += spent() - paused
		b.StartTimer()
	}
	perAct(b, m, spent()-begun)
}

// BenchmarkApply is Apply with the root, of acts that are verified.
func BenchmarkApply(b *testing.B) {
	m, err := newMix(benchBlocks)
	if err != nil {
		b.Fatal(err)
	}
	acts := make([][]tx.Verified, len(m.blocks))
	for i, raws := range m.blocks {
		if acts[i], err = verifyAll(raws, m.salt); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	begun := spent()
	for b.Loop() {
		s := m.genesis
		for i := range acts {
			r, err := ledger.Apply(s, m.headers[i], m.headers[i+1], acts[i], nil)
			if err != nil {
				b.Fatal(err)
			}
			s = r.State
		}
	}
	perAct(b, m, spent()-begun)
}

// BenchmarkVerify is everything in the verification of an act but the recovery
// of its key.
func BenchmarkVerify(b *testing.B) {
	m, err := newMix(benchBlocks)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	begun := spent()
	for b.Loop() {
		for _, raws := range m.blocks {
			for _, raw := range raws {
				if _, err := tx.VerifyWith(raw, m.salt, func(wire.Hash, []byte) bool { return true }); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	perAct(b, m, spent()-begun)
}

// perAct reports processor time: what else the machine does counts less in it.
func perAct(b *testing.B, m *mix, took time.Duration) {
	acts := 0
	for _, raws := range m.blocks {
		acts += len(raws)
	}
	b.ReportMetric(float64(took.Nanoseconds())/float64(b.N*acts), "cpu-ns/act")
}
