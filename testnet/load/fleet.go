package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"ipledger/node"
	"ipledger/node/serve"
)

// fleetSize is how many validators there are.
const fleetSize = 4

// short is the first 8 bytes of an act's id.
type short [8]byte

// fleet is the validators, each a process, and what they have told.
type fleet struct {
	dir   string
	ids   []node.Identity
	cfgs  []node.Config
	procs []*vessel
	crowd *crowd

	mu     sync.Mutex
	blocks map[uint64]*told
	final  map[short]landing // acts that are final on all
	top    uint64            // the highest block that any has told of
	count  int               // acts final on all
	wait   map[short]chan struct{}
	latest time.Time // when the last block with acts was told of
	failed error
}

// landing is when the last validator had an act, and in which block it is.
type landing struct {
	at     time.Time
	height uint64
}

// told is what the validators have said of one block.
type told struct {
	by   int // how many have said that they have it
	at   time.Time
	ids  []short
	acts int
}

// vessel is one validator's process.
type vessel struct {
	cmd  *exec.Cmd
	in   io.Closer
	http string
	out  *bufio.Scanner
	cpu  time.Duration // guarded by fleet.mu, as what follows
	pool int
}

// newFleet makes the homes of the validators and their genesis. friend is a
// further peer that may publish acts.
func newFleet(dir string, friend string) (*fleet, error) {
	f := &fleet{dir: dir, blocks: map[uint64]*told{}, final: map[short]landing{}, wait: map[short]chan struct{}{}}
	var keys [][32]byte
	for i := range fleetSize {
		cfg := node.Default()
		cfg.Home = filepath.Join(dir, fmt.Sprint(i))
		cfg.EngineExchange, cfg.Ballast, cfg.LogLevel = false, false, "warn"
		id, err := node.MakeKeys(cfg.Home)
		if err != nil {
			return nil, err
		}
		if cfg.EngineListen, err = freeAddr(); err != nil {
			return nil, err
		}
		carry, err := freeAddr()
		if err != nil {
			return nil, err
		}
		cfg.Listen = []string{"/ip4/127.0.0.1/tcp/" + carry[strings.LastIndex(carry, ":")+1:]}
		keys = append(keys, id.Validator)
		f.ids, f.cfgs = append(f.ids, id), append(f.cfgs, cfg)
	}
	f.acquaint(friend)
	var err error
	if f.crowd, err = newCrowd(keys); err != nil {
		return nil, err
	}
	return f, f.init()
}

// acquaint makes the validators configured peers of each other and of friend.
func (f *fleet) acquaint(friend string) {
	for i := range f.cfgs {
		f.cfgs[i].Peers = []string{friend}
		for j, other := range f.cfgs {
			if i != j {
				f.cfgs[i].EnginePeers = append(f.cfgs[i].EnginePeers, f.ids[j].Engine+"@"+other.EngineListen)
				f.cfgs[i].Peers = append(f.cfgs[i].Peers, other.Listen[0]+"/p2p/"+f.ids[j].Peer)
			}
		}
	}
}

