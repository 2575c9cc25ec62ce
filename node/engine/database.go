package engine

import (
	"runtime"
	"sync/atomic"

	dbm "github.com/cometbft/cometbft-db"
)

// gate stands before the engine's databases. Once shut, whoever calls ends: the
// engine leaves goroutines behind when it stops, which sleep for seconds between
// two reads, and would end the process by a panic over a closed database.
type gate struct{ shut atomic.Bool }

// pass ends the calling goroutine, deferred calls included, if the gate is shut.
func (g *gate) pass() {
	if g.shut.Load() {
		runtime.Goexit()
	}
}

// guard puts the gate before a call and behind it: the database may have been
// closed meanwhile.
func guard[T any](g *gate, call func() (T, error)) (T, error) {
	g.pass()
	v, err := call()
	if err != nil {
		g.pass()
	}
	return v, err
}

func guardWrite(g *gate, call func() error) error {
	_, err := guard(g, func() (struct{}, error) { return struct{}{}, call() })
	return err
}

// database is a database behind the gate.
type database struct {
	dbm.DB
	gate *gate
}

func (d database) Get(key []byte) ([]byte, error) {
	return guard(d.gate, func() ([]byte, error) { return d.DB.Get(key) })
}

func (d database) Has(key []byte) (bool, error) {
	return guard(d.gate, func() (bool, error) { return d.DB.Has(key) })
}

func (d database) Set(key, value []byte) error {
	return guardWrite(d.gate, func() error { return d.DB.Set(key, value) })
}

func (d database) SetSync(key, value []byte) error {
	return guardWrite(d.gate, func() error { return d.DB.SetSync(key, value) })
}

func (d database) Delete(key []byte) error {
	return guardWrite(d.gate, func() error { return d.DB.Delete(key) })
}

func (d database) DeleteSync(key []byte) error {
	return guardWrite(d.gate, func() error { return d.DB.DeleteSync(key) })
}

func (d database) Iterator(start, end []byte) (dbm.Iterator, error) {
	return guard(d.gate, func() (dbm.Iterator, error) { return d.DB.Iterator(start, end) })
}

func (d database) ReverseIterator(start, end []byte) (dbm.Iterator, error) {
	return guard(d.gate, func() (dbm.Iterator, error) { return d.DB.ReverseIterator(start, end) })
}

func (d database) NewBatch() dbm.Batch { return batch{d.DB.NewBatch(), d.gate} }

// batch is a batch behind the gate.
type batch struct {
	dbm.Batch
	gate *gate
}

func (b batch) Write() error { return guardWrite(b.gate, b.Batch.Write) }

func (b batch) WriteSync() error { return guardWrite(b.gate, b.Batch.WriteSync) }
