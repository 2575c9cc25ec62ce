package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// stopMax is how long a node may take to end in good order before it is killed:
// twice what it promises.
const stopMax = 20 * time.Second

// process is one node and its present process.
type process struct {
	planned
	o Options

	mu     sync.Mutex // guards what follows
	cmd    *exec.Cmd
	stdin  io.Closer     // the node ends when it is closed, so that no node outlives this program
	ended  chan struct{} // closed when the process has ended
	wanted bool          // its end was asked for
}

func newProcess(p planned, o Options) *process {
	ended := make(chan struct{})
	close(ended)
	return &process{planned: p, o: o, ended: ended}
}

// logName is the file that a node's log goes to.
func (p *process) logName() string { return filepath.Join(p.Home, "node.log") }

func (p *process) start(env []string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	log, err := os.OpenFile(p.logName(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(p.o.Binary, "run", "--home", p.Home, "--until-stdin-closes")
	cmd.Env = append(environment(), append(p.o.Env, env...)...)
	cmd.Stdout, cmd.Stderr = log, log
	apart(cmd)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.Name, err)
	}
	ended := make(chan struct{})
	p.cmd, p.stdin, p.ended, p.wanted = cmd, stdin, ended, false
	go p.watch(cmd, ended)
	return nil
}

// environment is that of this program without settings of a node.
func environment() (out []string) {
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "IPLEDGERD_") {
			out = append(out, e)
		}
	}
	return out
}

// watch tells of a process that ends without being asked to.
func (p *process) watch(cmd *exec.Cmd, ended chan struct{}) {
	err := cmd.Wait()
	p.mu.Lock()
	wanted := p.wanted
	p.mu.Unlock()
	if !wanted {
		how := "exit status 0"
		if err != nil {
			how = err.Error()
		}
		p.o.Tell(fmt.Sprintf("%s died (%s); the others go on; its log is %s", p.Name, how, p.logName()))
	}
	close(ended)
}

func (p *process) died() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

func (p *process) pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	return p.cmd.Process.Pid
}

// send asks the process for its end by a signal; it may have ended already.
func (p *process) send(s os.Signal) (ended <-chan struct{}, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.ended:
		return p.ended, nil
	default:
	}
	p.wanted = true
	if err := p.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return p.ended, fmt.Errorf("end %s: %w", p.Name, err)
	}
	return p.ended, nil
}

func (p *process) kill() error {
	ended, err := p.send(os.Kill)
	if err == nil {
		<-ended
	}
	return err
}

func (p *process) stop() error {
	ended, err := p.send(syscall.SIGTERM)
	if err != nil {
		return err
	}
	select {
	case <-ended:
		return nil
	case <-time.After(stopMax):
	}
	return errors.Join(fmt.Errorf("%s did not end within %v and was killed", p.Name, stopMax), p.kill())
}

// tail is the last lines of the log, for an error.
func (p *process) tail() string {
	const most = 2 << 10
	raw, err := os.ReadFile(p.logName())
	if err != nil {
		return err.Error()
	}
	return string(raw[max(0, len(raw)-most):])
}

// wait returns when the node has a final block.
func (p *process) wait(ctx context.Context) error {
	for {
		s, err := ask(ctx, p.url())
		if err == nil && s.Height > 0 {
			return nil
		}
		select {
		case <-p.died():
			return fmt.Errorf("%w: %s ended; the end of %s is:\n%s", ErrStart, p.Name, p.logName(), p.tail())
		case <-ctx.Done():
			return fmt.Errorf("%w: %s has no final block: %w; the end of %s is:\n%s", ErrStart, p.Name, ctx.Err(), p.logName(), p.tail())
		case <-time.After(100 * time.Millisecond):
		}
	}
}
