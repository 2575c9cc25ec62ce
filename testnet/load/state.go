package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store"
)

// What the state benchmark measures with.
const (
	pointEvery    = 97   // of the resources, one in so many is asked for
	blockChanges  = 1000 // changes of a block
	blocksEach    = 10   // blocks a round commits
	verifiedTimes = 3    // how often a round verifies every proof
)

// stateFigures are the state tree's. Ours, reference and ratio are of a commit
// of 1,000 changes.
type stateFigures struct {
	Figures
	ProofBytesMean  float64 `json:"proof_bytes_mean"` // of a point, with the three siblings of its subtree, without records
	ProofBytesMax   int     `json:"proof_bytes_max"`
	StepsMean       float64 `json:"steps_mean"`
	ProveMicros     float64 `json:"prove_us"`
	VerifyMicros    float64 `json:"verify_us"`
	VerifyReference float64 `json:"verify_reference_us"` // as many hashes of one node
	VerifyRatio     float64 `json:"verify_ratio"`
	CommitRatio     float64 `json:"commit_ratio"`
	EditMillis      float64 `json:"edit_ms"`          // tree and root alone
	BytesPerPrefix  float64 `json:"bytes_per_prefix"` // heap, its records included
	BuildSeconds    float64 `json:"build_seconds"`
	Leaves          int     `json:"leaves"`
}

// state measures proofs and commits on a full state with a million resources.
func state() (any, error) {
	w := newRegister(register4, register6)
	say("%d leaves, root %v", w.state.Len(), w.state.Root())
	f := stateFigures{BytesPerPrefix: w.bytesEach, BuildSeconds: w.built, Leaves: w.state.Len()}
	if err := w.proofs(&f); err != nil {
		return nil, err
	}
	return f, w.commits(&f)
}

// points are the proofs that are measured.
type points struct {
	root   wire.Hash
	keys   []tree.Key
	proofs [][]byte
	steps  []int
}

// proofs measures making and verifying point proofs.
func (w *register) proofs(f *stateFigures) error {
	p := points{root: w.state.Root()}
	for i := 0; i < len(w.resources); i += pointEvery {
		p.keys = append(p.keys, tree.ResourceKey(w.resources[i]))
	}
	n, bytes, steps := float64(len(p.keys)), 0, 0
	begun := time.Now()
	for _, k := range p.keys {
		p.proofs = append(p.proofs, w.state.Prove(k))
	}
	f.ProveMicros = micros(begun, n)
	for i, raw := range p.proofs {
		point, err := tree.VerifyPoint(p.root, p.keys[i], raw)
		if err != nil || !point.Found {
			return fmt.Errorf("the proof of %v: found %v, %w", p.keys[i], point.Found, err)
		}
		p.steps = append(p.steps, point.Steps)
		steps, bytes, f.ProofBytesMax = steps+point.Steps, bytes+len(raw), max(f.ProofBytesMax, len(raw))
	}
	f.ProofBytesMean, f.StepsMean = float64(bytes)/n, float64(steps)/n
	took, err := median(side{run: p.hash}, side{run: p.verify})
	if err != nil {
		return err
	}
	f.VerifyReference, f.VerifyMicros = took[0]/n/verifiedTimes*1e6, took[1]/n/verifiedTimes*1e6
	f.VerifyRatio = took[1] / took[0]
	return nil
}

func micros(begun time.Time, n float64) float64 { return time.Since(begun).Seconds() / n * 1e6 }

func (p *points) verify() error {
	for range verifiedTimes {
		for i, raw := range p.proofs {
			if _, err := tree.VerifyPoint(p.root, p.keys[i], raw); err != nil {
				return err
			}
		}
	}
	return nil
}

// hash is the reference: one hash of a node with two children for each step,
// each of what the one before gave.
func (p *points) hash() error {
	var node [4 + 16 + 2*32]byte
	for range verifiedTimes {
		for i, steps := range p.steps {
			size := 4 + p.keys[i].Subtree.Width()/8 + 2*32
			for range steps {
				sum := sha256.Sum256(node[:size])
				copy(node[size-32:], sum[:])
			}
		}
	}
	if node[len(node)-1] == 0 && node == [len(node)]byte{} {
		return errors.New("nothing was hashed")
	}
	return nil
}

// commits measures blocks of a thousand changes: edit, root and synced commit,
// beside a bare synced transaction of the same bytes.
func (w *register) commits(f *stateFigures) error {
	d, err := w.disk()
	if err != nil {
		return err
	}
	defer d.close()
	bare, err := newBare()
	if err != nil {
		return err
	}
	defer bare.close()
	var edits []float64
	var changes []tree.Change // of the last round: the same bytes go to the other side
	var leaves [][]tree.Leaf
	prepare := func() error { leaves = w.leaves(blocksEach); return nil }
	ours := func() error {
		for _, block := range leaves {
			begun := time.Now()
			next, made := w.edit(block)
			edits = append(edits, time.Since(begun).Seconds())
			w.height++
			b := store.Block{Height: w.height, Time: w.height, State: next, ActBearing: true, Changes: made}
			if err := d.Commit(b); err != nil {
				return err
			}
			w.state, changes = next, made
		}
		return nil
	}
	took, err := median(side{before: prepare, run: ours}, side{run: func() error { return bare.write(changes) }})
	if err != nil {
		return err
	}
	slices.Sort(edits)
	f.EditMillis, f.CommitRatio = edits[len(edits)/2]*1e3, took[0]/took[1]
	f.Figures = Figures{"state", took[0] / blocksEach * 1e3, took[1] / blocksEach * 1e3, took[0] / took[1], "ms a block of 1,000 changes", len(w.resources), machine()}
	return nil
}

// leaves are the titles that some blocks will change, none twice, each as it
// will be.
func (w *register) leaves(blocks int) [][]tree.Leaf {
	out := make([][]tree.Leaf, blocks)
	for i := range out {
		for range blockChanges {
			w.next = (w.next + stride) % len(w.resources)
			r := w.resources[w.next]
			leaf, _ := w.state.Get(tree.ResourceKey(r))
			f := wire.Own[record.Folio](leaf.Data)
			t := wire.Own[record.Title](f.Title)
			t.Counter, t.Holder = t.Counter+1, w.holders[w.next%len(w.holders)]
			f.Title, f.Previous = t.Bytes(), leaf.Value
			out[i] = append(out[i], record.FolioLeaf(r, f))
		}
	}
	return out
}

// stride and the number of resources have no common divisor.
const stride = 7919

// edit is the state after a block, with its root.
func (w *register) edit(block []tree.Leaf) (tree.State, []tree.Change) {
	e := w.state.Edit()
	for _, l := range block {
		e.Put(l)
	}
	changes := e.Changes()
	return e.Freeze(), changes
}

func (w *register) disk() (*loaded, error) {
	dir, err := os.MkdirTemp("", "ipledger-state-")
	if err != nil {
		return nil, err
	}
	s, err := store.Open(store.Options{Dir: dir, Value: record.ValueOfData, NoBallast: true})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	d := &loaded{s, dir}
	say("loading the state into a store")
	if err := s.Load(store.Base{State: w.state, Root: w.state.Root()}); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

// loaded is a store with the whole state.
type loaded struct {
	*store.Store
	dir string
}

func (d *loaded) close() error { return errors.Join(d.Close(), os.RemoveAll(d.dir)) }

// heap is the bytes in use after a collection.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
