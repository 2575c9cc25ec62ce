package store_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/store"
	"ipledger/node/store/sealed"
	"ipledger/node/store/storetest"
)

// grownAt makes a chain of n blocks in dir and closes the store.
func grownAt(t testing.TB, dir string, n int) *storetest.Chain {
	t.Helper()
	s, c := openAt(t, dir), storetest.NewChain(5, 40)
	must(t, s.Load(c.Base))
	for range n {
		must(t, s.Commit(c.Next(8)))
	}
	must(t, s.Close())
	return c
}

// TestHead_STO11_STO18 puts other files in HEAD's place.
func TestHead_STO11_STO18(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "HEAD")
	grownAt(t, dir, 2)
	heads := map[uint64][]byte{}
	save := func(h uint64) {
		raw, err := os.ReadFile(name)
		must(t, err)
		heads[h] = raw
	}
	save(2)
	s := openAt(t, dir)
	_, _, err := s.State()
	must(t, err)
	c := storetest.NewChain(5, 40)
	c.Next(8)
	c.Next(8)
	for h := uint64(3); h <= 5; h++ {
		must(t, s.Commit(c.Next(8)))
		save(h)
	}
	_, _, err = s.Rollback(4)
	must(t, err)
	must(t, s.Close())
	otherDir := t.TempDir()
	other := storetest.NewChain(6, 40)
	o := openAt(t, otherDir)
	must(t, o.Load(other.Base))
	foreign := map[int][]byte{}
	for h := 1; h <= 4; h++ {
		must(t, o.Commit(other.Next(8)))
		foreign[h], err = os.ReadFile(filepath.Join(otherDir, "HEAD"))
		must(t, err)
	}
	must(t, o.Close())

	for _, try := range []struct {
		name string
		raw  []byte // nil: no file
		want error
	}{
		{"level", heads[4], nil},
		{"one behind", heads[3], nil},
		{"two behind", heads[2], store.ErrAnchor},
		{"ahead", heads[5], store.ErrAnchor},
		{"another chain's", foreign[4], store.ErrAnchor},
		{"another chain's, one behind", foreign[3], store.ErrAnchor},
		{"missing", nil, store.ErrAnchor},
		{"cut", heads[4][:len(heads[4])-1], store.ErrCorrupt},
		{"longer", append(bytes.Clone(heads[4]), '\n'), store.ErrCorrupt},
		{"empty", []byte{}, store.ErrCorrupt},
		{"level again", heads[4], nil},
	} {
		must(t, errors.Join(os.RemoveAll(name)))
		if try.raw != nil {
			must(t, os.WriteFile(name, try.raw, 0o600))
		}
		s := openAt(t, dir)
		_, head, err := s.State()
		wantErr(t, try.name, err, try.want)
		if try.want == nil && head.Height != 4 {
			t.Errorf("%s: height %d", try.name, head.Height)
		}
		if try.want != nil {
			wantErr(t, try.name+", commit", s.Commit(c.Next(1)), store.ErrNotReady)
		}
		must(t, s.Close())
	}

	// A database that was lost beside HEAD is neither opened nor loaded over.
	must(t, os.RemoveAll(filepath.Join(dir, "ledger.db")))
	s = openAt(t, dir)
	_, _, err = s.State()
	wantErr(t, "lost database", err, store.ErrAnchor)
	wantErr(t, "load over a lost database", s.Load(c.Base), store.ErrAnchor)
}

