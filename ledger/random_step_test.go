package ledger_test

import (
	"crypto/ecdsa"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func kindOf(body tx.Body) string { return strings.TrimPrefix(fmt.Sprintf("%T", body), "*tx.") }

// step makes one ledger block of a few random acts.
func (p *pair) step(t *testing.T, acts int) {
	names, bodies := make([]string, acts), make([]tx.Body, acts)
	for i := range acts {
		names[i], bodies[i] = p.next()
	}
	p.stepWith(t, names, bodies)
}

// stepWith makes one ledger block, with a bundle in it now and then, and
// compares what became of each act and then all that stands.
func (p *pair) stepWith(t *testing.T, names []string, bodies []tx.Body) {
	seconds := p.seconds()
	before, was := p.stamps(), p.twinSays()
	p.twin.pass(p.last.Time + seconds)
	acts := p.signAll(names, bodies)
	var signed []tx.Verified
	for _, x := range acts {
		signed = append(signed, x.v)
	}
	old, accused := p.state, p.accusing()
	r := p.block(seconds, signed...)
	if r.Bearing {
		p.twin.lot = p.last.Hash
	}
	if err := errors.Join(p.past.extend(old, p.state), frozenStays(old, p.state), capsKept(old, p.state), claimsEarned(old, p.state)); err != nil {
		t.Error(err)
	}
	for i := 0; i < len(acts) && !t.Failed(); i += acts[i].bundle {
		p.compare(t, acts[i:i+acts[i].bundle], r.Receipts[i:])
	}
	for _, x := range accused {
		p.twin.accuse(x)
	}
	if !t.Failed() {
		p.compareState(t)
		p.compareStamps(t, before)
		p.meet()
	}
	if t.Failed() {
		p.explain(t, was)
		for i, x := range acts {
			t.Logf("act %v by %s: %T%+v: %s", x.v.ID(), x.name, x.body, x.body, r.Receipts[i].Rule)
		}
		t.FailNow()
	}
}

// seconds are few between ledger blocks, sometimes many, sometimes a halt.
func (p *pair) seconds() uint64 {
	if n := p.leap; n > 0 {
		p.leap = 0
		return n
	}
	switch {
	case p.pick(30) == 0:
		return 300
	case p.pick(60) == 0:
		return 600 + uint64(p.pick(200))
	}
	return uint64(1 + p.pick(20))
}

// signed is an act of a ledger block, and how many stand and fall with it.
type signed struct {
	name   string
	body   tx.Body
	v      tx.Verified
	bundle int
}

// signAll signs acts as they will be admissible one after the other, and leaves
// out those whose author has too few keys left.
func (p *pair) signAll(names []string, bodies []tx.Body) (out []signed) {
	at := p.twin.clone()
	moves := slices.ContainsFunc(bodies, func(b tx.Body) bool { return b.Kind() < tx.KindTransferOffer })
	for i := 0; i < len(names); {
		n := 1
		if p.pick(8) == 0 && !p.single {
			n = min(len(names)-i, 2+p.pick(2))
		}
		group := p.signGroup(at, names[i:i+n], bodies[i:i+n])
		if moves {
			at, _, _ = at.try(group)
		}
		out = append(out, group...)
		i += n
	}
	return out
}

// try carries out acts that stand and fall together, on a copy; bad is the place
// of the first that breaks rules.
func (w *twin) try(acts []signed) (after *twin, bad int, rules []string) {
	after = w.clone()
	for i, x := range acts {
		if rules = after.broken(who(x.name), x.v.Header().Lane, x.body); len(rules) > 0 {
			return w, i, rules
		}
		after.do(who(x.name), x.body, x.v.ID())
	}
	return after, -1, nil
}

// signGroup signs a bundle, or one act.
func (p *pair) signGroup(at *twin, names []string, bodies []tx.Body) (out []signed) {
	var acts []*tx.Act
	var keys [][]*ecdsa.PrivateKey
	for i, name := range names {
		if kind := bodies[i].Kind(); (kind == tx.KindKeyRevoke || kind == tx.KindEvidence) && len(names) > 1 {
			continue // these stand in no bundle
		}
		if h, by, ok := p.draft(at, name, bodies[i]); ok {
			acts, keys = append(acts, &tx.Act{Header: h, Body: bodies[i]}), append(keys, by)
			out = append(out, signed{name: name, body: bodies[i]})
		}
	}
	if len(acts) > 1 {
		if err := tx.Bundle(acts, p.salt); err != nil {
			p.t.Fatal(err)
		}
	}
	for i := range out {
		out[i].v, out[i].bundle = p.signWith(acts[i].Header, acts[i].Body, keys[i]...), len(acts)
	}
	return out
}

// compare compares what became of one act, or of the acts of one bundle: if one
// breaks a rule, all fail, the others by ADM-11.
func (p *pair) compare(t *testing.T, acts []signed, receipts []ledger.Receipt) {
	after, bad, rules := p.twin.try(acts)
	for i, x := range acts {
		switch {
		case bad < 0:
			p.outcome(t, x, receipts[i], nil)
		case i == bad:
			p.outcome(t, x, receipts[i], rules)
		default:
			p.outcome(t, x, receipts[i], []string{"ADM-11"})
		}
	}
	p.twin = after
}

// outcome compares one receipt with the rules that the act breaks.
func (p *pair) outcome(t *testing.T, x signed, r ledger.Receipt, rules []string) {
	outcome := "done"
	if r.Outcome == ledger.Failed {
		outcome = r.Rule
	}
	kind := kindOf(x.body)
	if p.table[kind] == nil {
		p.table[kind] = map[string]int{}
	}
	p.table[kind][outcome]++
	if r.Outcome == ledger.Failed {
		if err := fieldOf(x.body, r.Field); err != nil {
			t.Error(err)
		}
	}
	switch {
	case outcome == "done" && len(rules) > 0:
		t.Errorf("height %d: %s %+v was done, the twin says that it breaks %v", p.last.Height, x.name, x.body, rules)
	case outcome != "done" && !slices.Contains(rules, outcome):
		t.Errorf("height %d: %s %+v was refused by %s (%s), the twin says %v", p.last.Height, x.name, x.body, outcome, r.Detail, rules)
	}
}

// explain says who is who, how things stood before a ledger block that failed,
// and what fell due in it.
func (p *pair) explain(t *testing.T, was []string) {
	t.Logf("-sequences 1 -seed %d replays it; before:\n%s\nfell due: %v", p.seed, strings.Join(was, "\n"), p.twin.fell)
	for _, o := range p.twin.offers {
		t.Logf("offer %v: %+v, lapsed %v", o.id, o.body, p.twin.lapsed(&o))
	}
	for _, name := range p.names {
		t.Logf("%s is %v", name, who(name))
	}
}

// stamps is the dealing value of each title, and the twin's stamp.
func (p *pair) stamps() map[wire.Resource]twinStamp {
	out := map[wire.Resource]twinStamp{}
	for _, x := range p.twin.titles {
		out[x.at] = twinStamp{p.value(x.at.String()), x.stamp}
	}
	return out
}

type twinStamp struct {
	value wire.Hash
	stamp uint64
}

// compareStamps wants a title's dealing value to change exactly when what it
// speaks for changed (DEAL-1, DEAL-2).
func (p *pair) compareStamps(t *testing.T, before map[wire.Resource]twinStamp) {
	for at, now := range p.stamps() {
		if was, ok := before[at]; ok && (was.value == now.value) != (was.stamp == now.stamp) {
			t.Errorf("height %d: the dealing value of %v was %v, is %v; the twin changed it: %v", p.last.Height, at, was.value, now.value, was.stamp != now.stamp)
		}
	}
}
