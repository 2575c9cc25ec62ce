package interop_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"ipledger/ledger/tx"
)

// reader is a router by the programs it needs and how it begins to read a server;
// what tells whether it has a payload of an AS is what is returned.
type reader struct {
	needs []string
	start func(t *testing.T, host, port string) (has func(as string) bool)
}

// showing are the routers that show their rows.
var showing = map[string]reader{
	"BIRD": {[]string{"bird", "birdc"}, func(t *testing.T, host, port string) func(string) bool {
		return birdAt(t, bird2, host, port).shows
	}},
	"BIRD 3": {[]string{"bird3", "birdc3"}, func(t *testing.T, host, port string) func(string) bool {
		return birdAt(t, bird3, host, port).shows
	}},
	"FRR": {[]string{"/usr/lib/frr/bgpd", "vtysh"}, func(t *testing.T, host, port string) func(string) bool {
		dir := frrAt(t, host, port)
		return func(as string) bool {
			for line := range strings.Lines(run(t, "vtysh", "--vty_socket", dir, "-c", "show rpki prefix-table")) {
				if strings.Contains(line, as) && !strings.Contains(line, ":") { // the others show IPv4 alone
					return true
				}
			}
			return false
		}
	}},
	"GoBGP": {[]string{"gobgpd", "gobgp"}, func(t *testing.T, host, port string) func(string) bool {
		api := gobgpAt(t, host, port)
		return func(as string) bool { return strings.Contains(run(t, "gobgp", "-p", api, "rpki", "table"), as) }
	}},
}

// here reports whether this machine has what a router needs; one that is missing is
// skipped by its name.
func (r reader) here(t *testing.T, name string) (here bool) {
	t.Run(name, func(t *testing.T) {
		for _, program := range r.needs {
			tool(t, program)
		}
		here = true
	})
	return here
}

func (b bird) shows(as string) bool {
	return strings.Contains(b.says("show", "route", "table", "r4"), "AS"+as)
}

// follower is a router of a test, and what it and the node tell each other.
type follower struct {
	t    *testing.T
	name string
	tap  *tap
	has  func(text string) bool

	resets    int    // queries for the whole set, when it was marked
	toldSoFar [2]int // rows of one kind withdrawn and announced, when it was marked
}

// followers are routers that read the node, those that this machine has.
func followers(t *testing.T, of map[string]reader) (all []*follower) {
	for name, r := range of {
		if r.here(t, name) {
			l, host, port := tapped(t, network.File.Nodes[full].RTR)
			all = append(all, &follower{t: t, name: name, tap: l, has: r.start(t, host, port)})
		}
	}
	return all
}

// mark remembers what was told of one kind of rows.
func (f *follower) mark(kind byte) {
	f.resets, f.toldSoFar = f.tap.count(resetQuery), [2]int{f.tap.told(kind, withdrawn), f.tap.told(kind, announced)}
}

// TestRouters_transfer: a title is sold without its authorisations and authorised anew
// by its buyer. After a quiet minute each router loses the one at once, and gets the
// other within the minute that notices keep; each is told of one row by a difference.
func TestRouters_transfer(t *testing.T) {
	const prefix, seller, buyer = "36.248.0.0/19", "153913", "64700"
	all := followers(t, showing)
	if len(all) == 0 {
		t.Skip("skipped: none of BIRD, BIRD 3, FRR and GoBGP is on this machine")
	}
	together(all, func(f *follower) { f.await("has the seller's", patience, func() bool { return f.has(seller) }) })
	all[0].quiet()
	for _, f := range all {
		f.mark(payloadFour)
	}
	sell(t, prefix, "kiwi", "ipanema")
	// Half a minute tells a notice at once from one that waits.
	together(all, func(f *follower) {
		f.await("has the seller's no more", patience/3, func() bool { return !f.has(seller) })
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, _, err := network.Do(ctx, full, "ipanema", 3, &tx.OriginAuthorise{Resource: blockOf(t, prefix), MaxLength: 19, AS: 64700})
	must(t, err)
	together(all, func(f *follower) { f.await("has the buyer's", patience, func() bool { return f.has(buyer) }) })
	for _, f := range all {
		f.differs(payloadFour, 1, 1)
	}
}

// quiet waits until no notice has come for a minute: the next is sent at once then.
func (f *follower) quiet() {
	for told, since := f.tap.notices(), time.Now(); time.Since(since) < 62*time.Second; time.Sleep(time.Second) {
		if now := f.tap.notices(); now != told {
			told, since = now, time.Now()
		}
	}
}

// await waits until done is true, and says how long it took.
func (f *follower) await(what string, most time.Duration, done func() bool) {
	for begun := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		switch took := time.Since(begun).Round(time.Millisecond); {
		case done():
			f.t.Logf("%s %s after %v", f.name, what, took)
			return
		case took > most:
			f.t.Errorf("waited %v until %s %s", most, f.name, what)
			return
		}
	}
}

// differs wants so many rows of a kind withdrawn and announced since the mark, and
// nothing asked for whole.
func (f *follower) differs(kind byte, lost, got int) {
	out, in := f.tap.told(kind, withdrawn)-f.toldSoFar[0], f.tap.told(kind, announced)-f.toldSoFar[1]
	if out != lost || in != got {
		f.t.Errorf("%s was told of %d rows less and %d more, want %d and %d", f.name, out, in, lost, got)
	}
	if n := f.tap.count(resetQuery) - f.resets; n != 0 || f.tap.count(serialQuery) == 0 {
		f.t.Errorf("%s asked for the whole set %d times more, and for differences %d times", f.name, n, f.tap.count(serialQuery))
	}
}

// together runs something for all and waits.
func together(all []*follower, do func(f *follower)) {
	var wait sync.WaitGroup
	for _, f := range all {
		wait.Go(func() { do(f) })
	}
	wait.Wait()
}

// sell is a transfer of a block's title, offered and accepted.
func sell(t *testing.T, prefix, from, to string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	at := blockOf(t, prefix)
	value, err := network.Dealing(ctx, full, at)
	must(t, err)
	buyer, err := network.Account(to)
	must(t, err)
	offer, _, err := network.Do(ctx, full, from, 3, &tx.TransferOffer{Resource: at, To: buyer.ID, Value: value, Until: uint64(time.Now().Add(time.Hour).Unix())})
	must(t, err)
	_, _, err = network.Do(ctx, full, to, 3, &tx.TransferAccept{Offer: offer, Resource: at, Value: value})
	must(t, err)
}
