package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"ipledger/ledger/blocklog"
	"ipledger/ledger/wire"
)

// originsMax bounds the logs of one witness.
const originsMax = 1_000

// memory is what a witness signed last, of each origin, on disk. Whoever can
// rewrite the file can make the witness sign a contradiction.
type memory struct {
	name string
	held map[string]blocklog.Held
}

type heldShape struct {
	Origin string    `json:"origin"`
	Size   uint64    `json:"size,string"`
	Root   wire.Hash `json:"root"`
}

// openMemory reads the file; fresh makes an empty one, and refuses one that is there.
func openMemory(name string, fresh bool) (*memory, error) {
	m := &memory{name: name, held: map[string]blocklog.Held{}}
	if fresh {
		if _, err := os.Stat(name); err == nil {
			return nil, usage("%s is there: begin without --init", name)
		}
		return m, m.save()
	}
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usage("there is no memory of what this witness has signed: %s", name).
			hint("a witness that forgets can sign a contradiction: bring the file back").
			hint("if this witness has never signed anything, begin with --init")
	}
	if err != nil {
		return nil, err
	}
	var list []heldShape
	if err := json.Unmarshal(raw, &list); err != nil || len(list) > originsMax {
		return nil, fail(exitFailed, "%s is damaged (%v): bring it back from a copy that is not older", name, err)
	}
	for _, h := range list {
		m.held[h.Origin] = blocklog.Held{Size: h.Size, Root: h.Root}
	}
	return m, nil
}

// save writes the file; it is on disk when save returns.
//
// specs/25 LOG-9: A witness MUST have on disk what it is about to sign before it
// gives the cosignature away.
func (m *memory) save() error {
	list := []heldShape{}
	for origin, h := range m.held {
		list = append(list, heldShape{origin, h.Size, h.Root})
	}
	raw, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.OpenFile(m.name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(append(raw, '\n'))
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(m.name+".new", m.name); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(m.name))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// cosigner is a witness at work.
type cosigner struct {
	name string
	key  ed25519.PrivateKey
	logs map[string][]blocklog.Verifier // by origin
	now  func() time.Time

	mu     sync.Mutex // one checkpoint at a time
	memory *memory
}

// errOrigin reports a log that this witness does not watch.
var errOrigin = errors.New("this witness does not watch this log")

// add judges a request, keeps what it is about to sign, and signs it. held is
// what was signed before.
func (c *cosigner) add(r blocklog.Request) (line string, held blocklog.Held, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	origin, _, _ := bytes.Cut(r.Note, []byte("\n"))
	keys, ok := c.logs[string(origin)]
	if !ok {
		return "", held, errOrigin
	}
	held = c.memory.held[string(origin)]
	p, err := held.Judge(r, keys...)
	if err != nil {
		return "", held, err
	}
	c.memory.held[p.Origin] = blocklog.Held{Size: p.Size, Root: p.Root}
	if err := c.memory.save(); err != nil {
		c.memory.held[p.Origin] = held // what is on disk is either
		return "", held, fmt.Errorf("keep the checkpoint before it is signed: %w", err)
	}
	line, err = blocklog.NewCosigner(c.name, c.key, uint64(c.now().Unix())).Line(p)
	return line, held, err
}

// witnessKey reads a witness's key, or draws one where there is none; beside it
// stands what others know it by, in FILE.pub.
func witnessKey(file, name string) (ed25519.PrivateKey, error) {
	key, err := readWitnessKey(file)
	if err != nil {
		return nil, err
	}
	public := blocklog.WitnessOf(name, key.Public().(ed25519.PublicKey)).String() + "\n"
	return key, os.WriteFile(file+".pub", []byte(public), 0o644)
}

func readWitnessKey(name string) (ed25519.PrivateKey, error) {
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		seed := make([]byte, ed25519.SeedSize)
		rand.Read(seed) // never fails (crypto/rand)
		raw = []byte(hex.EncodeToString(seed) + "\n")
		err = writeFresh(name, raw, 0o600)
	}
	if err != nil {
		return nil, err
	}
	seed, err := hex.DecodeString(strings.TrimSuffix(string(raw), "\n"))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fail(exitFailed, "%s is no witness's key: want 64 hexadecimal digits", said(name))
	}
	return ed25519.NewKeyFromSeed(seed), nil
}
