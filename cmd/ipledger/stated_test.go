package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"ipledger/ledger/genesis"
	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// statedFile is a statement file of some pages: n blocks that are listed no more.
func statedFile(t *testing.T, n int) *genesis.StatementFile {
	f := &genesis.StatementFile{Registry: "ripencc", Date: 20261130, File: wire.Hash{1}}
	for i := range n {
		block, err := inr.Parse(fmt.Sprintf("193.%d.%d.0/24", i/256, i%256))
		if err != nil {
			t.Fatal(err)
		}
		f.Lines = append(f.Lines, tx.Statement{Block: block})
	}
	return f
}

// register serves a register in parts of 20 bytes; after some of them it has made
// another one.
type register struct {
	raws  [][]byte
	parts int
}

func (r *register) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	at := min(r.parts/3, len(r.raws)-1)
	raw, name := r.raws[at], fmt.Sprintf(`"%d"`, at)
	r.parts++
	if match := req.Header.Get("If-Match"); match != "" && match != name {
		w.WriteHeader(http.StatusPreconditionFailed)
		return
	}
	var from, to int
	_, _ = fmt.Sscanf(req.Header.Get("Range"), "bytes=%d-%d", &from, &to)
	end := min(from+20, len(raw))
	w.Header().Set("ETag", name)
	w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, end-1, len(raw)))
	w.WriteHeader(http.StatusPartialContent)
	_, _ = w.Write(raw[from:end])
}

// TestRegister reads a register part by part, and begins anew where the node made
// another one meanwhile.
func TestRegister(t *testing.T) {
	one := &genesis.Register{Height: 5, Waiting: []genesis.Waiting{{Registry: "apnic", Date: 20261130, Ripe: 9, Lines: "60.0.0.0/22 60.0.4.0/22 60.0.8.0/22"}}}
	two := &genesis.Register{Height: 6, Waiting: one.Waiting[:0]}
	for _, c := range []struct {
		raws   [][]byte
		height uint64
	}{{[][]byte{two.Encode()}, 6}, {[][]byte{one.Encode(), two.Encode()}, 6}, {[][]byte{one.Encode(), one.Encode(), one.Encode(), one.Encode()}, 0}, {[][]byte{[]byte("a register that is none")}, 0}} {
		server := httptest.NewServer(&register{raws: c.raws})
		s := &session{node: server.URL, out: &printer{new(bytes.Buffer)}, err: &printer{new(bytes.Buffer)}}
		r, err := s.register(context.Background())
		server.Close()
		if (err == nil) != (c.height > 0) || err == nil && r.Height != c.height {
			t.Errorf("%d registers: got %v, %v, want that of block %d", len(c.raws), r, err, c.height)
		}
	}
}

// TestAwaited_SRC4 finds the page that the ledger awaits, and refuses a file whose
// pages it does not.
func TestAwaited_SRC4(t *testing.T) {
	file := statedFile(t, 150)
	e := &entering{file: file}
	e.pages, _ = file.Pages()
	a := file.Attestation()
	if len(e.pages) != 3 {
		t.Fatalf("%d pages", len(e.pages))
	}
	second := record.SheetHash(e.pages[1].Behind, e.pages[1].Lines)
	attested := feed{Registry: "ripencc", Date: "20261130", File: &file.File, Pages: 3}
	other := wire.Hash{9}
	for _, c := range []struct {
		name     string
		received uint64
		next     *wire.Hash
		file     *wire.Hash
		want     int // -1 for a refusal
	}{
		{"none is in", 0, &a.Root, &file.File, 0},
		{"one is in", 1, &second, &file.File, 1},
		{"all are in", 3, nil, &file.File, 3},
		{"another file's page is awaited", 0, &other, &other, -1},
		{"another file is in", 3, nil, &other, -1},
		{"a page of a number that there is not", 9, &other, &file.File, -1},
	} {
		f := attested
		f.Received, f.Next, f.File = c.received, c.next, c.file
		at, err := e.awaited(&f)
		if c.want < 0 && (err == nil || codeOf(err) != exitRefused || !strings.Contains(err.Error(), "SRC-4")) || c.want >= 0 && (err != nil || at != c.want) {
			t.Errorf("%s: got %d, %v", c.name, at, err)
		}
	}
	if _, err := e.awaited(new(feed)); err == nil {
		t.Error("a page is awaited where no file was attested")
	}
}

// TestStated tells statements by their one form, and what is none as it is.
func TestStated(t *testing.T) {
	for line, want := range map[string]string{
		"193.0.0.0/24": "gone        193.0.0.0/24 is listed no more\n",
		"193.0.0.0/24|allocated|NL|20110811|extended||h-1":       "lists       193.0.0.0/24: handle h-1, allocated 2011-08-11 NL\n",
		"AS3333|assigned|NL||whole+legacy|AS3333-AS3334|":        "lists       AS3333: handle unknown, assigned NL\n",
		"193.0.0.0/24|\x1b[2Jgiven|NL|20110811|extended||h-1":    "states      193.0.0.0/24|\\u001b[2Jgiven|NL|20110811|extended||h-1\n",
		"193.0.0.0/24|allocated|NL|20110811|extended||h-1|extra": "states      193.0.0.0/24|allocated|NL|20110811|extended||h-1|extra\n",
	} {
		var out bytes.Buffer
		s := &session{out: &printer{&out}}
		if s.tellStatement(line); out.String() != want {
			t.Errorf("%q: got %q, want %q", line, out.String(), want)
		}
	}
}

// TestSpliced: an answer with something before it, or with nothing, stays JSON.
func TestSpliced(t *testing.T) {
	for _, c := range []struct {
		front      map[string]any
		rest, want string
	}{
		{map[string]any{"a": 1}, `{"b":2}`, `{"a":1,"b":2}`},
		{map[string]any{"a": 1}, `{}`, `{"a":1}`},
		{nil, `{"b":2}`, `{"b":2}`},
		{nil, `{}`, `{}`},
	} {
		if raw, err := json.Marshal(spliced{c.front, json.RawMessage(c.rest)}); err != nil || string(raw) != c.want {
			t.Errorf("%v and %s: got %s, %v", c.front, c.rest, raw, err)
		}
	}
}
