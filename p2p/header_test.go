package p2p

import (
	"bytes"
	"errors"
	"testing"
)

// TestReader_LIGHT6 asks a node for headers without being one.
func TestReader_LIGHT6(t *testing.T) {
	c := testConfig(0)
	h := start(t, c, newShelf())
	r, err := NewReader(c.ChainID, c.Genesis)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	addr := h.Addrs()[0]
	for height, want := range map[uint64]byte{0: 7, 3: 3, 7: 7} {
		got, err := r.Header(t.Context(), addr, height)
		if err != nil || !bytes.Equal(got.Header, []byte{want}) || string(got.Validators) != "validators" {
			t.Errorf("height %d: got %v, %v", height, got, err)
		}
	}
	if _, err := r.Header(t.Context(), addr, 8); err == nil {
		t.Error("a header that is not there was given")
	}
	if _, err := r.Header(t.Context(), "http://127.0.0.1", 1); !errors.Is(err, ErrConfig) {
		t.Errorf("a URL: got %v", err)
	}
	other, err := NewReader(c.ChainID, [32]byte{9})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := other.Header(t.Context(), addr, 1); !errors.Is(err, ErrOtherLedger) {
		t.Errorf("another ledger: got %v", err)
	}
	if _, err := NewReader("Not A Chain", c.Genesis); !errors.Is(err, ErrConfig) {
		t.Errorf("a chain id that is none: got %v", err)
	}
}

func TestAnswerHeader_LIGHT6(t *testing.T) {
	h := start(t, testConfig(0), newShelf())
	for _, raw := range [][]byte{nil, {0xc0}, {0xc2, 0x80, 0x80}, {0xc2, 0x81, 0x05}, make([]byte, headerRequestMax+1)} {
		if _, err := h.answerHeader("", raw); !isForm(err) {
			t.Errorf("%x: got %v", raw, err)
		}
	}
	if raw, err := h.answerHeader("", encode(headerRequest{0})); err != nil || len(raw) > HeaderAnswerBytesMax {
		t.Errorf("got %d bytes, %v", len(raw), err)
	}
}

// FuzzDecodeHeader_P2P1: what is read re-encodes to the same bytes.
func FuzzDecodeHeader_P2P1(f *testing.F) {
	f.Add(encode(Header{[]byte{1}, []byte{2}, []byte{3}}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if h, err := decodeHeader(raw); err == nil && !bytes.Equal(encode(h), raw) {
			t.Fatalf("%x re-encodes to %x", raw, encode(h))
		}
	})
}
