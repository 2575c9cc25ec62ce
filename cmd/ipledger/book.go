package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ipledger/ledger/wire"
)

// book is the user's names for accounts: those of the test network and those of
// accounts opened here. It is trusted: who rewrites it sends offers elsewhere,
// so the id is always shown beside the name.
type book struct {
	path  string
	own   []bookItem
	items []bookItem // own first
}

// bookFile is beside the folder of keys, not in it.
func bookFile(keystore string) string { return filepath.Join(filepath.Dir(keystore), "accounts.json") }

func openBook(path string, others []bookItem) (*book, error) {
	b := &book{path: path}
	if err := b.read(); err != nil {
		return nil, err
	}
	b.items = append(slices.Clone(b.own), others...)
	return b, nil
}

// read reads the user's own names; no file is no names.
func (b *book) read() error {
	b.own = nil
	raw, err := os.ReadFile(b.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(raw, &b.own)
	}
	if err != nil {
		return fail(exitFailed, "the names of accounts in %s: %w", b.path, err).hint("mend or remove that file; it only has names")
	}
	return nil
}

// add keeps a name for an account, replacing what it meant here. The file is
// read again: another command may have added to it since.
func (b *book) add(item bookItem) error {
	if err := b.read(); err != nil {
		return err
	}
	b.own = slices.DeleteFunc(b.own, func(have bookItem) bool { return have.Name == item.Name })
	b.own = append(b.own, item)
	b.items = append([]bookItem{item}, b.items...)
	raw, err := json.MarshalIndent(b.own, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(b.path), 0o700); err != nil {
		return err
	}
	return writeWhole(b.path, append(raw, '\n'))
}

// id is the account that is meant by a name or by an id itself.
func (b *book) id(text string) (wire.Address, error) {
	for _, item := range b.items {
		if item.Name == text {
			return item.ID, nil
		}
	}
	var id wire.Address
	if err := id.UnmarshalText([]byte(text)); err != nil {
		return id, usage("%q is neither the name of a known account nor an id: 0x and 40 lower-case hexadecimal digits", text)
	}
	return id, nil
}

// tell is an account's id with its name here, if it has one.
func (b *book) tell(id wire.Address) string {
	for _, item := range b.items {
		if item.ID == id {
			return id.String() + " (" + said(item.Name).String() + ")"
		}
	}
	if id.IsZero() {
		return "nobody"
	}
	return id.String()
}

// named is a text in which each known id is followed by its name.
func (b *book) named(text string) string {
	for _, item := range b.items {
		id := item.ID.String()
		if strings.Contains(text, id) && !item.ID.IsZero() {
			text = strings.ReplaceAll(strings.ReplaceAll(text, b.tell(item.ID), id), id, b.tell(item.ID))
		}
	}
	return text
}

// short is the name of an account, or its id.
func (b *book) short(id wire.Address) string {
	for _, item := range b.items {
		if item.ID == id {
			return item.Name
		}
	}
	return id.String()
}

// writeWhole replaces a file in one step, so that a reader sees the old or the new.
func writeWhole(path string, raw []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}