// TestRows_STO8_STO17_STO20 loses rows and plants rows with good seals: what
// the seal cannot show, the start and the readers must.
func TestRows_STO8_STO17_STO20(t *testing.T) {
	dir := t.TempDir()
	c := foldedAt(t, dir, 4, 6)
	files := readImage(t, dir)
	first, last := c.Blocks[0], c.Blocks[5]
	changes := store.ChangesKey(6, last.Changes[0].Key)
	least := leastKey(c.Blocks[:4])
	heights := store.HeightsKey(4, least)
	kept := c.Keys()[0] // of the base, and of no block above the fold
	for _, k := range c.Keys() {
		_, base := c.Base.State.Get(k)
		_, is := c.State().Get(k)
		if base && is && !changedIn(c.Blocks[4:], k) {
			kept = k
		}
	}
	for _, try := range []struct {
		name   string
		key    []byte
		data   []byte // nil: lose the row
		state  error  // of State
		reader func(*store.Store) error
	}{
		{"record lost", store.RecordKey(kept), nil, store.ErrRoot, nil},
		{"record of before", store.RecordKey(kept), []byte("old"), store.ErrRoot, nil},
		{"record under no key", []byte{2, 9, 9}, []byte("x"), store.ErrCorrupt, nil},
		{"acts lost", store.ActsKey(6, 0), nil, store.ErrCorrupt,
			func(s *store.Store) error { _, err := s.ActsAt(6); return err }},
		{"acts of another", store.ActsKey(6, 0), []byte{0xc1, 0x01}, store.ErrCorrupt,
			func(s *store.Store) error { _, err := s.Act(last.Acts[1].ID); return err }},
		{"act cut", store.ActsKey(6, 0), []byte{0xc1, 0x01}, store.ErrCorrupt,
			func(s *store.Store) error { _, err := s.Act(last.Acts[0].ID); return err }},
		{"list not canonical", store.ActsKey(6, 0), []byte{0xf8, 0x01, 0x01}, store.ErrCorrupt,
			func(s *store.Store) error { _, err := s.ActsAt(6); return err }},
		{"changes lost", changes, nil, store.ErrCorrupt,
			func(s *store.Store) error { _, err := s.ChangesAt(6); return err }},
		{"changes without meaning", changes, []byte{0xc1, 0x07}, store.ErrCorrupt,
			func(s *store.Store) error { _, err := s.ValueAt(last.Changes[0].Key, 5); return err }},
		{"changes of another", changes, store.ChangesRow(6, c.Blocks[4].Changes), store.ErrCorrupt, nil},
		{"changes lost below the fold", store.ChangesKey(1, first.Changes[0].Key), nil, store.ErrCorrupt,
			func(s *store.Store) error { _, err := s.ValueAt(first.Changes[0].Key, 0); return err }},
		{"index without meaning", store.IndexKey(first.Acts[0].ID), []byte{1}, nil,
			func(s *store.Store) error { _, err := s.Act(first.Acts[0].ID); return err }},
		{"index of another", store.IndexKey(first.Acts[0].ID), make([]byte, 12), nil,
			func(s *store.Store) error { _, err := s.Receipt(first.Acts[0].ID); return err }},
		{"heights without meaning", heights, []byte{0xf8, 0x01, 0x01}, nil,
			func(s *store.Store) error { _, err := s.ValueAt(least, 0); return err }},
		{"heights that are none", heights, wire.Encode([][]byte{append(least.Bytes(), 1)}), nil,
			func(s *store.Store) error { _, err := s.History(least, 0, 5); return err }},
		{"fold lost", store.FoldKey(), nil, store.ErrCorrupt, nil},
		{"fold beyond the head", store.FoldKey(), bytes.Repeat([]byte{1}, 16), store.ErrCorrupt, nil},
		{"block lost", store.BlockKey(3), nil, store.ErrCorrupt,
			func(s *store.Store) error { _, err := s.BlockAt(3); return err }},
		{"head's block lost", store.BlockKey(6), nil, store.ErrCorrupt,
			func(s *store.Store) error { _, err := s.Head(); return err }},
		{"block of another height", store.BlockKey(3), must1(t, dir, store.BlockKey(2)), store.ErrCorrupt,
			func(s *store.Store) error { _, err := s.BlockAt(3); return err }},
		{"block rewritten", store.BlockKey(3), rewritten(t, dir, 3), store.ErrCorrupt, nil},
		{"block not canonical", store.BlockKey(3), []byte{0}, store.ErrCorrupt, nil},
		{"base lost", []byte{1, 2}, []byte{1}, store.ErrCorrupt,
			func(s *store.Store) error { _, err := s.Base(); return err }},
	} {
		t.Run(try.name, func(t *testing.T) {
			s := openAt(t, files.write(t))
			if try.data == nil {
				must(t, s.Lose(try.key))
			} else {
				must(t, s.Plant(try.key, try.data))
			}
			_, _, err := s.State()
			wantErr(t, "state", err, try.state)
			if try.reader != nil {
				wantErr(t, "reader", try.reader(s), store.ErrCorrupt)
			}
		})
	}
}

// foldedAt makes a chain of n blocks in dir, with a fold after one of them.
func foldedAt(t testing.TB, dir string, fold, n int) *storetest.Chain {
	t.Helper()
	s, c := openAt(t, dir), storetest.NewChain(5, 40)
	must(t, s.Load(c.Base))
	for i := range n {
		must(t, s.Commit(c.Next(8)))
		if i+1 == fold {
			must(t, s.Fold())
		}
	}
	must(t, s.Close())
	return c
}

// leastKey is the first key that blocks changed, in the order of keys.
func leastKey(blocks []store.Block) (least tree.Key) {
	for i, b := range blocks {
		if k := b.Changes[0].Key; i == 0 || k.Compare(least) < 0 {
			least = k
		}
	}
	return least
}

