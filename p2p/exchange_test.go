package p2p

import (
	"crypto/rand"
	"errors"
	"testing"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/record"
	"github.com/multiformats/go-multiaddr"
)

// A node that knows one peer finds the others through it.
func TestSeek_findsPeersOfPeers(t *testing.T) {
	hub := start(t, testConfig(0), newShelf())
	for i := range 3 {
		link(t, start(t, testConfig(i+1), newShelf()), hub)
	}
	c := testConfig(9)
	c.PeersTarget = 4
	h := start(t, c, newShelf())
	link(t, h, hub)
	eventually(t, "four peers", func() bool { return len(h.Peers()) == 4 })
}

func TestDecodeRecordList_P2P23(t *testing.T) {
	cases := []struct {
		name string
		list recordList
		ok   bool
	}{
		{"none", recordList{[][]byte{}}, true},
		{"16 of 2,048 bytes", recordList{records(RecordsMax, RecordBytesMax)}, true},
		{"17", recordList{records(RecordsMax+1, 10)}, false},
		{"one of 2,049 bytes", recordList{records(1, RecordBytesMax+1)}, false},
	}
	for _, c := range cases {
		_, err := decodeRecordList(encode(c.list))
		if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrSize) {
			t.Errorf("%s: got %v, want accepted %v", c.name, err, c.ok)
		}
	}
	h := start(t, testConfig(0), newShelf())
	if _, err := h.answerPeers("", []byte{0xc1, 0x80}); !isForm(err) {
		t.Errorf("a request with a field: got %v", err)
	}
	raw, err := h.answerPeers("", encode(struct{}{}))
	if err != nil {
		t.Fatal(err)
	}
	if l, err := decodeRecordList(raw); err != nil || len(l.Records) != 0 {
		t.Errorf("a lonely node names %d peers, %v", len(l.Records), err)
	}
}

func TestReadRecord_P2P24(t *testing.T) {
	h := start(t, testConfig(0), newShelf())
	key, other := newKey(t), newKey(t)
	cases := []struct {
		name       string
		signer, of crypto.PrivKey
		addr       string
		ok         bool
	}{
		{"public", key, key, "/ip4/8.8.8.8/tcp/4001", true},
		{"within a trusted range", key, key, "/ip4/127.0.0.1/tcp/4001", true},
		{"the operator's own network", key, key, "/ip4/10.0.0.1/tcp/22", false},
		{"a link-local address", key, key, "/ip4/169.254.169.254/tcp/80", false},
		{"a name", key, key, "/dns4/localhost/tcp/22", false},
		{"signed by somebody else", other, key, "/ip4/8.8.8.8/tcp/4001", false},
	}
	for _, c := range cases {
		info, ok := h.readRecord(signedRecord(t, c.signer, c.of, c.addr))
		if ok != c.ok || ok && len(info.Addrs) != 1 {
			t.Errorf("%s: got %v, %v, want %v", c.name, info, ok, c.ok)
		}
	}
	if _, ok := h.readRecord([]byte("junk")); ok {
		t.Error("junk was read as a record")
	}
	own, err := crypto.UnmarshalEd25519PrivateKey(testConfig(0).Identity)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := h.readRecord(signedRecord(t, own, own, "/ip4/8.8.8.8/tcp/4001")); ok {
		t.Error("a node would dial itself")
	}
}

func FuzzDecodeRecordList_P2P23(f *testing.F) {
	f.Add(encode(recordList{records(2, 5)}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if l, err := decodeRecordList(raw); err == nil && string(encode(l)) != string(raw) {
			t.Errorf("%x re-encodes to %x", raw, encode(l))
		}
	})
}

func records(n, size int) (out [][]byte) {
	for range n {
		out = append(out, make([]byte, size))
	}
	return out
}

func newKey(t *testing.T) crypto.PrivKey {
	t.Helper()
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func signedRecord(t *testing.T, signer, of crypto.PrivKey, addr string) []byte {
	t.Helper()
	id, err := peer.IDFromPrivateKey(of)
	if err != nil {
		t.Fatal(err)
	}
	a, err := multiaddr.NewMultiaddr(addr)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := record.Seal(&peer.PeerRecord{PeerID: id, Addrs: []multiaddr.Multiaddr{a}, Seq: 1}, signer)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := signed.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
