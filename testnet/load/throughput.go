package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// How the benchmark goes.
const (
	loneActs     = 15 // each on an idle chain
	backActs     = 60 // each when the one before is final
	warmSeconds  = 5  // before the window opens
	fullSeconds  = 60 // the window, unless the environment says otherwise
	floodSeconds = 20
	// outstanding is how many acts are on their way at one time in the window.
	outstanding = 9000
	// expected bounds the acts that are signed beforehand, by the second.
	expected = 6500
	// A full node publishes again what is not final, so many at a time.
	againAfter = 3 * time.Second
	againMax   = 1000
	againEvery = 500 * time.Millisecond

	windowSeconds = "IPLEDGER_LOAD_SECONDS"
)

// throughputFigures is what the benchmark prints. Latencies run from the
// submission of an act to the moment when the last of the four validators has
// committed it.
type throughputFigures struct {
	Figures
	ActsPerSecond  float64 `json:"acts_per_second"`
	P50            float64 `json:"p50_ms"`
	P99            float64 `json:"p99_ms"`
	LoneP50        float64 `json:"lone_p50_ms"`
	BackToBackP50  float64 `json:"back_to_back_p50_ms"`
	OverloadShare  float64 `json:"overload_share"`
	SignatureShare float64 `json:"signature_share"`
	RecoverMicros  float64 `json:"recover_us"`
	// NodeMicros is the processor's time of one validator for one act.
	NodeMicros float64 `json:"cpu_us_per_act_and_node"`
	Path       string  `json:"path"`
	Load       string  `json:"load_average"`
}

const path = "window and overload: a libp2p peer publishes 50 acts a message to four validators' gossip topic; lone and back to back: POST /v1/acts to one validator in turn"

// throughput loads four validators, each a process, as far as they go. The
// reference is what the processors could do if validators did nothing but
// recover each act's key once each.
func throughput() (any, error) {
	return withFleet(func(f *fleet, c *carrier) (any, error) {
		return (&trial{f: f, c: c, seconds: seconds()}).run()
	})
}

