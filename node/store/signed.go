package store

import (
	"crypto/sha256"
	"errors"
	"fmt"

	"ipledger/ledger/wire"
	"ipledger/node/store/sealed"
)

// Bounds of what PutSigned takes.
const (
	HeaderBytesMax      = 16 << 10
	CertificateBytesMax = 512 << 10 // 4,000 validators' signatures
	SetBytesMax         = 512 << 10
)

// Signed is what the engine signed at a height, in canonical bytes. The engine
// knows it after the block is committed, and forgets it when it prunes.
type Signed struct {
	Header      []byte
	Certificate []byte
	Set         []byte // the validators whose certificate it is
}

// signedRow is what a row of tableSigned holds. Sets stand in a table of their
// own, since they rarely change.
type signedRow struct {
	Header      []byte
	Certificate []byte
	Set         wire.Hash // SHA-256 of the set
}

const signedBytesMax = HeaderBytesMax + CertificateBytesMax + 64

// PutSigned keeps what was signed at height, over what was kept before.
// Nothing here is checked but size: certificates prove themselves.
//
// specs/09 STO-23: Signed headers MUST be kept for ever, apart from the engine.
func (s *Store) PutSigned(height uint64, v Signed) error {
	if len(v.Header) > HeaderBytesMax || len(v.Certificate) > CertificateBytesMax || len(v.Set) > SetBytesMax {
		return fmt.Errorf("%w: header, certificate and set of height %d have %d, %d and %d bytes, at most %d, %d and %d (STO-23)",
			ErrLimit, height, len(v.Header), len(v.Certificate), len(v.Set), HeaderBytesMax, CertificateBytesMax, SetBytesMax)
	}
	row := signedRow{v.Header, v.Certificate, sha256.Sum256(v.Set)}
	setKey := hashKey(tableSets, row.Set)
	if err := s.o.checkFree(freeToCommit); err != nil {
		return err
	}
	return s.db.Update(func(t *sealed.Txn) error {
		_, err := t.Get(setKey)
		if errors.Is(err, sealed.ErrAbsent) {
			err = t.Set(setKey, v.Set)
		}
		if err != nil {
			return err
		}
		return t.Set(heightKey(tableSigned, height), wire.Encode(row))
	})
}

// SignedAt is what PutSigned kept for height, or ErrNotFound.
func (s *Store) SignedAt(height uint64) (v Signed, err error) {
	err = s.db.View(func(t *sealed.Txn) error {
		key := heightKey(tableSigned, height)
		raw, err := t.Get(key)
		if errors.Is(err, sealed.ErrAbsent) {
			return fmt.Errorf("%w: signed header of height %d", ErrNotFound, height)
		}
		if err != nil {
			return err
		}
		var row signedRow
		if err := wire.Decode(raw, signedBytesMax, &row); err != nil {
			return corrupt(key, err.Error())
		}
		set, err := t.Get(hashKey(tableSets, row.Set))
		if errors.Is(err, sealed.ErrAbsent) {
			err = corrupt(hashKey(tableSets, row.Set), "the validator set of a signed header is missing")
		}
		v = Signed{row.Header, row.Certificate, set}
		return err
	})
	return v, err
}
