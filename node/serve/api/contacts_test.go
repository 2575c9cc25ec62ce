package api

import (
	"cmp"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/light"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// drawer is contact files in memory.
type drawer struct {
	at   wire.Resource
	hash wire.Hash
	file []byte
	full bool
	met  func() // what happens while a file is written
}

func (d *drawer) Put(at wire.Resource, hash wire.Hash, _ wire.Address, file []byte) error {
	if d.full {
		return errors.Join(ErrFull, errors.New("no room"))
	}
	d.at, d.hash, d.file = at, hash, slices.Clone(file)
	if d.met != nil {
		d.met()
	}
	return nil
}

func (d *drawer) Under(hash wire.Hash) []wire.Resource {
	if d.hash == hash && d.file != nil {
		return []wire.Resource{d.at}
	}
	return nil
}

func (d *drawer) Get(wire.Resource, wire.Hash) ([]byte, error) { return d.file, nil }

func (d *drawer) Forget(wire.Resource, wire.Hash) error { d.file = nil; return nil }

func contactFile(t *testing.T, salt byte) []byte {
	t.Helper()
	c, err := light.NewContacts(wire.Hash{salt}, []light.Contact{{Role: "network desk", Mailbox: "noc@example.net"}})
	if err != nil {
		t.Fatal(err)
	}
	return c.Bytes()
}

// hand posts a contact file as a client at an address does.
func hand(a *API, from, resource string, file []byte, header ...string) (int, []byte) {
	r := httptest.NewRequest(http.MethodPost, "/v1/contacts?resource="+resource, strings.NewReader(string(file)))
	r.RemoteAddr = cmp.Or(from, "127.0.0.1:999")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	return w.Code, w.Body.Bytes()
}

// contactWorld is a world in which ann's contacts at a block name the hash of a file.
func contactWorld(t *testing.T) (w *world, a *API, d *drawer, file []byte) {
	w = newWorld(t)
	a = New(Config{ChainID: "api-test", GenesisHash: salt, Ledger: w, Relay: w, Node: w, Writes: true})
	d = new(drawer)
	a.Contacts = d
	file = contactFile(t, 1)
	w.block(w.signed("ann", &tx.ContactsSet{Resource: res("193.0.0.0/24"), Private: light.ContactsHash(file)}))
	return w, a, d, file
}

func TestContacts_onlyWhatStands_SVC11_SVC12(t *testing.T) {
	w, a, d, file := contactWorld(t)
	doc := readOpenAPI(t)
	const at = "193.0.0.0/24"
	hash := light.ContactsHash(file)

	code, raw := hand(a, "", "193.0.1.0/24", file)
	problemOf(t, "another block", code, raw, 409, "not_standing")
	code, raw = hand(a, "", at, contactFile(t, 2))
	problemOf(t, "another file", code, raw, 409, "not_standing")
	code, raw = hand(a, "", at, append(file, ' '))
	problemOf(t, "no contact file", code, raw, 422, "bad_body")
	code, raw = hand(a, "", at, make([]byte, light.ContactsBytesMax+1))
	problemOf(t, "too long", code, raw, 413, "too_large")
	code, raw = hand(a, "", "193.0.0.1/24", file)
	problemOf(t, "no block", code, raw, 400, "bad_resource")
	d.full = true
	code, raw = hand(a, "", at, file)
	problemOf(t, "full", code, raw, 507, "full")
	d.full = false

	if code, raw = hand(a, "", at, file); code != http.StatusOK {
		t.Fatalf("got %d %s", code, raw)
	}
	doc.conforms(t, "/v1/contacts", "post", "200", raw)
	code, raw = get(t, a, "/v1/contacts/"+hash.String())
	if code != http.StatusOK || string(raw) != string(file) {
		t.Fatalf("got %d %s", code, raw)
	}
	doc.conforms(t, "/v1/contacts/{hash}", "get", "200", raw)

	w.block(w.signed("ann", &tx.ContactsErase{Resource: res(at), Private: hash}))
	// The node has not yet removed it, and gives it no more all the same.
	code, raw = get(t, a, "/v1/contacts/"+hash.String())
	problemOf(t, "erased", code, raw, 404, "unknown_contacts")
}

func TestContacts_fromWhom_SVC11(t *testing.T) {
	_, a, _, file := contactWorld(t)
	const at, stranger = "193.0.0.0/24", "198.51.100.7:999"
	code, raw := hand(a, stranger, at, file)
	problemOf(t, "a stranger", code, raw, 403, "not_hosted")
	code, raw = hand(a, "", at, file, "X-Forwarded-For", "198.51.100.7")
	problemOf(t, "through a proxy on this machine", code, raw, 403, "not_hosted")
	code, raw = hand(a, "", at, file, "Origin", "https://evil.example")
	problemOf(t, "another site's page", code, raw, 403, "cross_site")
	a.Hosted = []wire.Address{who("bob")}
	code, raw = hand(a, stranger, at, file)
	problemOf(t, "a stranger, not of the accounts named", code, raw, 403, "not_hosted")
	a.Hosted = append(a.Hosted, who("ann"))
	if code, raw = hand(a, stranger, at, file); code != http.StatusOK {
		t.Errorf("of an account that the operator named: got %d %s", code, raw)
	}
	a.Writes = false
	code, raw = hand(a, "", at, file)
	problemOf(t, "a node that takes nothing", code, raw, 403, "read_only")
}

// TestContacts_erasedMeanwhile_SVC12 erases a file between the moment at which the
// node looks at the ledger and the moment at which it has written it.
func TestContacts_erasedMeanwhile_SVC12(t *testing.T) {
	w, a, d, file := contactWorld(t)
	d.met = func() {
		w.block(w.signed("ann", &tx.ContactsErase{Resource: res("193.0.0.0/24"), Private: light.ContactsHash(file)}))
	}
	code, raw := hand(a, "", "193.0.0.0/24", file)
	problemOf(t, "erased meanwhile", code, raw, 409, "not_standing")
	if d.file != nil {
		t.Error("the file is still kept")
	}
}
