package keystore

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	geth "github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// faint costs next to nothing: what is tested is not scrypt.
var faint = Weak

func TestCreate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	s := Open(dir, Weak)
	made, err := s.Create("alice", "secret words")
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "alice.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file: %v %v, want mode 0600", info.Mode(), err)
	}
	if d, err := os.Stat(dir); err != nil || d.Mode().Perm() != 0o700 {
		t.Errorf("directory: %v %v, want mode 0700", d.Mode(), err)
	}
	key, err := s.Unlock("alice", "secret words")
	if err != nil || key.Address() != made.Address {
		t.Fatalf("unlocked %v: %v", key, err)
	}
	digest := wire.Hash{1}
	sig, err := key.Sign(digest)
	if err != nil {
		t.Fatal(err)
	}
	if err := account.CheckSignatures(digest, []account.Signature{sig}); err != nil {
		t.Error(err)
	}
	key.Wipe()
	if _, err := key.Sign(digest); err == nil {
		t.Error("a wiped key signs")
	}
	if files, _ := os.ReadDir(dir); len(files) != 1 {
		t.Errorf("the directory holds %v", files)
	}
}

func TestRefusals(t *testing.T) {
	s := Open(t.TempDir(), faint)
	entry, err := s.Create("alice", "right")
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(entry.Path)
	if err != nil {
		t.Fatal(err)
	}
	_, wrong := s.Unlock("alice", "wrong")
	_, again := s.Create("alice", "other")
	_, absent := s.Unlock("bob", "right")
	_, open := s.Create("carol", "")
	_, imported := s.Import("carol", before, "wrong")
	_, junk := s.Import("carol", []byte("{}"), "right")
	for why, c := range map[string]struct{ got, want error }{
		"a wrong passphrase":          {wrong, ErrPassphrase},
		"a name taken":                {again, ErrExists},
		"a name without key":          {absent, ErrNotFound},
		"no passphrase":               {open, ErrWeak},
		"an import, passphrase wrong": {imported, ErrPassphrase},
		"an import of something else": {junk, ErrFile},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: got %v, want %v", why, c.got, c.want)
		}
	}
	for _, name := range []string{"", "../alice", "a/b", ".hidden", "Alice", "a b", "-a", strings.Repeat("a", 65), "ä", "a\x00"} {
		if _, err := s.Create(name, "x"); !errors.Is(err, ErrName) {
			t.Errorf("create %q: got %v, want %v", name, err, ErrName)
		}
		if _, err := s.Unlock(name, "x"); !errors.Is(err, ErrName) {
			t.Errorf("unlock %q: got %v, want %v", name, err, ErrName)
		}
	}
	if after, err := os.ReadFile(entry.Path); err != nil || !bytes.Equal(after, before) {
		t.Error("the key's file changed")
	}
	if err := writeNew(entry.Path, []byte("x")); !errors.Is(err, ErrExists) {
		t.Errorf("a race for one name: got %v, want %v", err, ErrExists)
	}
}

