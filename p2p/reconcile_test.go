package p2p

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"
	"time"
)

// What was published while a node was cut off reaches it when it returns, in as
// many answers as it takes.
func TestReconcile_P2P17(t *testing.T) {
	sa, sb := newShelf(), newShelf("only b's")
	a, b := start(t, testConfig(1), sa), start(t, testConfig(2), sb)
	third := start(t, testConfig(3), newShelf())
	link(t, a, third)
	meshed(t, 1, a)
	for i := range 3 * PullMax {
		act := fmt.Sprint("act ", i)
		sa.Deliver(t.Context(), "", []Act{{ID: idOf(act), Raw: []byte(act)}})
	}
	publish(t, a, "act 0") // nobody told b
	link(t, b, a)
	eventually(t, "b has all of a's acts", func() bool { return len(sb.Pending(PendingMax)) == 3*PullMax+1 })
	eventually(t, "a has b's act", func() bool { return sa.holds("only b's") })
}

// The greeting is followed by a comparison: the period is an hour here, so that
// nothing else can have brought the act.
func TestReconcile_P2P17_atTheGreeting(t *testing.T) {
	ca, cb := testConfig(1), testConfig(2)
	ca.ReconcilePeriod, cb.ReconcilePeriod = time.Hour, time.Hour
	sb := newShelf()
	a, b := start(t, ca, newShelf("only a's")), start(t, cb, sb)
	link(t, b, a)
	eventually(t, "b has a's act", func() bool { return sb.holds("only a's") })
}

// What gossip lost is found without a new connection.
func TestReconcile_lossesAreFound(t *testing.T) {
	if period := Default().ReconcilePeriod; period != 2*time.Second {
		t.Errorf("the default period is %v", period)
	}
	sa, sb := newShelf(), newShelf()
	a, b := start(t, testConfig(1), sa), start(t, testConfig(2), sb)
	link(t, a, b)
	sa.Deliver(t.Context(), "", []Act{{ID: idOf("lost"), Raw: []byte("lost")}})
	eventually(t, "b has the act that gossip lost", func() bool { return sb.holds("lost") })
}

// Acts larger than one answer come in several.
func TestPull_cutShortIsAskedForAgain(t *testing.T) {
	var acts []string
	for i := range 40 {
		acts = append(acts, fmt.Sprintf("%d %s", i, make([]byte, ActBytesMax-10)))
	}
	got := newShelf()
	a, b := start(t, testConfig(1), newShelf(acts...)), start(t, testConfig(2), got)
	link(t, b, a)
	eventually(t, "all acts", func() bool { return len(got.Pending(PendingMax)) == len(acts) })
}

// liar answers requests for acts with what it likes.
type liar struct {
	*shelf
	answer func(ids [][32]byte) [][]byte
}

func (l liar) Acts(ids [][32]byte) [][]byte { return l.answer(ids) }

func TestPull_P2P14(t *testing.T) {
	cases := []struct {
		name   string
		answer [][]byte
		bad    int
	}{
		{"an act not asked for", [][]byte{[]byte("other")}, 1},
		{"the same act twice", [][]byte{[]byte("asked"), []byte("asked")}, 1},
		{"provably bad", [][]byte{[]byte("bad")}, 1},
		{"an empty act", [][]byte{{}}, 1},
		{"an act too large", [][]byte{make([]byte, ActBytesMax+1)}, 1},
		{"nothing", nil, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c1 := testConfig(1)
			c1.ReconcilePeriod = time.Hour
			shelf := newShelf("asked", "asked as well")
			teller, err := newHost(c1, shelf, liar{shelf, func([][32]byte) [][]byte { return c.answer }}, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer teller.Close()
			c2, got := testConfig(2), newShelf()
			c2.ReconcilePeriod = time.Hour
			h := start(t, c2, got)
			link(t, h, teller)
			eventually(t, "the answer is judged", func() bool {
				h.book.mu.RLock()
				defer h.book.mu.RUnlock()
				return h.book.entries[teller.ID()].invalid == c.bad
			})
			if len(got.Pending(PendingMax)) != 0 {
				t.Error("acts of a bad answer were delivered")
			}
		})
	}
}

// Acts that are not wanted here cost the peer that offers them, not this node.
func TestPull_unwantedActsAreBounded(t *testing.T) {
	var late []string
	for i := range 2000 {
		late = append(late, fmt.Sprint("late ", i))
	}
	c, got := testConfig(2), newShelf()
	c.ActsPerSecond, c.ActsBurst = 0.001, 300
	a, h := start(t, testConfig(1), newShelf(late...)), start(t, c, got)
	link(t, h, a)
	for range 5 {
		if _, err := h.reconcile(t.Context(), a.ID()); err == nil {
			t.Error("an endless offer of unwanted acts is no error")
		}
	}
	if n := got.checked(); n > 300+7*2 {
		t.Errorf("%d checks, want about 300", n)
	}
}

// Every id of theirs is asked for by one of our windows, and none twice over
// beyond the shared edge.
func TestWindow_coversAllIDs(t *testing.T) {
	for _, n := range []int{0, 1, IDsMax - 1, IDsMax, IDsMax + 1, 2*IDsMax - 1, 3 * IDsMax} {
		ours, theirs := manyIDs("ours", n), manyIDs("theirs", 500)
		found := map[[32]byte]bool{}
		for k := range windows(n) {
			r := window(ours, k)
			if err := checkIDs(r.IDs, IDsMax, r.First, r.Last); err != nil {
				t.Fatalf("%d ids, window %d: %v", n, k, err)
			}
			for _, id := range missing(theirs, r) {
				found[id] = true
			}
		}
		if len(found) != len(theirs) {
			t.Errorf("%d ids of ours: %d of %d of theirs found", n, len(found), len(theirs))
		}
	}
}

func TestMissing_namesWhatTheOtherLacks(t *testing.T) {
	ids := manyIDs("x", 3*IDsMax)
	if got := missing(ids, heldRequest{Last: lastID, IDs: ids[:IDsMax]}); !slices.Equal(got, ids[IDsMax:2*IDsMax]) {
		t.Errorf("%d ids, want the %d after those known", len(got), IDsMax)
	}
	if got := missing(ids, heldRequest{First: ids[10], Last: ids[12], IDs: ids[11:12]}); !slices.Equal(got, [][32]byte{ids[10], ids[12]}) {
		t.Errorf("got %d ids of a range of three with one known, want 2", len(got))
	}
	if got := missing(nil, heldRequest{Last: lastID}); len(got) != 0 {
		t.Errorf("an empty pool names %d ids", len(got))
	}
}

func manyIDs(name string, n int) [][32]byte {
	var out [][32]byte
	for i := range n {
		out = append(out, sha256.Sum256(fmt.Append(nil, name, i)))
	}
	slices.SortFunc(out, compareIDs)
	return out
}

func TestHeld_isSortedBoundedAndFresh(t *testing.T) {
	s := newShelf("a", "b", "c")
	var c held
	ids := c.sorted(s)
	if len(ids) != 3 || !slices.IsSortedFunc(ids, compareIDs) {
		t.Fatalf("got %x", ids)
	}
	s.Deliver(t.Context(), "", []Act{{ID: idOf("d")}})
	c.until = time.Now().Add(time.Hour)
	if len(c.sorted(s)) != 3 {
		t.Error("the list was made anew within its time")
	}
	c.until = time.Now().Add(-1)
	if len(c.sorted(s)) != 4 {
		t.Error("the list is stale")
	}
}
