package main

import (
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"ipledger/ledger/inr"
	"ipledger/ledger/rpki"
	"ipledger/ledger/wire"
	"ipledger/testnet/ca"
)

// registryName is where the scripts' registry stands in their values.
const registryName = "registry"

// registry is a registry with an RPKI: it certified a member, whose customer the
// member certified in turn, and a neighbour. Scripts run side by side and share it.
type registry struct {
	mu     sync.Mutex
	term   ca.Term
	anchor *ca.Authority
	top    *ca.Authority
	cas    map[string]*ca.Authority // by the names that scripts use
}

func newRegistry(t *testing.T) *registry {
	now := time.Now().UTC().Truncate(time.Second)
	r := &registry{term: ca.Term{From: now.Add(-time.Hour), Until: now.Add(24 * time.Hour)}}
	var err error
	next := func(above *ca.Authority, name string, holds ...string) (c *ca.Authority) {
		if err != nil {
			return nil
		}
		if above == nil {
			c, err = ca.Anchor(name, r.term)
		} else {
			c, err = above.Certify(name, blocksOf(holds...), r.term)
		}
		return c
	}
	r.anchor = next(nil, "anchor")
	r.top = next(r.anchor, "registry", "95.0.0.0/8", "178.0.0.0/8")
	member := next(r.top, "member", "95.80.0.0/19", "178.32.0.0/17")
	customer := next(member, "customer", "178.32.0.0/18")
	neighbour := next(r.top, "neighbour", "95.80.16.0/24")
	if err != nil {
		t.Fatal(err)
	}
	r.cas = map[string]*ca.Authority{"registry": r.top, "member": member, "customer": customer, "neighbour": neighbour}
	return r
}

func blocksOf(texts ...string) (out []wire.Resource) {
	for _, text := range texts {
		r, err := inr.Parse(text)
		if err != nil {
			panic(err)
		}
		out = append(out, r)
	}
	return out
}

// anchors is the registry's keys as a members file has them.
func (r *registry) anchors() (text string) {
	for _, x := range []struct {
		table string
		of    *ca.Authority
	}{{"trust_anchor", r.anchor}, {"registry_ca", r.top}} {
		key, err := x.of.Key()
		if err != nil {
			panic(err)
		}
		text += fmt.Sprintf("[[%s]]\nregistry = \"ripencc\"\nkey = %q\n\n", x.table, base64.StdEncoding.EncodeToString(key))
	}
	return text
}

// publish writes the certificates and the newest CRLs of all CAs into a folder, as
// a validator's cache has them: publish DIR, or publish DIR long, where the trust
// anchor's CRL is nearly as long as evidence can carry.
func publish(ts *testscript.TestScript, _ bool, args []string) {
	r := ts.Value(registryName).(*registry)
	r.mu.Lock()
	defer r.mu.Unlock()
	all := maps.Clone(r.cas)
	all["anchor"] = r.anchor
	for name, c := range all {
		dir := filepath.Join(ts.MkAbs(args[0]), "rpki.example.net", name)
		ts.Check(os.MkdirAll(dir, 0o755))
		long := *c
		if len(args) > 1 && name == "anchor" {
			long.Discard(2820)
		}
		list, err := long.List(r.term)
		ts.Check(err)
		ts.Check(os.WriteFile(filepath.Join(dir, name+".cer"), c.Certificate(), 0o644))
		ts.Check(os.WriteFile(filepath.Join(dir, name+".crl"), list, 0o644))
	}
}

// certify has a CA sign a statement file with the block that it names, in a
// checklist: certify CA STATEMENT CHECKLIST.
func certify(ts *testscript.TestScript, _ bool, args []string) {
	r := ts.Value(registryName).(*registry)
	r.mu.Lock()
	defer r.mu.Unlock()
	s, err := rpki.ParseStatement([]byte(ts.ReadFile(args[1])))
	ts.Check(err)
	file := rpki.File{Name: s.FileName(), Digest: s.Digest()}
	raw, err := r.cas[args[0]].Checklist([]rpki.File{file}, []wire.Resource{s.Block}, time.Now().UTC().Truncate(time.Second), r.term)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), raw, 0o644))
}
