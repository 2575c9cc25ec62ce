package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// contactFile is the bytes of a contact file.
type contactFile []byte

func (f contactFile) hash() wire.Hash { return light.ContactsHash(f) }

// contactsEnd ends the names of contact files.
const contactsEnd = ".contacts.json"

// makeContactFile reads a contact file, or makes one of a list of contacts and writes
// it beside that: without its salt nobody could hand it to a node again.
func (s *session) makeContactFile(path string) (contactFile, error) {
	raw, err := readBounded(path, light.ContactsBytesMax)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(path, contactsEnd) {
		return checkedContactFile(path, raw)
	}
	var list []light.Contact
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, usage("%s is no JSON list of contacts: %w", path, err).hint(`[{"role": "network desk", "mailbox": "noc@example.net"}]`)
	}
	var salt wire.Hash
	rand.Read(salt[:]) // never fails (crypto/rand)
	file, err := light.NewContacts(salt, list)
	if err != nil {
		return nil, usage("%s: %w", path, err)
	}
	made := strings.TrimSuffix(path, filepath.Ext(path)) + contactsEnd
	if err := writeFresh(made, file.Bytes(), 0o600); err != nil {
		return nil, err
	}
	s.err.linef("wrote %s: keep it; who has it can hand it to a node", said(made))
	return file.Bytes(), nil
}

func readContactFile(path string) (contactFile, error) {
	raw, err := readBounded(path, light.ContactsBytesMax)
	if err != nil {
		return nil, err
	}
	return checkedContactFile(path, raw)
}

func checkedContactFile(path string, raw []byte) (contactFile, error) {
	if _, err := light.ReadContacts(raw); err != nil {
		return nil, usage("%s: %w", path, err)
	}
	return raw, nil
}

// readBounded reads a file that must not be longer than most.
func readBounded(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > most {
		return nil, usage("%s has %d bytes, at most %d", path, info.Size(), most)
	}
	return os.ReadFile(path)
}

// handIn gives a contact file to the node.
func (s *session) handIn(ctx context.Context, at wire.Resource, file contactFile) error {
	path := "/v1/contacts?" + url.Values{"resource": {at.String()}}.Encode()
	if _, err := s.client().patient(ctx, http.MethodPost, path, "application/json", file); err != nil {
		err = judged(err)
		return fail(codeOf(err), "the node does not keep the contact file: %w", err).hint("once it may: ipledger contacts upload %v FILE%s", at, contactsEnd)
	}
	s.err.linef("the node %s keeps the contact file", said(s.node))
	return nil
}

// fetchContacts reads a contact file of the node and compares it with its hash.
//
// specs/18 SVC-13: A reader MUST refuse a contact file whose hash is not the one
// asked for.
func (s *session) fetchContacts(ctx context.Context, hash wire.Hash) (*light.Contacts, error) {
	raw, err := s.client().raw(ctx, "/v1/contacts/"+hash.String())
	if err != nil {
		return nil, err
	}
	if light.ContactsHash(raw) != hash {
		return nil, fail(exitUnverified, "the node's contact file is not the one whose hash %v the ledger has (SVC-13)", hash).hint("ask another node with --node URL")
	}
	return light.ReadContacts(raw)
}
