package store

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

func openedContacts(t *testing.T, dir string) *Contacts {
	t.Helper()
	c, err := OpenContacts(dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// nth is the n-th /32 of 60.0.0.0/8.
func nth(n int) wire.Resource {
	return wire.Resource{Family: wire.IPv4, Len: 32, Addr: [16]byte{60, byte(n >> 16), byte(n >> 8), byte(n)}}
}

func TestContacts_keptAndForgotten_STO35_SVC12(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "contacts")
	c := openedContacts(t, dir)
	first, second := ContactsKept{wire.Hash{1}, wire.Address{1}}, ContactsKept{wire.Hash{2}, wire.Address{1}}
	v6, err := inr.Parse("2001:67c::/32")
	if err != nil {
		t.Fatal(err)
	}
	for _, put := range []struct {
		at   wire.Resource
		k    ContactsKept
		file string
	}{{nth(0), first, "old"}, {nth(0), second, "two"}, {v6, second, "six"}, {nth(1), first, "one"}} {
		if err := c.Put(put.at, put.k, []byte(put.file)); err != nil {
			t.Fatal(err)
		}
	}
	c = openedContacts(t, dir) // as after an end and a start
	if k, file, err := c.Get(nth(0)); err != nil || k != second || string(file) != "two" {
		t.Errorf("got %v %q %v", k, file, err)
	}
	if got := c.Under(second.Hash); len(got) != 2 {
		t.Errorf("under one hash: %v", got)
	}
	if err := c.Forget(nth(0), first.Hash); err != nil || len(c.Under(second.Hash)) != 2 {
		t.Errorf("a hash that another has replaced took the other away: %v", err)
	}
	if err := c.Forget(nth(0), second.Hash); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Get(nth(0)); !errors.Is(err, ErrNotFound) {
		t.Errorf("after it was forgotten: %v", err)
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 2 {
		t.Errorf("%d files are left, want 2: %v", len(list), err)
	}
}

// TestContacts_damage_STO35 flips each bit of a file, cuts it short and leaves a
// file that was not written to its end.
func TestContacts_damage_STO35(t *testing.T) {
	dir := t.TempDir()
	c := openedContacts(t, dir)
	if err := c.Put(nth(0), ContactsKept{wire.Hash{1}, wire.Address{1}}, []byte("the file")); err != nil {
		t.Fatal(err)
	}
	name := c.file(nth(0))
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	spoilt := [][]byte{whole[:len(whole)-1], nil, append(bytes.Clone(whole), 0)}
	for i := range len(whole) * 8 {
		raw := bytes.Clone(whole)
		raw[i/8] ^= 1 << (i % 8)
		spoilt = append(spoilt, raw)
	}
	for i, raw := range spoilt {
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name+newFile, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := openedContacts(t, dir).Blocks(); len(got) != 0 {
			t.Fatalf("damage %d: %v is kept", i, got)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
			t.Fatalf("damage %d: %d files are left: %v", i, len(left), err)
		}
	}
}

func TestContacts_bounds_SVC11(t *testing.T) {
	c := openedContacts(t, t.TempDir())
	one := ContactsKept{wire.Hash{1}, wire.Address{1}}
	for i := range ContactsOfOneMax {
		if err := c.Put(nth(i), one, []byte("file")); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Put(nth(ContactsOfOneMax), one, nil); !errors.Is(err, ErrFull) {
		t.Errorf("one holder's file beyond the bound: %v", err)
	}
	if err := c.Put(nth(0), one, []byte("anew")); err != nil {
		t.Errorf("one that replaces another: %v", err)
	}
	for i := len(c.kept); i < ContactsMax; i++ { // written, these would take a minute
		c.kept[nth(i)] = ContactsKept{wire.Hash{2}, wire.Address{2, byte(i >> 8), byte(i)}}
	}
	if err := c.Put(nth(ContactsMax), ContactsKept{wire.Hash{3}, wire.Address{3}}, nil); !errors.Is(err, ErrFull) {
		t.Errorf("a file beyond the bound of all: %v", err)
	}
	const _ = uint(128<<20 - ContactsMax*light.ContactsBytesMax)
}
