package api

import (
	"errors"
	"io"
	"net/http"
	"net/netip"
	"slices"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// contacts gives the contact file of a hash while that stands.
//
// specs/18 SVC-12: A node MUST give the contact file that it keeps under a hash
// while that stands at a block for which it keeps it, and MUST NOT give it in any
// later state.
func (a *API) contacts(w http.ResponseWriter, r *http.Request) error {
	var hash wire.Hash
	if err := hash.UnmarshalText([]byte(r.PathValue("hash"))); err != nil {
		return problem(http.StatusBadRequest, "bad_parameter", "a hash has 64 lower-case digits: %v", err)
	}
	if a.Contacts == nil {
		return noContacts(hash)
	}
	v := a.Ledger.View()
	for _, at := range a.Contacts.Under(hash) {
		stands, _, _, err := light.StandingContacts(v.State, at, v.moment())
		if err != nil {
			return err
		}
		if stands != hash {
			continue
		}
		file, err := a.Contacts.Get(at, hash)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store") // it is to be forgotten when the hash goes
		_, _ = w.Write(file)                        // an error is a client that has gone
		return nil
	}
	return noContacts(hash)
}

func noContacts(hash wire.Hash) error {
	return problem(http.StatusNotFound, "unknown_contacts", "this node keeps no contact file under %v; ask the holder's node", hash)
}

// keptContacts says for which block and under which hash a contact file is kept.
type keptContacts struct {
	Resource string      `json:"resource"`
	Hash     wire.Hash   `json:"hash"`
	Holder   light.Party `json:"holder"`
}

// keepContacts takes a contact file for a block.
//
// specs/18 SVC-11: A node MUST keep a contact file only for a block at which its
// hash stands, and MUST take it only from programs on its own machine or where the
// block's holder is an account that its operator named.
func (a *API) keepContacts(w http.ResponseWriter, r *http.Request) error {
	if !a.Writes || a.Contacts == nil {
		return problem(http.StatusForbidden, "read_only", "this node keeps no contact files; use the holder's own")
	}
	if !ownMachine(r) && len(a.Hosted) == 0 {
		return notHosted()
	}
	at, err := parseResource(r.URL.Query().Get("resource"))
	if err != nil {
		return err
	}
	file, err := readContacts(w, r)
	if err != nil {
		return err
	}
	kept := keptContacts{Resource: at.String(), Hash: light.ContactsHash(file)}
	holder, err := a.standsAt(at, kept.Hash)
	if err != nil {
		return err
	}
	if !ownMachine(r) && !slices.Contains(a.Hosted, holder) {
		return notHosted()
	}
	kept.Holder = light.Party(holder)
	if err := a.Contacts.Put(at, kept.Hash, holder, file); err != nil {
		return err
	}
	// It may have been erased while it was written: who follows the ledger blocks
	// may have looked before it was there.
	if _, err := a.standsAt(at, kept.Hash); err != nil {
		return errors.Join(err, a.Contacts.Forget(at, kept.Hash))
	}
	return writeJSON(w, kept)
}

func notHosted() error {
	return problem(http.StatusForbidden, "not_hosted", "this node takes contact files from its own machine, and of accounts that contacts_for names")
}

// ownMachine reports whether a request comes from a program on this machine, and
// was not passed on by one.
func ownMachine(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	return err == nil && from.Addr().Unmap().IsLoopback()
}

// readContacts reads a body that is a contact file.
func readContacts(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, light.ContactsBytesMax))
	if err != nil {
		return nil, unread(err)
	}
	if _, err := light.ReadContacts(raw); err != nil {
		return nil, problem(http.StatusUnprocessableEntity, "bad_body", "%v", err)
	}
	return raw, nil
}

// standsAt is whose contacts name a hash at a block.
func (a *API) standsAt(at wire.Resource, hash wire.Hash) (holder wire.Address, err error) {
	v := a.Ledger.View()
	stands, holder, ok, err := light.StandingContacts(v.State, at, v.moment())
	if err == nil && (!ok || stands != hash) {
		err = problem(http.StatusConflict, "not_standing", "the contacts at %v do not name the hash %v of this file: state it first, with this file", at, hash)
	}
	return holder, err
}