func changedIn(blocks []store.Block, k tree.Key) bool {
	for _, b := range blocks {
		for _, c := range b.Changes {
			if c.Key == k {
				return true
			}
		}
	}
	return false
}

// TestSignedSetLost_STO8 loses the validator set of a signed header.
func TestSignedSetLost_STO8(t *testing.T) {
	s := onDisk(t)
	must(t, s.PutSigned(1, store.Signed{Set: []byte("set")}))
	must(t, s.Lose(store.SetKey(sha256.Sum256([]byte("set")))))
	_, err := s.SignedAt(1)
	wantErr(t, "signed header without its set", err, store.ErrCorrupt)
}

// rewritten is the row of a block that tells of another time.
func rewritten(t testing.TB, dir string, height uint64) []byte {
	t.Helper()
	var m store.Meta
	must(t, wire.Decode(must1(t, dir, store.BlockKey(height)), 1<<10, &m))
	m.Time++
	return wire.Encode(m)
}

func must1(t testing.TB, dir string, key []byte) []byte {
	s := openAt(t, dir)
	data, err := s.Read(key)
	must(t, err)
	must(t, s.Close())
	return data
}

// TestFormat_STO9 opens stores of other formats.
func TestFormat_STO9(t *testing.T) {
	for _, format := range []byte{1, 200} {
		dir := t.TempDir()
		s := openAt(t, dir)
		must(t, s.Plant(store.FormatKey(), []byte{format}))
		must(t, s.Close())
		_, err := store.Open(options(dir))
		wantErr(t, fmt.Sprint("format ", format), err, store.ErrFormat)
	}
	_, err := store.Open(store.Options{Dir: t.TempDir()})
	if err == nil {
		t.Error("a store without Value was opened")
	}
}

// TestFlips_STO1_STO6 flips single bits in every file of a store that was not
// closed. Whatever happens, no reader may see another byte than was written.
func TestFlips_STO1_STO6(t *testing.T) {
	files, c := liveImage(t)
	noticed, tried := map[string]int{}, map[string]int{} // by class of file
	random := rand.New(rand.NewPCG(1, 2))
	for name, file := range files {
		class := filepath.Ext(name)
		if class == "" {
			class = filepath.Base(name)
		}
		for range flipsOf(class, file) {
			dir := files.write(t)
			damaged := sparse{bytes.Clone(file.raw), file.size}
			damaged.raw[random.IntN(len(file.raw))] ^= 1 << random.IntN(8)
			damaged.write(t, filepath.Join(dir, name))
			tried[class]++
			if notices(t, dir, c, name) {
				noticed[class]++
			}
			must(t, os.RemoveAll(dir))
		}
	}
	for class, n := range tried {
		t.Logf("%s: %d of %d flips noticed, none served", class, noticed[class], n)
	}
	for _, class := range []string{".sst", ".mem", "MANIFEST", "HEAD"} {
		if noticed[class] == 0 {
			t.Errorf("no flip in %s was noticed, of %d", class, tried[class])
		}
	}
	if noticed[".sst"] != tried[".sst"] || noticed["HEAD"] != tried["HEAD"] {
		t.Error("a flip in a table or in HEAD went unnoticed")
	}
}

func flipsOf(class string, file sparse) int {
	switch {
	case len(file.raw) == 0:
		return 0
	case class == ".sst" || class == ".mem":
		return 16
	case class == "MANIFEST" || class == "HEAD":
		return 8
	}
	return 3
}

// liveImage is a store with tables, taken while it is open and has rows in memory.
func liveImage(t *testing.T) (image, *storetest.Chain) {
	t.Helper()
	dir := t.TempDir()
	c := foldedAt(t, dir, 3, 5)
	s := openAt(t, dir)
	_, _, err := s.State()
	must(t, err)
	for i := range 4 {
		must(t, s.Commit(c.Next(8)))
		if i == 1 {
			must(t, s.Fold())
		}
	}
	return readImage(t, dir), c
}

