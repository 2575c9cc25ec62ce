package main

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// How the benchmark goes: a modest account submits an act when the one before is
// final and a pause is over, alone and then beside a flooder.
const (
	modestWho, floodWho = 0, 1
	modestActs          = 120
	// floodActs are signed beforehand, one for fifty of a million: more never leave
	// their author's hands while the modest account is measured.
	floodActs = 20_000
	// floodWaiting is how many of them are on their way at one time: sixteen in the
	// pool and the rest in the side buffer, of which one account has an eighth.
	floodWaiting = 5_000
	// pauseMost is the longest pause; the pauses are spread evenly, so that acts
	// meet a block at all of its stages.
	pauseMost = 700 * time.Millisecond
)

// fairFigures is what the benchmark prints. Blocks count from the newest block when
// an act is submitted to the one it is in; 1 is the next.
type fairFigures struct {
	Figures
	AloneP50   uint64 `json:"alone_p50_blocks"`
	AloneP95   uint64 `json:"alone_p95_blocks"`
	BesideP50  uint64 `json:"beside_p50_blocks"`
	BesideP95  uint64 `json:"beside_p95_blocks"`
	BesideMost uint64 `json:"beside_most_blocks"`
	Raise      int64  `json:"p95_raise_blocks"`
	// AloneMillis and BesideMillis are the same from submission to finality.
	AloneMillis  float64 `json:"alone_p95_ms"`
	BesideMillis float64 `json:"beside_p95_ms"`
	FloodSent    int     `json:"flood_published"`
	// FloodFinal is how many of them became final while the modest account was
	// measured, and FloodFirst before, in so many blocks.
	FloodFirst  int    `json:"flood_final_before"`
	FloodFinal  int    `json:"flood_final_beside"`
	FloodBlocks uint64 `json:"flood_blocks_beside"`
	FloodScale  string `json:"flood_scale"`
}

// fair measures in how many blocks an account's acts are included, alone and beside
// another that keeps as many acts on their way as it may. Acts cost no credit.
func fair() (any, error) {
	return withFleet(func(f *fleet, c *carrier) (any, error) {
		t := &trial{f: f, c: c}
		alone, aloneTook, err := t.modest(0)
		if err != nil {
			return nil, err
		}
		floods, stop, err := t.beFlooded()
		if err != nil {
			return nil, err
		}
		first, since := t.finalOf(floods), t.f.newest()
		beside, besideTook, err := t.modest(modestActs)
		final, until := t.finalOf(floods), t.f.newest()
		sent, failed := stop()
		if err := errors.Join(err, failed); err != nil {
			return nil, err
		}
		out := fairFigures{
			AloneP50: blocksAt(alone, 50), AloneP95: blocksAt(alone, 95), BesideP50: blocksAt(beside, 50), BesideP95: blocksAt(beside, 95),
			BesideMost: slices.Max(beside), AloneMillis: millis(quantile(aloneTook, 95)), BesideMillis: millis(quantile(besideTook, 95)),
			FloodSent: sent, FloodFirst: first, FloodFinal: final - first, FloodBlocks: until - since,
			FloodScale: fmt.Sprintf("%d of a million acts signed, %d on their way at one time", floodActs, floodWaiting),
		}
		out.Raise = int64(out.BesideP95) - int64(out.AloneP95)
		out.Figures = Figures{"fair", float64(out.BesideP95), float64(out.AloneP95), float64(out.BesideP95) / float64(out.AloneP95), "blocks", modestActs, machine()}
		return out, nil
	})
}

func blocksAt(of []uint64, percent int) uint64 {
	slices.Sort(of)
	return of[min(len(of)*percent/100, len(of)-1)]
}

// modest submits the modest account's acts from a turn on, and gives for each how
// many blocks and how much time it took.
func (t *trial) modest(from int) (blocks []uint64, took []time.Duration, err error) {
	for i := range modestActs {
		a, err := t.f.crowd.turn(modestWho, from+i)
		if err != nil {
			return nil, nil, err
		}
		time.Sleep(pauseMost * time.Duration(i*37%modestActs) / modestActs)
		before := t.f.newest()
		d, err := t.submit(i%fleetSize, a)
		if err != nil {
			return nil, nil, err
		}
		blocks, took = append(blocks, t.f.heightOf(a)-before), append(took, d)
	}
	say("modest account: blocks %v", blocks)
	return blocks, took, nil
}

// finalOf is how many of some acts are final.
func (t *trial) finalOf(acts []signed) (n int) {
	for _, a := range acts {
		if _, ok := t.f.finalAt(a); ok {
			n++
		}
	}
	return n
}

// beFlooded lets the flooder go on until it is stopped.
func (t *trial) beFlooded() (acts []signed, stop func() (sent int, err error), err error) {
	acts = make([]signed, floodActs)
	if err := onAll(floodActs, func(i int) (err error) {
		acts[i], err = t.f.crowd.turn(floodWho, i)
		return err
	}); err != nil {
		return nil, nil, err
	}
	base, err := t.f.finalCount()
	if err != nil {
		return nil, nil, err
	}
	p := &pump{t: t, acts: acts, base: base, again: true, limit: func(time.Duration, int) int { return floodWaiting }}
	if err := p.run(warmSeconds * time.Second); err != nil {
		return nil, nil, err
	}
	done, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- p.until(done) }()
	return acts, func() (sent int, err error) {
		close(done)
		err = <-ended
		return p.sent, err
	}, nil
}

// until publishes until it is told to stop.
func (p *pump) until(done <-chan struct{}) error {
	for {
		select {
		case <-done:
			return nil
		default:
		}
		if err := p.run(time.Second); err != nil {
			return err
		}
	}
}
