package local_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
	"ipledger/testnet/local"
)

var binary string // ipledgerd, built by TestMain

func TestMain(m *testing.M) { os.Exit(mainTest(m)) }

func mainTest(m *testing.M) int {
	dir, err := os.MkdirTemp("", "ipledgerd-*")
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "ipledgerd")
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", binary, "ipledger/cmd/ipledgerd").CombinedOutput(); err != nil {
		fmt.Printf("build ipledgerd: %v\n%s", err, out)
		return 1
	}
	if err := flag.Set("test.parallel", "4"); err != nil { // networks that mostly wait
		fmt.Println(err)
		return 1
	}
	return m.Run()
}

// net is a network under test.
type net struct {
	*local.Network
	t *testing.T
}

const full = 4 // the full node, after four validators

// start runs four validators and a full node until the test ends.
func start(t *testing.T, o local.Options) net {
	t.Helper()
	if o.Home == "" {
		o.Home = t.TempDir()
	}
	o.Binary, o.FullNodes, o.Tell = binary, 1, func(line string) { t.Log(line) }
	n, err := local.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Stop(); err != nil {
			t.Error(err)
		}
	})
	return net{n, t}
}

func (n net) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}

// patience is long enough for a machine that does much else.
const patience = 3 * time.Minute

func (n net) soon() context.Context {
	ctx, cancel := context.WithTimeout(n.t.Context(), patience)
	n.t.Cleanup(cancel)
	return ctx
}

func (n net) status(i int) local.Status {
	n.t.Helper()
	s, err := n.Status(n.soon(), i)
	n.must(err)
	return s
}

// eventually fails the test unless done becomes true.
func (n net) eventually(what string, done func() bool) {
	n.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if done() {
			return
		}
	}
	n.t.Fatalf("waited %v for %s", patience, what)
}

// transfer moves a block between two accounts through node i, and gives the ids
// of both acts.
func (n net) transfer(i int, block, from, to string) (offer, accept wire.Hash) {
	n.t.Helper()
	ctx := n.soon()
	res, err := inr.Parse(block)
	n.must(err)
	buyer, err := n.Account(to)
	n.must(err)
	value, err := n.Dealing(ctx, i, res)
	n.must(err)
	offer, _, err = n.Do(ctx, i, from, 0, &tx.TransferOffer{Resource: res, To: buyer.ID, Value: value, Until: uint64(time.Now().Add(time.Hour).Unix())})
	n.must(err)
	accept, _, err = n.Do(ctx, i, to, 0, &tx.TransferAccept{Offer: offer, Resource: res, Value: value})
	n.must(err)
	return offer, accept
}

// appHash is what node i says of the state after the block at height.
func (n net) headerHash(i int, height uint64) string {
	n.t.Helper()
	var b struct {
		Hash string `json:"header_hash"`
	}
	n.must(n.Get(n.soon(), i, fmt.Sprintf("/v1/blocks/%d", height), &b))
	return b.Hash
}

// level waits until all nodes have the block after the newest, and compares
// their headers, which carry the root of the state before it.
func (n net) level() {
	n.t.Helper()
	target := uint64(0)
	for i := range 5 {
		if s, err := n.Status(n.soon(), i); err == nil {
			target = max(target, s.Height+1)
		}
	}
	hashes := map[string]bool{}
	for i := range 5 {
		n.eventually(fmt.Sprintf("node %d to reach height %d", i, target), func() bool {
			s, err := n.Status(n.soon(), i)
			return err == nil && s.Height >= target
		})
		hashes[n.headerHash(i, target)] = true
	}
	if len(hashes) != 1 {
		n.t.Errorf("at height %d the nodes have headers %v", target, hashes)
	}
}

// TestNetwork is the life of a network: a transfer, its proof, a quiet time, the
// death of one and of all.
func TestNetwork(t *testing.T) {
	t.Parallel()
	n := start(t, local.Options{Heartbeat: 2})
	t.Run("a transfer through the full node is final on all", func(t *testing.T) { net{n.Network, t}.aTransfer() })
	t.Run("a proof of another node verifies offline, and no other bytes do", func(t *testing.T) { net{n.Network, t}.aProof() })
	t.Run("a quiet network changes nothing", func(t *testing.T) { net{n.Network, t}.aQuietTime() })
	t.Run("two holders swap blocks as one bundle, handed in at two nodes", func(t *testing.T) { net{n.Network, t}.aSwap() })
	t.Run("a bundle of which one act fails undoes the other, and a part of one is never final", func(t *testing.T) { net{n.Network, t}.noSwap() })
	t.Run("a lease ends while nothing else happens", func(t *testing.T) { net{n.Network, t}.aLeaseEnds() })
	t.Run("one validator dies and comes back", func(t *testing.T) { net{n.Network, t}.aDeath() })
	t.Run("one validator is rolled back and fetches what it lost", func(t *testing.T) { net{n.Network, t}.aRollback() })
	t.Run("all die, and every acknowledged act is there", func(t *testing.T) { net{n.Network, t}.allDie() })
}

