package store

import (
	"bytes"
	"context"
	"time"

	"ipledger/node/store/sealed"
)

const (
	// ScrubBytesPerSecond keeps a scrub out of the way of everything else.
	ScrubBytesPerSecond = 8 << 20
	// scrubBatch is read without a pause.
	scrubBatch = 1 << 20
)

// Scrubbed is what a scrub has read.
type Scrubbed struct{ Rows, Bytes uint64 }

// Scrub reads every row once and checks its seal, at about ScrubBytesPerSecond,
// until all are read, one is damaged (a *CorruptError), or ctx ends. Run it
// once a week: what nobody reads rots unseen.
//
// specs/09 STO-27: A node SHOULD read and check every row once a week.
func (s *Store) Scrub(ctx context.Context) (Scrubbed, error) {
	return s.scrub(ctx, ScrubBytesPerSecond)
}

func (s *Store) scrub(ctx context.Context, perSecond uint64) (sum Scrubbed, err error) {
	for from := []byte{tableInfo}; from != nil; {
		began := sum.Bytes
		if from, err = s.scrubFrom(from, &sum); err != nil || from == nil {
			return sum, err
		}
		pause := time.Duration(sum.Bytes-began) * time.Second / time.Duration(perSecond)
		select {
		case <-ctx.Done():
			return sum, ctx.Err()
		case <-time.After(pause):
		}
	}
	return sum, nil
}

// scrubFrom reads one batch and gives the key to go on from, nil at the end.
func (s *Store) scrubFrom(from []byte, sum *Scrubbed) (next []byte, err error) {
	end := sum.Bytes + scrubBatch
	err = s.db.View(func(t *sealed.Txn) error {
		return t.Scan(nil, from, false, func(r sealed.Row) (bool, error) {
			if sum.Bytes >= end {
				next = bytes.Clone(r.Key)
				return false, nil
			}
			sum.Rows++
			sum.Bytes += uint64(len(r.Key) + len(r.Data) + sealed.SealBytes)
			return true, nil
		})
	})
	return next, err
}
