package keystore

import (
	"crypto/ecdsa"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

func mustKey(t *testing.T, digits string) *ecdsa.PrivateKey {
	t.Helper()
	key, err := crypto.HexToECDSA(digits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestExternal_SIG2_SIG3(t *testing.T) {
	digest := account.Keccak([]byte("act"))
	s, err := account.Sign(digest, mustKey(t, strings.Repeat("01", 32)))
	if err != nil {
		t.Fatal(err)
	}
	text := func(v byte) string {
		raw := s.Sig
		raw[64] = v
		return "0x" + hex.EncodeToString(raw[:])
	}
	good := text(s.Sig[64])
	for why, in := range map[string]string{
		"v of 0 or 1":   good,
		"v of 27 or 28": text(s.Sig[64] + 27),
		"capitals":      "0x" + strings.ToUpper(good[2:]),
		"a line's end":  good + "\n",
	} {
		if got, err := External(digest, in); err != nil || got != s {
			t.Errorf("%s: got %v, %v", why, got, err)
		}
	}
	for why, in := range map[string]string{
		"v of 2":    text(2),
		"v of 29":   text(29),
		"v of 35":   text(35),
		"64 bytes":  good[:130],
		"66 bytes":  good + "00",
		"no 0x":     good[2:],
		"no digits": "0x" + strings.Repeat("zz", 65),
		"nothing":   "",
		"zeros":     "0x" + strings.Repeat("00", 65),
	} {
		if got, err := External(digest, in); !errors.Is(err, account.ErrForm) {
			t.Errorf("%s: got %v, %v, want %v", why, got, err, account.ErrForm)
		}
	}
	if got, err := External(wire.Hash{1}, good); err == nil && got.Signer == s.Signer {
		t.Error("over another digest it is still the signer's")
	}
}