func (n net) aTransfer() {
	begun := time.Now()
	_, accept := n.transfer(full, "5.44.7.0/24", "nordlicht", "sakura")
	heights := map[uint64]bool{}
	for i := range 5 {
		h, err := n.Done(n.soon(), i, accept)
		n.must(err)
		heights[h] = true
	}
	n.t.Logf("offer and acceptance final on all nodes after %v", time.Since(begun).Round(time.Millisecond))
	if len(heights) != 1 {
		n.t.Errorf("final at heights %v", heights)
	}
}

func (n net) aProof() {
	raw, err := n.Fetch(n.soon(), 1, "/v1/resources/5.44.7.0/24?proof=1")
	n.must(err)
	file, err := os.ReadFile(n.File.TrustFile)
	n.must(err)
	trust, err := light.TrustFromBytes(file)
	n.must(err)
	v, err := light.Verify(raw, trust)
	n.must(err)
	buyer, err := n.Account("sakura")
	n.must(err)
	if v.Resource == nil || v.Resource.Possessor != buyer.ID || !strings.Contains(v.Statement, buyer.ID.String()) {
		n.t.Fatalf("the proof says %q, the buyer is %v", v.Statement, buyer.ID)
	}
	// One bit of every byte; the tests of both verifiers turn every bit of a file.
	var all sync.WaitGroup
	var taken atomic.Int64
	workers := runtime.NumCPU()
	for w := range workers {
		all.Go(func() {
			flipped := append([]byte{}, raw...)
			for at := w; at < len(raw); at += workers {
				flipped[at] ^= 1 << (at % 8)
				if _, err := light.Verify(flipped, trust); err == nil {
					taken.Add(1)
				}
				flipped[at] ^= 1 << (at % 8)
			}
		})
	}
	all.Wait()
	if taken.Load() != 0 {
		n.t.Errorf("%d of %d files with one flipped bit verify", taken.Load(), len(raw))
	}
}

func (n net) aQuietTime() {
	began, before := time.Now(), n.status(0)
	after := before
	n.eventually("three blocks of nobody's acts", func() bool {
		after = n.status(0)
		return after.Height >= before.Height+3
	})
	most := uint64(time.Since(began)/(2*time.Second)) + 1
	if blocks := after.Height - before.Height; blocks > most {
		n.t.Errorf("%d blocks in %v, want %d at most", blocks, time.Since(began), most)
	}
	if after.AppHash != before.AppHash {
		n.t.Errorf("the application hash went from %v to %v with nothing done", before.AppHash, after.AppHash)
	}
}

func (n net) aDeath() {
	n.must(n.Kill(3))
	n.transfer(0, "5.44.8.0/24", "nordlicht", "sakura")
	n.must(n.Restart(n.soon(), 3))
	n.level()
}

func (n net) aRollback() {
	n.must(n.Kill(2))
	home := n.File.Nodes[2].Home
	out, err := exec.Command(binary, "rollback", "--home", home, "--blocks", "2").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "the node is at height") {
		n.t.Fatalf("%v\n%s", err, out)
	}
	n.must(n.Restart(n.soon(), 2))
	n.level()
}

func (n net) allDie() {
	ctx := n.soon()
	var ids []wire.Hash
	for i := range 10 {
		node := []int{full, 2}[i%2]
		name := []string{"tulpe", "kiwi"}[i%2]
		act, err := n.Make(ctx, node, name, 1+i/2, &tx.OriginAuthorise{
			Resource: parse(n.t, []string{"31.20.0.0/17", "36.248.0.0/19"}[i%2]), MaxLength: 24, AS: uint64(64512 + i),
		})
		n.must(err)
		id, err := n.Submit(ctx, node, act)
		n.must(err)
		ids = append(ids, id)
	}
	for i := range 5 {
		n.must(n.Kill(i))
	}
	for i := range 5 {
		n.must(n.Restart(ctx, i))
	}
	for i := range 5 {
		for _, id := range ids {
			if _, err := n.Done(n.soon(), i, id); err != nil {
				n.t.Errorf("node %d: %v", i, err)
			}
		}
	}
}

func parse(t *testing.T, text string) wire.Resource {
	t.Helper()
	r, err := inr.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
