package engine

import (
	"testing"

	"ipledger/node/store/enginedb"
)

// TestGate ends what still reads and writes after Stop, without a panic.
func TestGate_ends_what_comes_late(t *testing.T) {
	files, err := enginedb.Open("", nil)
	if err != nil {
		t.Fatal(err)
	}
	g := new(gate)
	db := database{files.Database("state"), g}
	late := db.NewBatch()
	if err := db.Set([]byte("a"), []byte("b")); err != nil {
		t.Fatal(err)
	}
	if v, err := db.Get([]byte("a")); err != nil || string(v) != "b" {
		t.Fatalf("got %q, %v", v, err)
	}
	if err := late.Set([]byte("c"), []byte("d")); err != nil {
		t.Fatal(err)
	}
	g.shut.Store(true)
	if err := files.Close(); err != nil {
		t.Fatal(err)
	}
	key := []byte("a")
	for name, call := range map[string]func(){
		"Get":      func() { _, _ = db.Get(key) },
		"Has":      func() { _, _ = db.Has(key) },
		"Set":      func() { _ = db.SetSync(key, key) },
		"Delete":   func() { _ = db.DeleteSync(key) },
		"Iterator": func() { _, _ = db.Iterator(nil, nil) },
		"Reverse":  func() { _, _ = db.ReverseIterator(nil, nil) },
		"Write":    func() { _ = late.WriteSync() },
	} {
		ended := make(chan bool, 1)
		go func() {
			returned := false
			defer func() { ended <- !returned && recover() == nil }()
			call()
			returned = true
		}()
		if !<-ended {
			t.Errorf("%s returned or panicked after Stop", name)
		}
	}
}
