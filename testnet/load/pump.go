package main

import (
	"errors"
	"time"
)

// pump publishes acts in their order, as many as it may.
type pump struct {
	t    *trial
	acts []signed
	base int // acts that were final before
	// limit is how many acts may be on their way (or, for an open pump, how many
	// may be published now), after so long and with so many published.
	limit func(since time.Duration, sent int) int
	open  bool
	again bool // publish again what is not final

	sent     int
	times    []time.Time // when each was published
	from, to int         // published within the window
	counted  int         // final within the window
	oldest   int         // all before it are final
	repeated time.Time
	begun    time.Time
}

// pumpPause is between two looks at what became final.
const pumpPause = 5 * time.Millisecond

var errSpent = errors.New("the acts that were signed beforehand are spent: raise their number")

// run publishes for a while.
func (p *pump) run(length time.Duration) error {
	if p.begun.IsZero() {
		p.begun = time.Now()
	}
	said := time.Now()
	for end := time.Now().Add(length); time.Now().Before(end); time.Sleep(pumpPause) {
		final, err := p.t.f.finalCount()
		if err != nil {
			return err
		}
		if err := p.publish(final - p.base); err != nil {
			return err
		}
		if err := p.repeat(); err != nil {
			return err
		}
		if time.Since(said) > 5*time.Second {
			_, pool := p.t.f.processor()
			say("  %6d published, %6d final, %d in the fullest pool", p.sent, final-p.base, pool)
			said = time.Now()
		}
	}
	return nil
}

func (p *pump) publish(final int) error {
	room := p.limit(time.Since(p.begun), p.sent)
	if !p.open {
		room -= p.sent - final
	}
	for ; room >= perMessage; room -= perMessage {
		if p.sent+perMessage > len(p.acts) {
			return errSpent
		}
		now := time.Now()
		if err := p.t.c.publish(p.acts[p.sent : p.sent+perMessage]); err != nil {
			return err
		}
		for range perMessage {
			p.times = append(p.times, now)
		}
		p.sent += perMessage
	}
	return nil
}

// repeat publishes again what was published a while ago and is not final.
func (p *pump) repeat() error {
	if !p.again || time.Since(p.repeated) < againEvery {
		return nil
	}
	p.repeated = time.Now()
	for p.oldest < p.sent {
		if _, ok := p.t.f.finalAt(p.acts[p.oldest]); !ok {
			break
		}
		p.oldest++
	}
	var due []signed
	for i := p.oldest; i < p.sent && len(due) < againMax; i++ {
		if time.Since(p.times[i]) < againAfter {
			continue
		}
		if _, ok := p.t.f.finalAt(p.acts[i]); !ok {
			due = append(due, p.acts[i])
			p.times[i] = time.Now()
		}
	}
	for ; len(due) > 0; due = due[min(perMessage, len(due)):] {
		if err := p.t.c.publish(due[:min(perMessage, len(due))]); err != nil {
			return err
		}
	}
	return nil
}

// measure publishes for so many seconds and gives the rate at which acts became
// final.
func (p *pump) measure(seconds int) (float64, error) {
	before, err := p.t.f.finalCount()
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	p.from = p.sent
	if err := p.run(time.Duration(seconds) * time.Second); err != nil {
		return 0, err
	}
	p.to = p.sent
	after, err := p.t.f.finalCount()
	p.counted = after - before
	return float64(p.counted) / time.Since(begun).Seconds(), err
}

// latencies are those of the acts published and final within the window.
func (p *pump) latencies() (out []time.Duration) {
	for i := p.from; i < p.to; i++ {
		if at, ok := p.t.f.finalAt(p.acts[i]); ok {
			out = append(out, at.Sub(p.times[i]))
		}
	}
	return out
}

// drain waits until all is final.
func (p *pump) drain() error {
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		final, err := p.t.f.finalCount()
		if err != nil || final-p.base >= p.sent {
			return err
		}
	}
	final, _ := p.t.f.finalCount()
	say("  %d of %d acts are not final a minute later", p.sent-(final-p.base), p.sent)
	return nil
}
