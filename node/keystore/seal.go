package keystore

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/wire"
)

// Cost is the work of one try at a passphrase, in scrypt's n and p.
type Cost struct{ n, p int }

var (
	// Standard takes about a second and 256 MiB a try.
	Standard = Cost{keystore.StandardScryptN, keystore.StandardScryptP}
	// Weak takes no time: for the keys of test networks, which protect nothing.
	Weak = Cost{2, 1}
)

// Bounds of the parameters in a file, so that opening a stranger's file is
// bounded work: four times the standard cost, and ten million hashes.
const (
	memoryMax = 1 << 30 // bytes: 128 x n x r
	workMax   = 1 << 23 // n x r x p
	blocksMax = 1 << 10 // p x r
	roundsMax = 10_000_000
	saltMax   = 64
)

// derive lets one derivation run at a time: each may take 256 MiB.
var derive sync.Mutex

// file is a version 3 key file, checked so far that opening it cannot fail but
// for the passphrase.
type file struct {
	crypto  keystore.CryptoJSON
	address wire.Address
}

// seal is the version 3 file of a secret key.
func seal(secret []byte, address wire.Address, passphrase string, cost Cost) ([]byte, error) {
	derive.Lock()
	defer derive.Unlock()
	sealed, err := keystore.EncryptDataV3(secret, []byte(passphrase), cost.n, cost.p)
	if err != nil {
		return nil, err
	}
	id, err := newID()
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Address string              `json:"address"`
		Crypto  keystore.CryptoJSON `json:"crypto"`
		ID      string              `json:"id"`
		Version int                 `json:"version"`
	}{hex.EncodeToString(address[:]), sealed, id, 3})
}

// newID is a random UUID (RFC 9562, Section 5.4), which the format asks for.
func newID() (string, error) {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:]), nil
}

// unseal gives the secret key of a file; the caller clears it.
func unseal(raw []byte, passphrase string) ([]byte, error) {
	f, err := parseFile(raw)
	if err != nil {
		return nil, err
	}
	derive.Lock()
	secret, err := keystore.DecryptDataV3(f.crypto, passphrase)
	derive.Unlock()
	if errors.Is(err, keystore.ErrDecrypt) {
		return nil, ErrPassphrase
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrFile, err)
	}
	if err := f.matches(secret); err != nil {
		clear(secret)
		return nil, err
	}
	return secret, nil
}

// matches guards against a file whose address was exchanged. Files of some
// wallets have none.
func (f *file) matches(secret []byte) error {
	key, err := crypto.ToECDSA(secret)
	if err != nil {
		return fmt.Errorf("%w: %v", ErrFile, errSecret)
	}
	defer wipe(key)
	if got := wire.Address(crypto.PubkeyToAddress(key.PublicKey)); !f.address.IsZero() && got != f.address {
		return fmt.Errorf("%w: it says %v and holds %v", ErrFile, f.address, got)
	}
	return nil
}

// parseFile reads a version 3 file and checks every parameter that the
// derivation takes on trust.
func parseFile(raw []byte) (*file, error) {
	if len(raw) > FileBytesMax {
		return nil, fmt.Errorf("%w: more than %d bytes", ErrFile, FileBytesMax)
	}
	var in struct {
		Address string              `json:"address"`
		Crypto  keystore.CryptoJSON `json:"crypto"`
		Version int                 `json:"version"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrFile, err)
	}
	f := &file{crypto: in.Crypto}
	if in.Version != 3 {
		return nil, fmt.Errorf("%w: version %d", ErrFile, in.Version)
	}
	if in.Address != "" {
		text := "0x" + strings.ToLower(strings.TrimPrefix(in.Address, "0x"))
		if err := f.address.UnmarshalText([]byte(text)); err != nil {
			return nil, fmt.Errorf("%w: address: %v", ErrFile, err)
		}
	}
	if err := checkCrypto(&in.Crypto); err != nil {
		return nil, fmt.Errorf("%w: %v", ErrFile, err)
	}
	return f, nil
}

func checkCrypto(c *keystore.CryptoJSON) error {
	if c.Cipher != "aes-128-ctr" {
		return fmt.Errorf("cipher %q, want aes-128-ctr", c.Cipher)
	}
	for name, want := range map[string]struct {
		text   string
		length int
	}{"iv": {c.CipherParams.IV, 16}, "ciphertext": {c.CipherText, 32}, "mac": {c.MAC, 32}} {
		if raw, err := hex.DecodeString(want.text); err != nil || len(raw) != want.length {
			return fmt.Errorf("%s is not %d bytes in hexadecimal", name, want.length)
		}
	}
	salt, ok := c.KDFParams["salt"].(string)
	if raw, err := hex.DecodeString(salt); !ok || err != nil || len(raw) > saltMax {
		return fmt.Errorf("salt is not at most %d bytes in hexadecimal", saltMax)
	}
	if n := whole(c.KDFParams["dklen"]); n != 32 {
		return fmt.Errorf("dklen %d, want 32", n)
	}
	return checkKDF(c)
}

func checkKDF(c *keystore.CryptoJSON) error {
	switch c.KDF {
	case "scrypt":
		n, r, p := whole(c.KDFParams["n"]), whole(c.KDFParams["r"]), whole(c.KDFParams["p"])
		if n < 2 || n&(n-1) != 0 || r < 1 || p < 1 || 128*n*r > memoryMax || p*r > blocksMax || n*r*p > workMax {
			return fmt.Errorf("scrypt with n %d, r %d, p %d is beyond what is computed here", n, r, p)
		}
		return nil
	case "pbkdf2":
		if prf, _ := c.KDFParams["prf"].(string); prf != "hmac-sha256" {
			return fmt.Errorf("pbkdf2 with %q, want hmac-sha256", prf)
		}
		if n := whole(c.KDFParams["c"]); n < 1 || n > roundsMax {
			return fmt.Errorf("pbkdf2 with %d rounds, at most %d", n, roundsMax)
		}
		return nil
	}
	return fmt.Errorf("key derivation %q, want scrypt or pbkdf2", c.KDF)
}

// whole is a JSON number that is whole and at most roundsMax, or -1. The bound
// keeps the products above inside an int.
func whole(v any) int {
	f, ok := v.(float64)
	if !ok || f < 0 || f > roundsMax || f != float64(int(f)) {
		return -1
	}
	return int(f)
}
