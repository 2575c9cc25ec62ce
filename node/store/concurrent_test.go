package store_test

import (
	"errors"
	"sync"
	"testing"

	"ipledger/node/store"
	"ipledger/node/store/storetest"
)

// TestReadersBesideCommits_STO3_STO4 reads, scrubs and goes back in time while
// blocks are committed, then closes the store under the readers. Each reader
// must see whole blocks, and ErrClosed at the end.
func TestReadersBesideCommits_STO3_STO4(t *testing.T) {
	s, c := onDisk(t), storetest.NewChain(8, 60)
	must(t, s.Load(c.Base))
	keys := append(c.Keys()[:0:0], c.Keys()...)
	for range 10 {
		must(t, s.Commit(c.Next(10)))
	}
	var readers sync.WaitGroup
	loop := func(read func() error) {
		readers.Go(func() {
			for {
				if err := read(); errors.Is(err, store.ErrClosed) {
					return
				} else if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	loop(func() error { _, err := s.Scrub(t.Context()); return err })
	loop(func() error { _, err := s.History(keys[3], 0, 10); return err })
	loop(func() error { _, err := s.ValueAt(keys[5], 4); return err })
	loop(func() error {
		head, err := s.Head()
		if err != nil {
			return err
		}
		state, _, err := s.StateAt(t.Context(), head.Height-5)
		if err == nil && state.Root() == head.StateRoot {
			return errors.New("a state of five blocks ago has the head's root")
		}
		return err
	})
	loop(func() error {
		head, err := s.Head()
		if err != nil {
			return err
		}
		acts, err := s.ActsAt(head.Height)
		if err == nil && len(acts) != int(head.Acts) {
			return errors.New("half a block was seen")
		}
		return err
	})
	for range 40 {
		must(t, s.Commit(c.Next(10)))
	}
	must(t, s.Close())
	readers.Wait()
}
