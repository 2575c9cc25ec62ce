package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"

	"ipledger/node"
	"ipledger/node/serve"
)

// A validator of the benchmark is this program in a process of its own, told so
// by its environment.
const (
	validatorConfig = "IPLEDGER_LOAD_VALIDATOR"
	// validatorProfile names a file for a profile of the processor's time between
	// the first full block and the end.
	validatorProfile = "IPLEDGER_LOAD_PROFILE"
)

// order is what a validator is told.
type order struct {
	Node    node.Config
	Serve   serve.Config
	TellIDs bool // print the ids of the acts of each block
}

// beValidator runs one node until its standard input ends. It prints a line when
// it serves, and one for each block.
func beValidator(raw []byte) error {
	var o order
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	n, err := node.New(o.Node, log)
	if err != nil {
		return err
	}
	defer n.Close()
	if o.Serve.HTTP, err = n.Serve(o.Serve, "load"); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	signal.Ignore(syscall.SIGINT) // the parent ends its validators
	go func() {
		_, _ = os.Stdin.Read(make([]byte, 1))
		cancel()
	}()
	t := &teller{n: n, ids: o.TellIDs, out: bufio.NewWriter(os.Stdout), profile: os.Getenv(validatorProfile)}
	n.Attach("teller", t.run)
	t.say("serving %s", o.Serve.HTTP)
	defer pprof.StopCPUProfile()
	return n.Run(ctx)
}

// teller prints what becomes final.
type teller struct {
	n       *node.Node
	ids     bool
	out     *bufio.Writer
	profile string
}

func (t *teller) say(format string, args ...any) {
	fmt.Fprintf(t.out, format+"\n", args...)
	t.out.Flush()
}

func (t *teller) run(ctx context.Context) error {
	news, stop := t.n.Subscribe()
	defer stop()
	told := t.n.View().Head.Height
	for {
		select {
		case <-ctx.Done():
			return nil
		case view := <-news:
			at := time.Now()
			for ; told < view.Head.Height; told++ {
				if err := t.tell(told+1, at); err != nil {
					return err
				}
			}
		}
	}
}

// fullBlock is how many acts a block has under load.
const fullBlock = 500

func (t *teller) tell(height uint64, at time.Time) error {
	block, err := t.n.Store().BlockAt(height)
	if err != nil {
		return err
	}
	var ids strings.Builder
	if t.ids {
		acts, err := t.n.Store().ActsAt(height)
		if err != nil {
			return err
		}
		for _, a := range acts {
			ids.Write(a.ID[:8])
		}
	}
	t.say("block %d %d %d %d %d %x", height, at.UnixNano(), block.Acts, usage(syscall.RUSAGE_SELF).Microseconds(), t.n.Health().PoolActs, ids.String())
	if block.Acts >= fullBlock && t.profile != "" {
		file, err := os.Create(t.profile)
		if err != nil {
			return err
		}
		t.profile = ""
		return pprof.StartCPUProfile(file)
	}
	return nil
}

// usage is the processor's time that this process or thread has used.
func usage(whose int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(whose, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
