package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"strconv"

	"github.com/gaissmai/bart"

	"ipledger/ledger/drift"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/rib"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
	"ipledger/testnet/load/stategen"
)

// What is compared: somewhat less than today's table, and today's RPKI on both sides.
const (
	driftRoutes   = 1_000_000
	driftPayloads = 600_000
)

// driftFigures are of one comparison. Ours is the seconds of the whole comparison of
// chapter 31 from lists in no order; the reference's those of the routes' states by
// both lists alone, with a prefix trie of wide use (bart) for each list.
type driftFigures struct {
	Figures
	ReadSeconds   float64 `json:"read_seconds"`   // of the table as text
	SplitSeconds  float64 `json:"split_seconds"`  // its lines, fields and prefixes alone, by the standard library
	ListsMiB      float64 `json:"lists_mib"`      // what is given to both sides
	OurMiB        float64 `json:"our_mib"`        // what the comparison allocates
	ReferenceMiB  float64 `json:"reference_mib"`  // what the tries keep
	Findings      int     `json:"findings"`       // of all categories
	Contradicted  int     `json:"contradicted"`   // among them
	InvalidRoutes int     `json:"invalid_routes"` // by the ledger
}

func driftBench() (any, error) {
	before := heap()
	in := drawDrift()
	f := driftFigures{ListsMiB: mib(heap() - before)}
	var ours, reference [drift.States][drift.States]int
	var counts *drift.Counts
	compare := func() (err error) {
		if counts, err = drift.Compare(in, func(*drift.Finding) error { return nil }); err == nil {
			ours, err = counts.States, counts.Check()
		}
		return err
	}
	text := tableText(in.Routes)
	say("a table of %d bytes", len(text))
	took, err := median(
		side{run: compare}, side{run: func() error { reference = statesByTries(in); return nil }},
		side{run: func() error { _, err := rib.Read(bytes.NewReader(text)); return err }},
		side{run: func() error { return splitLines(text) }},
	)
	if err != nil {
		return nil, err
	}
	if ours != reference {
		return nil, fmt.Errorf("the states differ: %v, by tries %v", ours, reference)
	}
	f.ReadSeconds, f.SplitSeconds = took[2], took[3]
	f.OurMiB = allocated(func() { _ = compare() })
	before = heap()
	tries := [2]*bart.Table[[]vrp.Payload]{newTrie(in.Ledger), newTrie(in.RPKI)}
	f.ReferenceMiB = mib(heap() - before)
	if tries[0].Size() == 0 || tries[1].Size() == 0 {
		return nil, fmt.Errorf("the tries are empty")
	}
	for _, n := range counts.Found {
		f.Findings += n
	}
	f.Contradicted = counts.Found[drift.Contradicted]
	f.InvalidRoutes = counts.Found[drift.RouteInvalidOrigin] + counts.Found[drift.RouteInvalidLength]
	f.Figures = Figures{"drift", took[0], took[1], took[1] / took[0], "s a comparison", driftRoutes, machine()}
	return f, nil
}

// drawDrift is lists that mostly agree, in no order: nine in ten payloads are in both,
// most routes are as some payload says, a third are covered by none.
func drawDrift() (in drift.Input) {
	say("drawing %d routes and %d payloads on each side", driftRoutes, driftPayloads)
	r := rand.New(rand.NewPCG(registerSeed, 31))
	blocks := stategen.Resources(registerSeed, driftPayloads, driftPayloads/4)
	r.Shuffle(len(blocks), func(i, k int) { blocks[i], blocks[k] = blocks[k], blocks[i] })
	for i, b := range blocks[:driftPayloads] {
		p := vrp.Payload{Prefix: b, AS: uint64(1000 + i%80_000), Grade: record.GradeA}
		p.MaxLength = min(uint64(b.Family.Bits()), uint64(b.Len)+uint64(r.IntN(3)))
		in.Ledger = append(in.Ledger, p)
		if p.Grade = record.GradeNone; r.IntN(10) == 0 {
			p.AS++
		}
		in.RPKI = append(in.RPKI, p)
	}
	seen := make(map[rib.Route]bool, driftRoutes)
	for len(in.Routes) < driftRoutes {
		at := r.IntN(len(blocks))
		route := rib.Route{Prefix: blocks[at], Origin: uint32(1000 + at%80_000)}
		if r.IntN(8) == 0 {
			route.Origin++
		}
		for range r.IntN(4) {
			route.Prefix = half(r, route.Prefix)
		}
		if !seen[route] {
			seen[route] = true
			in.Routes = append(in.Routes, route)
		}
	}
	return in
}

// half is one half of a block, or the block where there is none.
func half(r *rand.Rand, b wire.Resource) wire.Resource {
	low, high, ok := inr.Halves(b)
	if !ok || r.IntN(2) == 0 {
		return low
	}
	return high
}

func tableText(routes []rib.Route) []byte {
	var b bytes.Buffer
	for _, r := range routes {
		fmt.Fprintf(&b, "%v\t%d\n", r.Prefix, r.Origin)
	}
	return b.Bytes()
}

// splitLines reads lines as whoever needs no account of them would.
func splitLines(text []byte) error {
	for line := range bytes.Lines(text) {
		prefix, origin, _ := bytes.Cut(bytes.TrimSpace(line), []byte("\t"))
		if _, err := netip.ParsePrefix(string(prefix)); err != nil {
			return err
		}
		if _, err := strconv.ParseUint(string(origin), 10, 32); err != nil {
			return err
		}
	}
	return nil
}

func newTrie(list []vrp.Payload) *bart.Table[[]vrp.Payload] {
	t := new(bart.Table[[]vrp.Payload])
	for _, p := range list {
		t.Modify(p.Prefix.Prefix(), func(have []vrp.Payload, _ bool) ([]vrp.Payload, bool) { return append(have, p), false })
	}
	return t
}

// statesByTries is the states of all routes by both lists, with a trie for each.
func statesByTries(in drift.Input) (out [drift.States][drift.States]int) {
	ledger, rpki := newTrie(in.Ledger), newTrie(in.RPKI)
	for _, r := range in.Routes {
		out[stateByTrie(ledger, r)][stateByTrie(rpki, r)]++
	}
	return out
}

func stateByTrie(t *bart.Table[[]vrp.Payload], r rib.Route) drift.State {
	state := drift.Unknown
	for _, list := range t.Supernets(r.Prefix.Prefix()) {
		if state == drift.Unknown {
			state = drift.InvalidOrigin
		}
		for _, p := range list {
			if p.AS != uint64(r.Origin) || r.Origin == rib.NONE {
				continue
			}
			if uint64(r.Prefix.Len) <= p.MaxLength {
				return drift.Valid
			}
			state = drift.InvalidLength
		}
	}
	return state
}

func mib(bytes uint64) float64 { return float64(bytes) / (1 << 20) }

// allocated is the MiB that a function allocates, whatever is collected meanwhile.
func allocated(run func()) float64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return mib(after.TotalAlloc - before.TotalAlloc)
}
