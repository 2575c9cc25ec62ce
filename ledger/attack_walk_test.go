package ledger_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// walk is a random walk over one small block by three holders who grant, grant
// back, buy, cut, merge and authorise on top of each other: what indexes of
// authorisations find hardest.
type walk struct {
	*world
	rng   *rand.Rand
	names []string
	log   []string
}

// walkRoot is cut into two titles at the start.
const walkRoot = "16.0.0.0/21"

// TestAttack_R7_ORIGIN4_walk checks every invariant after every act.
func TestAttack_R7_ORIGIN4_walk(t *testing.T) {
	for seed := range uint64(min(*sequences, 100)) {
		w := &walk{rng: rand.New(rand.NewPCG(seed, 1)), names: []string{"ann", "bob", "cid"}}
		w.world = newWorld(t, w.names, map[string][]string{"ann": {"16.0.0.0/22"}, "bob": {"16.0.4.0/22"}})
		for range 70 {
			w.step()
		}
		if t.Failed() {
			t.Fatalf("seed %d: %v", seed, w.log)
		}
	}
}

func (w *walk) step() {
	r := w.block()
	some, other := w.names[w.rng.IntN(3)], w.names[w.rng.IntN(3)]
	switch w.rng.IntN(9) {
	case 0, 1, 2:
		w.grantOn(or(w.possessor(r), some), other, r)
	case 3, 4:
		if w.rng.IntN(2) == 0 {
			some = or(w.possessor(r), some)
		}
		w.try(some, &tx.OriginAuthorise{Resource: r, MaxLength: uint64(r.Len) + uint64(w.rng.IntN(3)), AS: uint64(w.rng.IntN(2))})
	case 5:
		w.cut(r)
	case 6:
		for _, n := range w.names {
			w.try(n, &tx.Merge{Resource: r})
		}
	case 7:
		w.sell(w.titleHolder(r), other, r)
	case 8:
		w.end(r)
	}
}

func or(name, otherwise string) string {
	if name == "" {
		return otherwise
	}
	return name
}

// block is some block of the walk, now and then the whole.
func (w *walk) block() wire.Resource {
	r := resource(walkRoot)
	if w.rng.IntN(12) == 0 {
		return r
	}
	for range 1 + w.rng.IntN(4) {
		low, high, _ := inr.Halves(r)
		if r = low; w.rng.IntN(2) == 0 {
			r = high
		}
	}
	return r
}

// try applies one act alone and reports whether it was done.
func (w *walk) try(name string, body tx.Body) bool {
	v := w.sign(name, body)
	w.world.block(1, v)
	done := w.result.Receipts[0].Outcome == ledger.Done
	if done {
		w.log = append(w.log, fmt.Sprintf("%s %v %+v", name, v.Kind(), body))
	}
	return done
}

func (w *walk) grantOn(from, to string, r wire.Resource) {
	if w.try(from, &tx.GrantOffer{
		Resource: r, To: who(to), Notice: uint64(w.rng.IntN(20)), SubGrants: w.rng.IntN(4) > 0, Value: w.value(r.String()), Until: w.last.Time + 1000,
	}) {
		w.try(to, &tx.GrantAccept{Offer: w.id, Resource: r, Value: w.value(r.String())})
	}
}

func (w *walk) sell(from, to string, r wire.Resource) {
	if from == "" || from == to {
		return
	}
	if w.try(from, &tx.TransferOffer{Resource: r, To: who(to), Keep: w.rng.IntN(2) == 0, Value: w.value(r.String()), Until: w.last.Time + 1000}) {
		w.try(to, &tx.TransferAccept{Offer: w.id, Resource: r, Value: w.value(r.String())})
	}
}

// cut splits the title over r at r.
func (w *walk) cut(r wire.Resource) {
	for whole := r; whole.Len >= resource(walkRoot).Len; whole = inr.Truncate(whole, whole.Len-1) {
		if w.title(whole.String()) != nil {
			w.try(w.titleHolder(whole), &tx.Split{Resource: whole, Part: r})
			return
		}
	}
}

// end ends the outermost grant at exactly r, one way or the other.
func (w *walk) end(r wire.Resource) {
	list := w.estates(r.String())
	if len(list) == 0 {
		return
	}
	if w.rng.IntN(2) == 0 {
		w.try(w.named(list[0].Holder), &tx.GrantGiveUp{Resource: r, Grant: list[0].ID})
		return
	}
	for _, n := range w.names {
		w.try(n, &tx.GrantNotice{Resource: r, Grant: list[0].ID})
	}
}

func (w *walk) named(id wire.Address) string {
	for _, n := range w.names {
		if who(n) == id {
			return n
		}
	}
	return ""
}

// titleHolder is who holds the title over r, or nobody.
func (w *walk) titleHolder(r wire.Resource) string {
	for n := int(r.Len); n >= int(resource(walkRoot).Len); n-- {
		if t := w.title(inr.Truncate(r, uint8(n)).String()); t != nil {
			return w.named(t.Holder)
		}
	}
	return ""
}

// possessor is who has the innermost right over r, or nobody.
func (w *walk) possessor(r wire.Resource) string {
	for n := int(r.Len); n >= int(resource(walkRoot).Len); n-- {
		if list := w.estates(inr.Truncate(r, uint8(n)).String()); len(list) > 0 {
			return w.named(list[len(list)-1].Holder)
		}
	}
	return w.titleHolder(r)
}
