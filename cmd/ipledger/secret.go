package main

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"strings"

	"ipledger/ledger/wire"
)

// lock reads the SHA-256 of a secret: as digits, or of the secret in a file. A
// file that is not there yet gets a new secret.
func (s *session) lock(text string) (wire.Hash, error) {
	if h, err := parseID(text); err == nil {
		return h, nil
	}
	secret, err := readSecret(text)
	if errors.Is(err, fs.ErrNotExist) {
		if secret, err = newSecret(text); err == nil {
			s.err.linef("the secret is in %s: keep it to yourself until you are paid; without it the transfer lapses", said(text))
		}
	}
	return sha256.Sum256(secret[:]), err
}

func newSecret(path string) (secret wire.Hash, err error) {
	if _, err = rand.Read(secret[:]); err != nil {
		return secret, err
	}
	return secret, writeFresh(path, []byte(secret.String()+"\n"), 0o600)
}

// readSecret reads 64 digits, or the file that has them.
func readSecret(text string) (secret wire.Hash, err error) {
	if secret, err = parseID(text); err == nil {
		return secret, nil
	}
	raw, err := os.ReadFile(text)
	if err != nil {
		return secret, usage("the secret is neither 64 hexadecimal digits nor in a file: %w", err)
	}
	if secret, err = parseID(strings.TrimSpace(string(raw))); err != nil {
		return secret, usage("%s does not hold the 64 hexadecimal digits of a secret", text)
	}
	return secret, nil
}

// digestBytesMax bounds a file that is hashed for an act: a deed, an answer.
const digestBytesMax = 64 << 20

// digestOf reads a SHA-256: as 64 digits, or that of a file.
func digestOf(text string) (wire.Hash, error) {
	if h, err := parseID(text); err == nil {
		return h, nil
	}
	raw, err := readSmall(text, digestBytesMax)
	return sha256.Sum256(raw), err
}