// notices opens a damaged store and reads all of it. It fails the test if
// anything reads otherwise than it was written.
func notices(t *testing.T, dir string, c *storetest.Chain, file string) bool {
	t.Helper()
	s, err := store.Open(options(dir))
	if err != nil {
		return true
	}
	defer s.Close()
	state, head, err := s.State()
	if err != nil {
		return true
	}
	if head.Height != 9 || state.Root() != c.State().Root() {
		t.Errorf("%s: height %d, root %v accepted", file, head.Height, state.Root())
		return false
	}
	if _, err := s.Scrub(t.Context()); err != nil {
		return true
	}
	for h := uint64(0); h <= 9; h++ {
		for _, k := range c.Keys() {
			leaf, ok := c.StateAt(h).Get(k)
			got, err := s.ValueAt(k, h)
			if err != nil {
				return true
			}
			if ok != (got != nil) || !bytes.Equal(got, leaf.Data) {
				t.Errorf("%s: %v at %d reads otherwise", file, k, h)
			}
		}
	}
	for _, b := range c.Blocks {
		for i, a := range b.Acts {
			act, err := s.Act(a.ID)
			receipt, err2 := s.Receipt(a.ID)
			if err != nil || err2 != nil {
				return true
			}
			if !bytes.Equal(act.Raw, a.Raw) || !bytes.Equal(receipt.Raw, b.Receipts[i]) {
				t.Errorf("%s: act %v reads otherwise", file, a.ID)
			}
		}
	}
	return false
}

// image is the files of a store, by relative name.
type image map[string]sparse

// sparse is a file whose end is a hole: Badger's files are gigabytes long and
// nearly all hole. raw ends with the last byte that is not zero, among the
// first MiB, which is more than these tests write.
type sparse struct {
	raw  []byte
	size int64
}

func readImage(t testing.TB, dir string) image {
	t.Helper()
	files := image{}
	must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "LOCK" {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[name] = readSparse(t, path)
		return err
	}))
	return files
}

func readSparse(t testing.TB, name string) sparse {
	t.Helper()
	file, err := os.Open(name)
	must(t, err)
	defer file.Close()
	info, err := file.Stat()
	must(t, err)
	raw, err := io.ReadAll(io.LimitReader(file, 1<<20))
	must(t, err)
	return sparse{bytes.TrimRight(raw, "\x00"), info.Size()}
}

// write makes a store's directory of the files.
func (i image) write(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	must(t, os.Mkdir(filepath.Join(dir, "ledger.db"), 0o700))
	for name, file := range i {
		file.write(t, filepath.Join(dir, name))
	}
	return dir
}

func (s sparse) write(t testing.TB, name string) {
	t.Helper()
	must(t, os.WriteFile(name, s.raw, 0o600))
	must(t, os.Truncate(name, s.size))
}

// TestErrors_STO1 checks that a refusal says what to do.
func TestErrors_STO1(t *testing.T) {
	for _, err := range []error{
		&store.CorruptError{Table: "records", Why: "x"}, &store.RootError{}, &store.AnchorError{},
		&store.DiskLowError{}, &store.FatalError{}, &store.LimitError{},
	} {
		if text := fmt.Sprint(err); !strings.Contains(text, "STO-") || !strings.Contains(text, ";") {
			t.Errorf("%T says no rule or no remedy: %s", err, text)
		}
	}
}

// TestTables_STO1_STO6 cuts each table anywhere, or removes it: opening says
// what is damaged and what to do, where Badger alone would panic in a goroutine
// of its own.
func TestTables_STO1_STO6(t *testing.T) {
	files, _ := liveImage(t)
	tables := 0
	for name, file := range files {
		if filepath.Ext(name) != ".sst" {
			continue
		}
		tables++
		for _, left := range []int{0, 3, 7, 100, len(file.raw) / 3, len(file.raw) * 2 / 3, len(file.raw) - 1} {
			dir := files.write(t)
			must(t, os.WriteFile(filepath.Join(dir, name), file.raw[:left], 0o600))
			if _, err := store.Open(options(dir)); !errors.Is(err, store.ErrCorrupt) || !strings.Contains(err.Error(), "restore this node") {
				t.Errorf("%s cut to %d bytes of %d: got %v", name, left, len(file.raw), err)
			}
			must(t, os.RemoveAll(dir))
		}
		dir := files.write(t)
		must(t, os.Remove(filepath.Join(dir, name)))
		if _, err := store.Open(options(dir)); !errors.Is(err, store.ErrCorrupt) || !strings.Contains(err.Error(), filepath.Base(name)) {
			t.Errorf("without %s: got %v", name, err)
		}
	}
	if tables == 0 {
		t.Error("the store has no table to damage")
	}
}

// TestOpen_twice: a second process is told that another has the store.
func TestOpen_twice(t *testing.T) {
	dir := t.TempDir()
	openAt(t, dir)
	if _, err := store.Open(options(dir)); !errors.Is(err, sealed.ErrLocked) || errors.Is(err, store.ErrCorrupt) {
		t.Errorf("got %v", err)
	}
}
