package ledger

import (
	"math/rand/v2"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// crowded is a block at a header, over a state with n authorisations of one AS each.
func crowded(t *testing.T, n int, share, least, time uint64) *block {
	e := tree.State{}.Edit()
	put := func(k tree.Key, r any) { e.Put(record.Leaf(k, wire.Encode(r))) }
	put(record.ParametersKey, &record.Parameters{Rules: 1, BreakerShare: share, BreakerLeast: least, StallSeconds: 600})
	put(record.ChainKey, &record.Chain{Rules: 1})
	for i := range n {
		e.Put(record.FolioLeaf(spot(i), &record.Folio{Authorisations: record.OriginsBytes([]record.Origin{{Rules: 1, MaxLength: 24, AS: 1}})}))
	}
	s, err := Tally(e.Freeze())
	if err != nil {
		t.Fatal(err)
	}
	b, err := open(s, Header{Height: 1, Time: time}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func spot(i int) wire.Resource {
	return wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{60, byte(i >> 8), byte(i)}}
}

// gone withdraws what is authorised at places from, from+1, … to-1.
func (b *block) gone(from, to int) func() {
	return func() {
		for i := from; i < to; i++ {
			b.putFolio(spot(i), new(record.Folio))
		}
	}
}

func TestThrottled_GOV30(t *testing.T) {
	const day = 20000
	b := crowded(t, 800, 10_000, 100, day*daySeconds+500)
	if b.dayRoom() != 100 { // a hundredth is 8, the least 100
		t.Fatalf("room %d", b.dayRoom())
	}
	for _, step := range []struct {
		from, to int
		wait     uint64 // days
	}{
		{0, 60, 0}, {60, 130, 1}, {130, 380, 3}, {380, 380, 0}, {380, 381, 3}, {381, 400, 3}, {400, 401, 4},
	} {
		at := b.throttled(b.gone(step.from, step.to))
		want := uint64(0)
		if step.wait > 0 {
			want = (day + step.wait) * daySeconds
		}
		_, stands := b.e.Get(tree.ResourceKey(spot(step.from)))
		if at != want || stands != (step.wait > 0 || step.from == step.to) {
			t.Errorf("%d authorisations: put off to %d, want %d; they stand: %v", step.to-step.from, at, want, stands)
		}
	}
	// The next day begins with what was set aside for it, and a week later all is free.
	b.now.Time = (day + 4) * daySeconds
	if at := b.throttled(b.gone(400, 499)); at != 0 {
		t.Errorf("99 beside the one set aside wait until %d", at)
	}
	if at := b.throttled(b.gone(500, 501)); at != (day+5)*daySeconds {
		t.Errorf("one too many waits until %d", at)
	}
	b.now.Time += 7 * daySeconds
	if at := b.throttled(b.gone(500, 600)); at != 0 {
		t.Errorf("a week later a hundred wait until %d", at)
	}
}

func TestDayRoom_GOV31(t *testing.T) {
	for _, c := range []struct {
		n            int
		share, least uint64
		want         uint64
	}{{1000, 10_000, 1, 10}, {1000, 10_000, 11, 11}, {0, 10_000, 1, 1}, {999, 1_000_000, 1, 999}, {50, 1, 1, 1}} {
		if got := crowded(t, c.n, c.share, c.least, 0).dayRoom(); got != c.want {
			t.Errorf("%+v: room %d", c, got)
		}
	}
	if share(1<<63, 1_000_000) != 1<<63 {
		t.Error("a share of a great number overflows")
	}
}

// Over any days no more is withdrawn than their room: beside a slow twin that
// keeps a calendar.
func TestBreakerTake_GOV30_twin(t *testing.T) {
	for seed := range uint64(200) {
		dice := rand.New(rand.NewPCG(seed, 30))
		x, calendar, last, today := &breakerRoom{}, map[uint64]uint64{}, uint64(0), uint64(100)
		room := 1 + dice.Uint64N(20)
		for range 100 {
			today += dice.Uint64N(3) / 2
			n := 1 + dice.Uint64N(3*room)
			x.take(n, today, room)
			at := max(last, today)
			for left := n; ; at++ {
				took := min(left, room-calendar[at])
				calendar[at] += took
				if left -= took; left == 0 {
					break
				}
			}
			last = at
			if x.Day != last || x.Used != calendar[last] {
				t.Fatalf("seed %d: %d on day %d are done on day %d with %d used, want %d with %d", seed, n, today, x.Day, x.Used, last, calendar[last])
			}
		}
	}
}

// What an act takes back is not counted, and what changes hands is counted for
// the same owner.
func TestTally_GOV13(t *testing.T) {
	b := crowded(t, 3, 1, 1, 0)
	title := func(state record.State, g record.Grade, handle string) *record.Folio {
		return &record.Folio{Title: (&record.Title{Rules: 1, State: state, Grade: g, Source: record.Source{Registry: "arin", Handle: handle}}).Bytes()}
	}
	at := func(s string) wire.Resource { r, _ := inr.Parse(s); return r }
	b.putFolio(at("61.0.0.0/16"), title(record.Held, record.GradeA, "x"))
	b.putFolio(at("61.1.0.0/16"), title(record.Held, record.GradeB, "x"))
	b.putFolio(at("61.2.0.0/16"), title(record.Held, record.GradeC, "y"))
	b.putFolio(at("61.3.0.0/16"), title(record.Unclaimed, 0, "z"))
	mark := b.e.Mark()
	b.putFolio(at("61.2.0.0/16"), title(record.Held, record.GradeA, "y"))
	b.gone(0, 2)()
	b.undo(mark)
	b.gone(2, 3)()
	b.putFolio(at("61.1.0.0/16"), title(record.Held, record.GradeB, "w"))
	b.writeCounts()
	if b.chain.Holders != 2 || b.chain.Origins != 2 {
		t.Errorf("%d holders, %d authorisations", b.chain.Holders, b.chain.Origins)
	}
	b.tally = tally{}
	b.putFolio(at("61.1.0.0/16"), title(record.Unclaimed, 0, "w"))
	b.writeCounts()
	if b.chain.Holders != 1 {
		t.Errorf("%d holders after one gave up", b.chain.Holders)
	}
	named := record.Source{Registry: "arin", Handle: "x"}
	nameless := record.Source{Registry: "arin", First: [16]byte{1}}
	if other := nameless; named.Owner() == nameless.Owner() || other.Owner() != nameless.Owner() {
		t.Error("owners are not told apart by handle and row")
	}
}