func (f *fleet) init() error {
	file := filepath.Join(f.dir, "genesis.json")
	g := f.crowd.genesis
	err := errors.Join(os.WriteFile(file, g.File, 0o600), os.WriteFile(filepath.Join(f.dir, g.StateName), g.StateFile, 0o600))
	for i := range f.cfgs {
		if err == nil {
			_, err = node.Init(f.cfgs[i].Home, file)
		}
	}
	return err
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// start starts the processes and waits until each serves.
func (f *fleet) start() error {
	for i := range f.cfgs {
		if err := f.launch(i); err != nil {
			return err
		}
	}
	for i, v := range f.procs {
		if !v.out.Scan() || !strings.HasPrefix(v.out.Text(), "serving ") {
			return fmt.Errorf("validator %d does not serve: %q", i, v.out.Text())
		}
		v.http = "http://" + strings.TrimPrefix(v.out.Text(), "serving ")
		go f.listen(i)
	}
	return nil
}

func (f *fleet) launch(i int) error {
	s := serve.Default()
	s.HTTP, s.RTR, s.IRR, s.Whois = "127.0.0.1:0", "", "", ""
	raw, err := json.Marshal(order{f.cfgs[i], s, i == 0})
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	v := &vessel{cmd: exec.Command(self, "throughput")}
	v.cmd.Env = append(os.Environ(), validatorConfig+"="+string(raw))
	if name := os.Getenv(validatorProfile); name != "" {
		v.cmd.Env = append(v.cmd.Env, fmt.Sprintf("%s=%s.%d", validatorProfile, name, i))
	}
	v.cmd.Stderr = os.Stderr
	out, err := v.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if v.in, err = v.cmd.StdinPipe(); err != nil {
		return err
	}
	v.out = bufio.NewScanner(out)
	v.out.Buffer(nil, 1<<20)
	if err := v.cmd.Start(); err != nil {
		return err
	}
	f.procs = append(f.procs, v)
	return nil
}

// stop ends the processes in good order, and those that hang after a while.
func (f *fleet) stop() {
	for _, v := range f.procs {
		_ = v.in.Close()
	}
	for _, v := range f.procs {
		late := time.AfterFunc(15*time.Second, func() { _ = v.cmd.Process.Kill() })
		_ = v.cmd.Wait()
		late.Stop()
	}
}

// listen takes down what a validator tells.
func (f *fleet) listen(i int) {
	v := f.procs[i]
	for v.out.Scan() {
		var height uint64
		var at, cpu int64
		var acts, pool int
		var ids string
		n, err := fmt.Sscanf(v.out.Text(), "block %d %d %d %d %d %s", &height, &at, &acts, &cpu, &pool, &ids)
		if n < 5 {
			f.fail(fmt.Errorf("validator %d says %.80q: %w", i, v.out.Text(), err))
			return
		}
		raw, _ := hex.DecodeString(ids)
		f.heard(i, height, time.Unix(0, at), acts, raw, time.Duration(cpu)*time.Microsecond, pool)
	}
}

func (f *fleet) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failed == nil {
		f.failed = err
	}
}

// heard notes a block; an act of it is final once the last validator has it.
func (f *fleet) heard(i int, height uint64, at time.Time, acts int, ids []byte, cpu time.Duration, pool int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.procs[i].cpu, f.procs[i].pool = cpu, pool
	f.top = max(f.top, height)
	b := f.blocks[height]
	if b == nil {
		b = &told{acts: acts}
		f.blocks[height] = b
	}
	for ; len(ids) >= len(short{}); ids = ids[len(short{}):] {
		b.ids = append(b.ids, short(ids))
	}
	b.by++
	if at.After(b.at) {
		b.at = at
	}
	if acts > 0 {
		f.latest = time.Now()
	}
	if b.by < fleetSize {
		return
	}
	delete(f.blocks, height)
	f.count += len(b.ids)
	for _, id := range b.ids {
		f.final[id] = landing{b.at, height}
		if c := f.wait[id]; c != nil {
			close(c)
			delete(f.wait, id)
		}
	}
}

// finalCount is how many acts are final on all validators, and what broke.
func (f *fleet) finalCount() (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count, f.failed
}

// finalAt is when an act was final on all validators.
func (f *fleet) finalAt(a signed) (time.Time, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	l, ok := f.final[short(a.id[:8])]
	return l.at, ok
}

// heightOf is the block that an act is final in.
func (f *fleet) heightOf(a signed) uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.final[short(a.id[:8])].height
}

// newest is the highest block that any validator has told of.
func (f *fleet) newest() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.top
}

// await is closed when the act is final on all validators.
func (f *fleet) await(a signed) <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := make(chan struct{})
	if _, ok := f.final[short(a.id[:8])]; ok {
		close(c)
		return c
	}
	f.wait[short(a.id[:8])] = c
	return c
}

// processor is the processor's time that all validators have used, and the
// fullest of their pools, as of their last blocks.
func (f *fleet) processor() (used time.Duration, pool int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, v := range f.procs {
		used, pool = used+v.cpu, max(pool, v.pool)
	}
	return used, pool
}

// idleFor is how long ago the last block with acts was told of.
func (f *fleet) idleFor() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return time.Since(f.latest)
}
