// Command load measures ipledger: each benchmark prints progress to standard
// error and one JSON object on one line to standard output, both sides of every
// ratio measured in the same run.
//
//	go run ./testnet/load state       the state tree at a million resources
//	go run ./testnet/load replay      a chain applied from its acts, beside raw signature recovery
//	go run ./testnet/load throughput  four validators as separate processes
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"
)

// benches are the benchmarks there are.
var benches = map[string]func() (any, error){
	"replay": replay,
}

func main() {
	if len(os.Args) != 2 || benches[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: load state|replay|throughput")
		os.Exit(2)
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

// median measures both sides in turn, so that what else the machine does meets
// both alike, and gives the median seconds of each.
func median(sides ...func() error) ([]float64, error) {
	took := make([][]float64, len(sides))
	for round := range rounds {
		for i, side := range sides {
			runtime.GC()
			begun := time.Now()
			if err := side(); err != nil {
				return nil, err
			}
			took[i] = append(took[i], time.Since(begun).Seconds())
		}
		say("round %d of %d: %s", round+1, rounds, latest(took))
	}
	out := make([]float64, len(sides))
	for i := range took {
		slices.Sort(took[i])
		out[i] = took[i][rounds/2]
	}
	return out, nil
}

func latest(took [][]float64) (text string) {
	for _, side := range took {
		text += fmt.Sprintf("%.3f s  ", side[len(side)-1])
	}
	return text
}
