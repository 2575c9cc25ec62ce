package ledger_test

import (
	"math/rand/v2"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func TestAttack_R7_ORIGIN4_walk(t *testing.T) {
	names := []string{"ann", "bob", "cid"}
	count := map[string]int{}
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 1))
		w := newWorld(t, names, map[string][]string{"ann": {"16.0.0.0/22"}, "bob": {"16.0.4.0/22"}})
		last := make(map[wire.Hash]bool)
		_ = last
		var log []string
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("seed %d PANIC %v\n%v", seed, r, log)
				}
			}()
			type est struct {
				r  wire.Resource
				id wire.Hash
			}
			for range 70 {
				r := resource("16.0.0.0/21")
				for range 1 + rng.IntN(4) {
					lo, hi, _ := inr.Halves(r)
					r = lo
					if rng.IntN(2) == 0 {
						r = hi
					}
				}
				if rng.IntN(12) == 0 {
					r = resource("16.0.0.0/21")
				}
				text := r.String()
				name, to := names[rng.IntN(3)], names[rng.IntN(3)]
				try := func(n string, body tx.Body) bool {
					v := w.sign(n, body)
					h := w.header(1)
					res, err := ledger.Apply(w.state, w.last, h, []tx.Verified{v}, false)
					if err != nil {
						t.Fatal(err)
					}
					w.state, w.last, w.result = res.State, h, res
					ok := res.Receipts[0].Outcome == ledger.Done
					k := v.Kind().String()
					if ok {
						count[k]++
						log = append(log, n+" "+k+" "+text)
					}
					if err := ledger.Invariants(w.state, w.last); err != nil {
						t.Fatalf("seed %d: %v\n%v", seed, err, log)
					}
					return ok
				}
				switch rng.IntN(9) {
				case 0, 1, 2:
					n := name
					if t := w.possessor(r); t != "" {
						n = t
					}
					b := &tx.GrantOffer{Resource: r, To: who(to), Notice: uint64(rng.IntN(20)), SubGrants: rng.IntN(4) > 0, Value: w.value(text), Until: w.last.Time + 1000}
					if try(n, b) {
						id := w.id
						try(to, &tx.GrantAccept{Offer: id, Resource: r, Value: w.value(text)})
					}
				case 3, 4:
					n := name
					if t := w.possessor(r); t != "" && rng.IntN(2) == 0 {
						n = t
					}
					try(n, &tx.OriginAuthorise{Resource: r, MaxLength: uint64(r.Len) + uint64(rng.IntN(3)), AS: uint64(rng.IntN(2))})
				case 5:
					for _, whole := range []string{"16.0.0.0/22", "16.0.0.0/23", "16.0.2.0/23", "16.0.4.0/22", "16.0.4.0/23", "16.0.6.0/23"} {
						if w.title(whole) != nil && inr.Covers(resource(whole), r) {
							try(w.holder(whole), &tx.Split{Resource: resource(whole), Part: r})
						}
					}
				case 6:
					for _, n := range names {
						try(n, &tx.Merge{Resource: r})
					}
				case 7:
					n := w.titleHolder(r)
					if n == "" || n == to {
						continue
					}
					if try(n, &tx.TransferOffer{Resource: r, To: who(to), Keep: rng.IntN(2) == 0, Value: w.value(text), Until: w.last.Time + 1000}) {
						id := w.id
						try(to, &tx.TransferAccept{Offer: id, Resource: r, Value: w.value(text)})
					}
				case 8:
					for _, e := range w.estates(text) {
						if rng.IntN(2) == 0 {
							try(nameOf(names, e.Holder), &tx.GrantGiveUp{Resource: r, Grant: e.ID})
						} else {
							for _, n := range names {
								try(n, &tx.GrantNotice{Resource: r, Grant: e.ID})
							}
						}
						break
					}
				}
			}
		}()
		if t.Failed() {
			return
		}
	}
	t.Log(count)
}

func nameOf(names []string, id wire.Address) string {
	for _, n := range names {
		if who(n) == id {
			return n
		}
	}
	return ""
}
func (w *world) holder(text string) string {
	return nameOf([]string{"ann", "bob", "cid"}, w.title(text).Holder)
}
func (w *world) titleHolder(r wire.Resource) string {
	for n := uint8(21); n <= r.Len; n++ {
		at := inr.Truncate(r, n)
		if w.title(at.String()) != nil {
			return w.holder(at.String())
		}
	}
	return ""
}
func (w *world) possessor(r wire.Resource) string {
	out := w.titleHolder(r)
	for n := uint8(21); n <= r.Len; n++ {
		for _, e := range w.estates(inr.Truncate(r, n).String()) {
			out = nameOf([]string{"ann", "bob", "cid"}, e.Holder)
		}
	}
	return out
}
