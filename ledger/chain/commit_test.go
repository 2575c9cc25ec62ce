package chain

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"ipledger/ledger/wire"
)

// commitCases are certificates with equal and unequal power, votes for none and
// absent ones, times that are equal, before 1970 and out of order.
func commitCases() []commitVector {
	var out []commitVector
	add := func(why string, s *scene, times ...int64) {
		for i, at := range times {
			if s.cert.Slots[i].Flag != Absent {
				s.cert.Slots[i].Time.Seconds = uint64(at)
				s.resign(i)
			}
		}
		out = append(out, commitVector{
			Why: why, Set: s.set.Bytes(), Certificate: s.cert.Bytes(), Hash: s.cert.CommitHash(s.set), Time: wire.Encode(s.cert.MedianTime(s.set)),
		})
	}
	add("one validator alone", newScene(1).vote("c"))
	add("four of equal power, clocks out of order", four(), 1800000009, 1800000002, 1800000007, 1800000004)
	add("a vote for no block counts for no time", newScene(1, 1, 1, 1).vote("cccn"), 1800000003, 1800000002, 1800000001, 1)
	add("an absent vote", newScene(1, 1, 1, 1).vote("c-cc"), 1800000003, 0, 1800000001, 1800000002)
	add("power counts", newScene(100, 10, 10, 10).vote("cccc"), 1800000009, 1800000001, 1800000002, 1800000003)
	add("a clock before 1970", newScene(1, 1, 1, 1).vote("cccc"), -5, -4, 1800000002, 1800000003)
	add("equal times", four(), 1800000001, 1800000001, 1800000001, 1800000001)
	return out
}

// TestCommit_CHAIN21_CHAIN22 runs the vectors.
func TestCommit_CHAIN21_CHAIN22(t *testing.T) {
	for _, v := range loadVectors(t).Commits {
		set, err := DecodeValidatorSet(v.Set)
		if err != nil {
			t.Fatal(err)
		}
		cert, err := DecodeCertificate(v.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		if got := cert.CommitHash(set); got != v.Hash {
			t.Errorf("%s: hash %v, want %v", v.Why, got, v.Hash)
		}
		if got := wire.Encode(cert.MedianTime(set)); !bytes.Equal(got, v.Time) {
			t.Errorf("%s: time %x, want %x", v.Why, got, v.Time)
		}
	}
}

// TestMedian_CHAIN22 compares with a median by counting: the first time, in
// order, up to which more than what lies beyond half of the power has voted.
func TestMedian_CHAIN22(t *testing.T) {
	r := rand.New(rand.NewPCG(22, 22))
	for range 500 {
		s := newScene(3, 3, 2, 2, 1)
		var unary []uint64 // the time of each unit of power
		for i := range s.cert.Slots {
			s.cert.Slots[i] = Slot{Flag: Committed, Time: Time{Seconds: uint64(r.IntN(6))}, Sig: make([]byte, 64)}
			for range s.set[i].Power {
				unary = append(unary, s.cert.Slots[i].Time.Seconds)
			}
		}
		slices.Sort(unary)
		if got, want := s.cert.MedianTime(s.set).Seconds, unary[len(unary)/2-1]; got != want {
			t.Fatalf("median of %v is %d, want %d", unary, got, want)
		}
	}
	if got := newScene(1).cert.MedianTime(newScene(1).set); got != (Time{}) {
		t.Errorf("nobody voted, and the median is %v", got)
	}
}

// TestEvidence_CHAIN23 tells none from some.
func TestEvidence_CHAIN23(t *testing.T) {
	if EvidenceHash(nil) != Root(nil) || EvidenceHash([][]byte{{1}}) == Root(nil) {
		t.Error("the hash does not tell evidence from none")
	}
	if EvidenceHash([][]byte{{1}, {2}}) != Root([]wire.Hash{leaf([]byte{1}), leaf([]byte{2})}) {
		t.Error("the hash is not the list hash of the evidence")
	}
}
