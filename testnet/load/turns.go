package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/wire"
)

// turn is how long a program works before it is stopped for as long and the
// reference works instead: short beside what else a machine does, so that it meets
// both alike, and long beside the stopping.
const turn = 200 * time.Millisecond

// spell is what one side did in all its turns.
type spell struct {
	n          int
	took, busy time.Duration // by the clock, and of all processors
}

// rate is how many it did in a second.
func (s spell) rate() float64 { return float64(s.n) / s.took.Seconds() }

// inTurns runs a program to its end, and the reference whenever it is stopped. peak is
// the most memory the program had, in MiB, when it was last stopped.
func inTurns(cmd *exec.Cmd, r *recovery) (program, reference spell, peak float64, err error) {
	if err := cmd.Start(); err != nil {
		return program, reference, 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		begun := time.Now()
		select {
		case err = <-ended:
			program.took += time.Since(begun)
			program.busy = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			return program, reference, peak, err
		case <-time.After(turn):
		}
		_ = cmd.Process.Signal(syscall.SIGSTOP) // refused where it has ended
		program.took += time.Since(begun)
		peak = max(peak, highWater(cmd.Process.Pid))
		if failed := r.work(turn, &reference); failed != nil {
			return program, reference, peak, errors.Join(failed, cmd.Process.Kill())
		}
		_ = cmd.Process.Signal(syscall.SIGCONT)
	}
}

// highWater is the most memory that a running process has had, in MiB, 0 where the
// system does not tell. What a process used when it has ended is no such figure: it
// counts what its parent had when it began.
func highWater(pid int) float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, after, ok := strings.Cut(string(raw), "VmHWM:")
	var kib float64
	if err != nil || !ok {
		return 0
	}
	if _, err := fmt.Sscan(after, &kib); err != nil {
		return 0
	}
	return kib / 1024
}

// recovery is the reference: the recovery of every key and nothing else, over and
// over, on as many goroutines as there are processors.
type recovery struct {
	digests []wire.Hash
	sigs    [][65]byte
	next    atomic.Int64
}

// work recovers keys for some time, and adds to what it did.
func (r *recovery) work(d time.Duration, s *spell) error {
	begun, used := time.Now(), usage(syscall.RUSAGE_SELF)
	var all sync.WaitGroup
	var n atomic.Int64
	var failed atomic.Pointer[error]
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for time.Since(begun) < d && failed.Load() == nil {
				if err := r.some(); err != nil {
					failed.Store(&err)
				}
				n.Add(chunk)
			}
		})
	}
	all.Wait()
	s.n += int(n.Load())
	s.took += time.Since(begun)
	s.busy += usage(syscall.RUSAGE_SELF) - used
	if err := failed.Load(); err != nil {
		return *err
	}
	return nil
}

// some recovers the next chunk of keys.
func (r *recovery) some() error {
	from := int(r.next.Add(chunk))
	for i := from; i < from+chunk; i++ {
		at := i % len(r.digests)
		if _, err := crypto.Ecrecover(r.digests[at][:], r.sigs[at][:]); err != nil {
			return err
		}
	}
	return nil
}
