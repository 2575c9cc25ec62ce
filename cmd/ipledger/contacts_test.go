package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// TestFetchContacts_SVC13 asks a node that gives another file than the one asked for.
func TestFetchContacts_SVC13(t *testing.T) {
	file := func(salt byte) []byte {
		c, err := light.NewContacts(wire.Hash{salt}, []light.Contact{{Role: "network desk", Phone: "+1 555 0100"}})
		if err != nil {
			t.Fatal(err)
		}
		return c.Bytes()
	}
	right, other := file(1), file(2)
	for _, c := range []struct {
		name string
		body []byte
		code int
	}{
		{"the file", right, exitDone},
		{"another file", other, exitUnverified},
		{"the file and a space", append(right[:len(right):len(right)], ' '), exitUnverified},
	} {
		server := httptest.NewServer(answers{"/v1/contacts/": text(http.StatusOK, string(c.body))})
		s := &session{node: server.URL}
		got, err := s.fetchContacts(context.Background(), light.ContactsHash(right))
		server.Close()
		if codeOf(err) != c.code || (err == nil) != (got != nil) {
			t.Errorf("%s: exit code %d, want %d: %v", c.name, codeOf(err), c.code, err)
		}
	}
}
