package main

import (
	"errors"
	"os"
	"strings"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
	"ipledger/node/keystore"
)

// keys is the store of the user's keys. On a test network new keys are cheap to
// open: they protect nothing.
func (s *session) keys() *keystore.Store {
	cost := keystore.Standard
	if s.testnet != "" {
		cost = keystore.Weak
	}
	return keystore.Open(s.keystore, cost)
}

// password reads the password of keys: the first line of --password-file, or
// what is typed, unseen, at a terminal. A new one is typed twice.
func (s *session) password(ask string, fresh bool) (string, error) {
	if s.passwordFile != "" {
		raw, err := os.ReadFile(s.passwordFile)
		if err != nil {
			return "", usage("--password-file: %w", err)
		}
		line, _, _ := strings.Cut(string(raw), "\n")
		return strings.TrimSuffix(line, "\r"), nil
	}
	if !isTerminal(s.in) {
		return "", usage("the key's password is needed and there is no terminal to ask at").hint("give --password-file FILE or IPLEDGER_PASSWORD_FILE")
	}
	first, err := s.typed(ask)
	if err != nil || !fresh {
		return first, err
	}
	again, err := s.typed("the same again")
	if err == nil && again != first {
		err = usage("the two passwords differ; no key was made")
	}
	return first, err
}

func (s *session) typed(ask string) (string, error) {
	s.err.askf("%s: ", ask)
	line, err := s.hiddenLine()
	s.err.linef("")
	if err != nil {
		return "", usage("no password was typed: %w", err)
	}
	return line, nil
}

// keyError gives an error of the store of keys its exit code.
func keyError(err error) error {
	switch {
	case errors.Is(err, keystore.ErrNotFound):
		return fail(exitNotFound, "%w", err)
	case errors.Is(err, keystore.ErrExists), errors.Is(err, keystore.ErrName), errors.Is(err, keystore.ErrWeak):
		return fail(exitUsage, "%w", err)
	}
	return err
}

// keyNamed finds a key of the store by its name, address or text form.
func (s *session) keyNamed(text string) (keystore.Entry, error) {
	list, err := s.list()
	if err != nil {
		return keystore.Entry{}, err
	}
	for _, e := range list {
		if meant(text, e) {
			return e, nil
		}
	}
	return keystore.Entry{}, fail(exitNotFound, "no key %q in %s", text, s.keystore).
		hint("ipledger key list").hint("ipledger key new NAME")
}

// meant reports whether a text names a key: by its name, its address or its text form.
func meant(text string, e keystore.Entry) bool {
	return text == e.Name || text == e.Address.String() || text == keyOf(e).String()
}

// list gives the keys of the store; files that are none are told of and left out.
func (s *session) list() ([]keystore.Entry, error) {
	list, err := s.keys().List()
	if err != nil && len(list) == 0 {
		return nil, err
	}
	if err != nil {
		s.err.linef("left out: %v", said(err.Error()))
	}
	return list, nil
}

func keyOf(e keystore.Entry) account.Key { return account.Key{Alg: account.Secp256k1, Addr: e.Address} }

// keyMeant is a key named in the store, or one that is held elsewhere, as text.
func (s *session) keyMeant(text string) (account.Key, error) {
	if k, err := account.ParseKey(text); err == nil {
		return k, nil
	}
	var addr wire.Address
	if addr.UnmarshalText([]byte(text)) == nil {
		return account.Key{Alg: account.Secp256k1, Addr: addr}, nil
	}
	e, err := s.keyNamed(text)
	return keyOf(e), err
}

// consent signs digests with keys of the store, each opened once, and gives the
// signatures of each digest.
func (s *session) consent(digests []wire.Hash, names []string) ([][]account.Signature, error) {
	out := make([][]account.Signature, len(digests))
	for _, name := range names {
		password, err := s.password("password of key "+name, false)
		if err != nil {
			return nil, err
		}
		sigs, err := s.signEach(digests, name, password)
		if err != nil {
			return nil, err
		}
		for i := range sigs {
			out[i] = append(out[i], sigs[i])
		}
	}
	return out, nil
}

// signEach signs digests with one key.
func (s *session) signEach(digests []wire.Hash, name, password string) (sigs []account.Signature, err error) {
	s.err.linef("opening key %s ...", name)
	key, err := s.keys().Unlock(name, password)
	if err != nil {
		return nil, keyError(err)
	}
	defer key.Wipe()
	for _, digest := range digests {
		sig, err := key.Sign(digest)
		if err != nil {
			return nil, err
		}
		sigs = append(sigs, sig)
	}
	return sigs, nil
}