// withFleet runs a benchmark over four validators, or is one of them.
func withFleet(bench func(*fleet, *carrier) (any, error)) (any, error) {
	if raw := os.Getenv(validatorConfig); raw != "" {
		return nil, beValidator([]byte(raw))
	}
	dir, err := os.MkdirTemp("", "ipledger-load-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	c, err := newCarrier()
	if err != nil {
		return nil, err
	}
	say("making a genesis of %d accounts", crowdMax)
	f, err := newFleet(dir, c.addr)
	if err != nil {
		return nil, err
	}
	defer f.stop()
	if err := f.start(); err != nil {
		return nil, err
	}
	if err := c.join(f); err != nil {
		return nil, err
	}
	defer c.host.Close()
	return bench(f, c)
}

func seconds() int {
	if n, err := strconv.Atoi(os.Getenv(windowSeconds)); err == nil && n > 0 {
		return n
	}
	return fullSeconds
}

// trial is one run of the benchmark.
type trial struct {
	f       *fleet
	c       *carrier
	seconds int
	stock   []signed // signed and not yet published; lanes leave no act out
	out     throughputFigures
}

func (t *trial) run() (any, error) {
	t.out.Path = path
	before, err := recoverTime(t.f.crowd)
	if err != nil {
		return nil, err
	}
	for _, phase := range []func() error{t.lone, t.backToBack, t.window, t.flood} {
		if err := phase(); err != nil {
			return nil, err
		}
	}
	after, err := recoverTime(t.f.crowd)
	if err != nil {
		return nil, err
	}
	each := (before + after) / 2
	ceiling := float64(runtime.GOMAXPROCS(0)) / (fleetSize * each.Seconds())
	t.out.RecoverMicros = float64(each.Nanoseconds()) / 1e3
	t.out.SignatureShare = t.out.ActsPerSecond / ceiling
	t.out.Figures = Figures{"throughput", t.out.ActsPerSecond, ceiling, t.out.SignatureShare, "acts/s", t.out.N, machine()}
	return t.out, nil
}

// recoverTime is the mean processor's time to recover a key from a signature
// not seen before. What else the machine does meanwhile is not in it.
func recoverTime(c *crowd) (time.Duration, error) {
	const n = 10_000
	acts := make([]tx.Verified, n)
	for i := range acts {
		s, err := c.act(i)
		if err != nil {
			return 0, err
		}
		if acts[i], err = tx.VerifyWith(s.raw, c.genesis.Hash, func(wire.Hash, []byte) bool { return true }); err != nil {
			return 0, err
		}
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	begun := usage(syscall.RUSAGE_THREAD)
	for _, v := range acts {
		id, sig := v.ID(), v.Act().Signatures[0].Sig
		if _, err := crypto.Ecrecover(id[:], sig[:]); err != nil {
			return 0, err
		}
	}
	return (usage(syscall.RUSAGE_THREAD) - begun) / n, nil
}

// lone submits acts one by one, each to a chain that rests.
func (t *trial) lone() error {
	acts, err := t.f.crowd.sign(loneActs)
	if err != nil {
		return err
	}
	var took []time.Duration
	for i, a := range acts {
		for t.f.idleFor() < 1500*time.Millisecond {
			time.Sleep(100 * time.Millisecond)
		}
		d, err := t.submit(i%fleetSize, a)
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	t.out.LoneP50 = millis(quantile(took, 50))
	say("lone act: p50 %.0f ms, p99 %.0f ms", t.out.LoneP50, millis(quantile(took, 99)))
	return nil
}

// backToBack submits an act as soon as the one before is final.
func (t *trial) backToBack() error {
	acts, err := t.f.crowd.sign(backActs)
	if err != nil {
		return err
	}
	var took []time.Duration
	for i, a := range acts {
		d, err := t.submit(i%fleetSize, a)
		if err != nil {
			return err
		}
		took = append(took, d)
	}
	t.out.BackToBackP50 = millis(quantile(took, 50))
	say("back to back: p50 %.0f ms, p99 %.0f ms", t.out.BackToBackP50, millis(quantile(took, 99)))
	return nil
}

// submit posts an act to a validator and waits until it is final on all.
func (t *trial) submit(to int, a signed) (time.Duration, error) {
	done := t.f.await(a)
	begun := time.Now()
	answer, err := http.Post(t.f.procs[to].http+"/v1/acts", "application/octet-stream", bytes.NewReader(a.raw))
	if err != nil {
		return 0, err
	}
	said, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		return 0, fmt.Errorf("validator %d answers %s: %s", to, answer.Status, said)
	}
	select {
	case <-done:
		at, _ := t.f.finalAt(a)
		return at.Sub(begun), nil
	case <-time.After(30 * time.Second):
		return 0, fmt.Errorf("an act is not final after 30 s")
	}
}

// window keeps so many acts on their way for a minute, and counts.
func (t *trial) window() error {
	if err := t.stockUp(expected*(t.seconds+warmSeconds) + outstanding); err != nil {
		return err
	}
	base, err := t.f.finalCount()
	if err != nil {
		return err
	}
	p := &pump{t: t, acts: t.stock, base: base, limit: func(time.Duration, int) int { return outstanding }}
	if err := p.run(warmSeconds * time.Second); err != nil {
		return err
	}
	used, _ := t.f.processor()
	rate, err := p.measure(t.seconds)
	if err != nil {
		return err
	}
	later, _ := t.f.processor()
	t.out.Load = loadAverage()
	t.out.ActsPerSecond, t.out.N = rate, p.counted
	t.out.NodeMicros = float64((later - used).Microseconds()) / float64(p.counted) / fleetSize
	took := p.latencies()
	t.out.P50, t.out.P99 = millis(quantile(took, 50)), millis(quantile(took, 99))
	say("window: %.0f acts/s, p50 %.0f ms, p99 %.0f ms, %.0f us of processor an act and validator", rate, t.out.P50, t.out.P99, t.out.NodeMicros)
	t.stock = t.stock[p.sent:]
	return p.drain()
}

// stockUp signs acts until there are n.
func (t *trial) stockUp(n int) error {
	say("signing %d acts", max(n-len(t.stock), 0))
	more, err := t.f.crowd.sign(max(n-len(t.stock), 0))
	t.stock = append(t.stock, more...)
	return err
}

// flood offers twice what the validators have shown they can do, and publishes
// again what is not final, as full nodes do.
func (t *trial) flood() error {
	offer := 2 * t.out.ActsPerSecond
	if err := t.stockUp(int(offer * (floodSeconds + warmSeconds + 1))); err != nil {
		return err
	}
	base, err := t.f.finalCount()
	if err != nil {
		return err
	}
	begun := time.Now()
	p := &pump{t: t, acts: t.stock, base: base, again: true, limit: func(_ time.Duration, sent int) int {
		return int(offer*time.Since(begun).Seconds()) - sent + perMessage
	}}
	p.open = true
	if err := p.run(warmSeconds * time.Second); err != nil {
		return err
	}
	rate, err := p.measure(floodSeconds)
	if err != nil {
		return err
	}
	t.out.OverloadShare = rate / t.out.ActsPerSecond
	say("at %.0f acts/s offered: %.0f acts/s final, %.2f of the peak", offer, rate, t.out.OverloadShare)
	return nil
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

func quantile(of []time.Duration, percent int) time.Duration {
	if len(of) == 0 {
		return 0
	}
	slices.Sort(of)
	return of[min(len(of)*percent/100, len(of)-1)]
}

func loadAverage() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	return string(raw[:min(14, len(raw))])
}