func TestList(t *testing.T) {
	s := Open(filepath.Join(t.TempDir(), "none"), faint)
	if list, err := s.List(); err != nil || len(list) != 0 {
		t.Errorf("before the first key: %v %v", list, err)
	}
	want := map[string]wire.Address{}
	for _, name := range []string{"b", "a", "c.d"} {
		entry, err := s.Create(name, "x")
		if err != nil {
			t.Fatal(err)
		}
		want[name] = entry.Address
	}
	list, err := s.List()
	if err != nil || len(list) != 3 || list[0].Name != "a" || list[2].Name != "c.d" {
		t.Fatalf("%v %v", list, err)
	}
	for _, e := range list {
		if e.Address != want[e.Name] {
			t.Errorf("%s: %v, want %v", e.Name, e.Address, want[e.Name])
		}
	}
	if err := os.WriteFile(filepath.Join(s.dir, "bad.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := s.List(); !errors.Is(err, ErrFile) || len(list) != 3 {
		t.Errorf("beside a bad file: %v %v", list, err)
	}
}

// Other wallets open what we write, and we open what they write.
func TestOtherWallets(t *testing.T) {
	s := Open(t.TempDir(), faint)
	entry, err := s.Create("ours", "x")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := s.Export("ours")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := geth.DecryptKey(raw, "x")
	if err != nil || wire.Address(theirs.Address) != entry.Address {
		t.Fatalf("go-ethereum opens %v: %v", theirs, err)
	}
	raw, err = geth.EncryptKey(theirs, "y", 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Import("again", raw, "y"); err != nil || again.Address != entry.Address {
		t.Errorf("imported %v: %v", again, err)
	}
	if _, err := s.Unlock("again", "y"); err != nil {
		t.Error(err)
	}
}

// The test vectors of the Web3 Secret Storage definition, version 3.
func TestPublishedVectors(t *testing.T) {
	const scrypt = `{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},"ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt","kdfparams":{"dklen":32,"n":262144,"p":8,"r":1,"salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},"mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}`
	const pbkdf2 = `{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2","kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},"mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}`
	for name, raw := range map[string]string{"scrypt": scrypt, "pbkdf2": pbkdf2} {
		secret, err := unseal([]byte(raw), "testpassword")
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := crypto.FromECDSA(mustKey(t, "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d"))
		if !bytes.Equal(secret, want) {
			t.Errorf("%s: another key", name)
		}
	}
}

// A hostile file costs no more than the bounds and never panics.
func TestHostileFiles(t *testing.T) {
	s := Open(t.TempDir(), faint)
	if _, err := s.Create("a", "x"); err != nil {
		t.Fatal(err)
	}
	good, err := s.Export("a")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{
		{`"n":2`, `"n":1073741824`}, {`"n":2`, `"n":3`}, {`"n":2`, `"n":"2"`}, {`"n":2`, `"n":-2`}, {`"n":2`, `"n":2.5`}, {`"n":2`, `"n":1e300`},
		{`"p":1`, `"p":10000000`}, {`"p":1`, `"p":129`}, {`"r":8`, `"r":0`}, {`"r":8`, `"r":10000000`}, {`"dklen":32`, `"dklen":16`}, {`"dklen":32`, `"dklen":null`},
		{`"salt":"`, `"salt":"zz`}, {`"salt":"`, `"salt":5,"x":"`}, {`"iv":"`, `"iv":"00`}, {`"mac":"`, `"mac":"00`}, {`"ciphertext":"`, `"ciphertext":"00`},
		{`"scrypt"`, `"none"`}, {`"scrypt"`, `"pbkdf2"`}, {`aes-128-ctr`, `aes-128-cbc`}, {`"version":3`, `"version":1`}, {`"version":3`, `"version":"3"`},
		{`"kdfparams":`, `"kdfparams":null,"x":`}, {`"crypto":`, `"x":`}, {`"address":"`, `"address":"0`},
	} {
		if !bytes.Contains(good, []byte(c[0])) {
			t.Fatalf("%s is not in %s", c[0], good)
		}
		raw := bytes.Replace(good, []byte(c[0]), []byte(c[1]), 1)
		if _, err := unseal(raw, "x"); !errors.Is(err, ErrFile) {
			t.Errorf("%s for %s: got %v, want %v", c[1], c[0], err, ErrFile)
		}
	}
	f, err := parseFile(good)
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Repeat("11", 20)
	raw := bytes.Replace(good, []byte(f.address.String()[2:]), []byte(other), 1)
	if _, err := unseal(raw, "x"); !errors.Is(err, ErrFile) {
		t.Errorf("another address: got %v, want %v", err, ErrFile)
	}
	if _, err := parseFile(append(good, make([]byte, FileBytesMax)...)); !errors.Is(err, ErrFile) {
		t.Errorf("too large: got %v, want %v", err, ErrFile)
	}
}

// Of many who create one name at once, one wins.
func TestCreateRace(t *testing.T) {
	s := Open(t.TempDir(), faint)
	var wg sync.WaitGroup
	made := make(chan Entry, 8)
	for range 8 {
		wg.Go(func() {
			if e, err := s.Create("one", "x"); err == nil {
				made <- e
			} else if !errors.Is(err, ErrExists) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	close(made)
	if len(made) != 1 {
		t.Fatalf("%d keys of one name", len(made))
	}
	if key, err := s.Unlock("one", "x"); err != nil || key.Address() != (<-made).Address {
		t.Errorf("the winner's key is not the one kept: %v", err)
	}
}

func FuzzParseFile(f *testing.F) {
	raw, err := seal(bytes.Repeat([]byte{1}, 32), wire.Address{}, "x", faint)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add([]byte(`{"version":3}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := parseFile(raw)
		if err != nil && !errors.Is(err, ErrFile) {
			t.Errorf("%v is not %v", err, ErrFile)
		}
		cheap := func() bool { // only what one fuzzing step has time for
			k := file.crypto.KDFParams
			return file.crypto.KDF == "scrypt" && whole(k["n"])*whole(k["r"])*whole(k["p"]) < 1<<10
		}
		if err == nil && cheap() {
			if _, err := unseal(raw, "x"); err != nil && !errors.Is(err, ErrFile) && !errors.Is(err, ErrPassphrase) {
				t.Errorf("unseal: %v", err)
			}
		}
	})
}
