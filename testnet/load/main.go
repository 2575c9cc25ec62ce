// Command load measures ipledger: each benchmark prints progress to standard
// error and one JSON object on one line to standard output, both sides of every
// ratio measured in the same run.
//
//	go run ./testnet/load state       the state tree at a million resources
//	go run ./testnet/load replay      a chain applied from its acts, beside raw signature recovery
//	go run ./testnet/load audit       ipledger audit over an archive of 200,000 acts, in turns with raw signature recovery
//	go run ./testnet/load faults      what ipledger audit finds in chains of 200,000 acts with a fault each
//	go run ./testnet/load history     proofs of the past on 350,000 records, two at a time
//	go run ./testnet/load rtr         whole sets of route payloads to 1, 10 and 50 routers
//	go run ./testnet/load rdap        look-ups of random entries, beside a bare handler of as many bytes
//	go run ./testnet/load drift       a million routes against 600,000 payloads on each side, beside tries
//	go run ./testnet/load whois       WHOIS queries for records drawn evenly, beside a bare handler
//	go run ./testnet/load irr         routes by origin, beside a bare handler
//	go run ./testnet/load throughput  four validators as separate processes
//	go run ./testnet/load fair        a modest account alone, and beside one with a million acts
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"syscall"
	"time"
)

// benches are the benchmarks there are.
var benches = map[string]func() (any, error){
	"audit":      auditBench,
	"drift":      driftBench,
	"fair":       fair,
	"faults":     faults,
	"history":    historyBench,
	"rdap":       rdapBench,
	"irr":        irrBench,
	"replay":     replay,
	"rtr":        rtrBench,
	"state":      state,
	"throughput": throughput,
	"whois":      whoisBench,
}

// gcPercent lets the heap grow to five times what is in use between two
// collections, on both sides of every ratio: a state of a million records is
// some hundred megabytes that a collection would walk through for nothing.
const gcPercent = 400

func main() {
	if len(os.Args) != 2 || benches[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: load state|replay|audit|faults|history|rdap|rtr|drift|whois|irr|throughput|fair")
		os.Exit(2)
	}
	if os.Getenv(validatorConfig) == "" { // a validator runs as it is shipped
		debug.SetGCPercent(gcPercent)
	}
	result, err := benches[os.Args[1]]()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	line, err := json.Marshal(result)
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
	fmt.Println(string(line))
}

// Figures are what every benchmark prints.
type Figures struct {
	Bench     string  `json:"bench"`
	Ours      float64 `json:"ours"`
	Reference float64 `json:"reference"`
	Ratio     float64 `json:"ratio"`
	Unit      string  `json:"unit"`
	N         int     `json:"n"`
	Machine   string  `json:"machine"`
}

func machine() string {
	return fmt.Sprintf("%s/%s, %d processors, %s", runtime.GOOS, runtime.GOARCH, runtime.GOMAXPROCS(0), runtime.Version())
}

// say tells what goes on.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// rounds is how often each side is measured; the median counts.
const rounds = 5

// side is what a ratio compares. Only run is timed; before and after may be nil.
type side struct{ before, run, after func() error }

// seconds is what a run took by the clock and of all processors.
func (s side) seconds() (took, busy float64, err error) {
	if s.before != nil {
		if err := s.before(); err != nil {
			return 0, 0, err
		}
	}
	runtime.GC()
	begun, used := time.Now(), spent()
	err = s.run()
	took, busy = time.Since(begun).Seconds(), (spent() - used).Seconds()
	if s.after != nil {
		err = errors.Join(err, s.after())
	}
	return took, busy, err
}

// spent is the time that processors have spent in this process, and in those that
// it started and that have ended.
func spent() (all time.Duration) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if err := syscall.Getrusage(who, &u); err != nil {
			return 0
		}
		all += time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	return all
}

// median measures the sides in turn, so that what else the machine does meets
// all alike, and gives the median seconds of each.
func median(sides ...side) ([]float64, error) {
	took, _, err := medians(sides...)
	return took, err
}

// medians is median, and the median seconds of all processors beside it.
func medians(sides ...side) (took, busy []float64, err error) {
	all := make([][2][]float64, len(sides))
	for round := range rounds {
		text := ""
		for i, side := range sides {
			seconds, spent, err := side.seconds()
			if err != nil {
				return nil, nil, err
			}
			all[i][0], all[i][1] = append(all[i][0], seconds), append(all[i][1], spent)
			text += fmt.Sprintf("  %.3f s (%.3f s)", seconds, spent)
		}
		say("round %d of %d, by the clock and of the processors:%s", round+1, rounds, text)
	}
	for i := range all {
		slices.Sort(all[i][0])
		slices.Sort(all[i][1])
		took, busy = append(took, all[i][0][rounds/2]), append(busy, all[i][1][rounds/2])
	}
	return took, busy, nil
}
