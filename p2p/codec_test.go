package p2p

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"ipledger/specs/frozen"

	pb "github.com/libp2p/go-libp2p-pubsub/pb"
)

// hexBytes is bytes that a vector states in hexadecimal.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

type vector struct {
	Bytes hexBytes
	Valid bool
	Why   string
}

type vectors struct {
	Envelopes []struct {
		vector
		Nonce hexBytes
		Acts  []hexBytes
	}
	Greetings []struct {
		vector
		Version, Base, Height uint64
		ChainID               string `json:"chain_id"`
		Genesis, Head         hexBytes
	}
	IDLists []struct {
		vector
		Kind string
	} `json:"id_lists"`
	MessageIDs []struct {
		Topic    string
		Data, ID hexBytes
	} `json:"message_ids"`
}

func readVectors(t testing.TB) (v vectors) {
	frozen.Read(t, "p2p", &v)
	if len(v.Envelopes) == 0 || len(v.Greetings) == 0 || len(v.IDLists) == 0 || len(v.MessageIDs) == 0 {
		t.Fatal("vectors/p2p.json lacks a kind")
	}
	return v
}

func wantValid(t *testing.T, v vector, err error) {
	t.Helper()
	if (err == nil) != v.Valid {
		t.Errorf("%s: got %v, want valid %v", v.Why, err, v.Valid)
	}
	if err != nil && !isForm(err) {
		t.Errorf("%s: %v is neither ErrSize nor ErrCanonical", v.Why, err)
	}
}

func TestVectors_envelopes_P2P1(t *testing.T) {
	for _, v := range readVectors(t).Envelopes {
		e, err := decodeEnvelope(v.Bytes)
		wantValid(t, v.vector, err)
		if !v.Valid {
			continue
		}
		want := envelope{Nonce: [8]byte(v.Nonce)}
		for _, act := range v.Acts {
			want.Acts = append(want.Acts, act)
		}
		if got := encode(want); !bytes.Equal(got, v.Bytes) || fmt.Sprint(e) != fmt.Sprint(want) {
			t.Errorf("%s: %x encodes to %x", v.Why, want, got)
		}
	}
}

func TestVectors_greetings_P2P5(t *testing.T) {
	for _, v := range readVectors(t).Greetings {
		g, err := decodeGreeting(v.Bytes)
		wantValid(t, v.vector, err)
		if !v.Valid {
			continue
		}
		want := greeting{Version: v.Version, ChainID: v.ChainID, Genesis: [32]byte(v.Genesis), Base: v.Base, Height: v.Height, Head: [32]byte(v.Head)}
		if g != want || !bytes.Equal(encode(want), v.Bytes) {
			t.Errorf("%s: got %+v, want %+v", v.Why, g, want)
		}
	}
}

func TestVectors_idLists_P2P13(t *testing.T) {
	for _, v := range readVectors(t).IDLists {
		var err error
		if v.Kind == "held" {
			_, err = decodeHeldRequest(v.Bytes)
		} else {
			_, err = decodeIDList(v.Bytes, IDsMax)
		}
		wantValid(t, v.vector, err)
	}
}

func TestVectors_messageIDs_P2P7(t *testing.T) {
	for _, v := range readVectors(t).MessageIDs {
		if got := messageID(&pb.Message{Topic: &v.Topic, Data: v.Data}); got != string(v.ID) {
			t.Errorf("got %x, want %x", got, v.ID)
		}
	}
}

// What is exactly as large as allowed passes; one more does not.
func TestDecode_P2P2(t *testing.T) {
	ids := func(n int) [][32]byte { return manyIDs("", n) }
	cases := []struct {
		name string
		err  error
		ok   bool
	}{
		{"4,096 ids", second(decodeIDList(encode(idList{ids(IDsMax)}), IDsMax)), true},
		{"4,097 ids", second(decodeIDList(encode(idList{ids(IDsMax + 1)}), IDsMax)), false},
		{"a request for 256 acts", second(decodeIDList(encode(idList{ids(PullMax)}), PullMax)), true},
		{"a request for 257 acts", second(decodeIDList(encode(idList{ids(PullMax + 1)}), PullMax)), false},
		{"4,096 ids held", second(decodeHeldRequest(encode(heldRequest{Last: lastID, IDs: ids(IDsMax)}))), true},
		{"4,097 ids held", second(decodeHeldRequest(encode(heldRequest{Last: lastID, IDs: ids(IDsMax + 1)}))), false},
		{"256 acts", second(decodeActList(encode(actList{make([][]byte, PullMax)}))), true},
		{"257 acts", second(decodeActList(encode(actList{make([][]byte, PullMax+1)}))), false},
		{"acts of 1 MiB", second(decodeActList(encode(actList{[][]byte{make([]byte, 1<<20)}}))), false},
		{"a greeting of 1 KiB", second(decodeGreeting(make([]byte, GreetingBytesMax+1))), false},
	}
	for _, c := range cases {
		if (c.err == nil) != c.ok || c.err != nil && !errors.Is(c.err, ErrSize) {
			t.Errorf("%s: got %v, want accepted %v", c.name, c.err, c.ok)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestEnvelope_P2P3(t *testing.T) {
	acts := func(n, size int) (out [][]byte) {
		for i := range n {
			out = append(out, fmt.Appendf(nil, "%0*d", size, i))
		}
		return out
	}
	cases := []struct {
		name string
		acts [][]byte
		ok   bool
	}{
		{"one of one byte", acts(1, 1), true},
		{"256", acts(256, 300), true},
		{"257", acts(257, 300), false},
		{"the largest act", acts(1, ActBytesMax), true},
		{"a larger act", acts(1, ActBytesMax+1), false},
		{"two of the largest", acts(2, ActBytesMax), false},
		{"none", nil, false},
		{"the same twice", [][]byte{{1}, {1}}, false},
	}
	for _, c := range cases {
		if _, err := decodeEnvelope(encode(newEnvelope(c.acts))); (err == nil) != c.ok {
			t.Errorf("%s: got %v, want accepted %v", c.name, err, c.ok)
		}
	}
}

// Whatever is published fits: every act once, in its order, in envelopes that decode.
func TestPack_fitsEnvelopes(t *testing.T) {
	var acts [][]byte
	for i := range 1500 {
		acts = append(acts, fmt.Appendf(nil, "%d %s", i, strings.Repeat("x", (i*i)%3000)))
	}
	acts = append(acts, bytes.Repeat([]byte{1}, ActBytesMax), bytes.Repeat([]byte{2}, ActBytesMax), acts[0])
	batches, err := pack(acts)
	if err != nil {
		t.Fatal(err)
	}
	var got [][]byte
	for _, batch := range batches {
		e, err := decodeEnvelope(encode(newEnvelope(batch)))
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Acts...)
	}
	if want := acts[:len(acts)-1]; !bytes.Equal(bytes.Join(got, nil), bytes.Join(want, nil)) || len(got) != len(want) {
		t.Errorf("%d acts packed, want %d in their order", len(got), len(want))
	}
	if _, err := pack([][]byte{{}}); !errors.Is(err, ErrSize) {
		t.Errorf("an empty act: got %v, want %v", err, ErrSize)
	}
}

// FuzzDecode_P2P1 holds every decoder to one property: what decodes re-encodes
// to the same bytes.
func FuzzDecode_P2P1(f *testing.F) {
	v := readVectors(f)
	for _, x := range v.Envelopes {
		f.Add([]byte(x.Bytes))
	}
	for _, x := range v.Greetings {
		f.Add([]byte(x.Bytes))
	}
	for _, x := range v.IDLists {
		f.Add([]byte(x.Bytes))
	}
	f.Add(encode(actList{[][]byte{[]byte("act"), nil}}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		same := func(kind string, got any, err error) {
			if err == nil && !bytes.Equal(encode(got), raw) {
				t.Errorf("%s: %x re-encodes to %x", kind, raw, encode(got))
			}
		}
		e, err := decodeEnvelope(raw)
		same("envelope", e, err)
		g, err := decodeGreeting(raw)
		same("greeting", g, err)
		r, err := decodeHeldRequest(raw)
		same("request for ids", r, err)
		l, err := decodeIDList(raw, IDsMax)
		same("list of ids", l, err)
		a, err := decodeActList(raw)
		same("list of acts", a, err)
	})
}

// FuzzReadLength_P2P11: a length that is accepted is within the cap and written
// in the one shortest form.
func FuzzReadLength_P2P11(f *testing.F) {
	for _, seed := range [][]byte{{0}, {0x80, 1}, {0xff, 0xff, 0xff, 0x7f}, {0x85, 0}} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		n, err := readLength(bytes.NewReader(raw), 1<<20)
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := writeFrame(&again, make([]byte, n)); err != nil {
			t.Fatal(err)
		}
		if head := again.Len() - n; n > 1<<20 || !bytes.Equal(again.Bytes()[:head], raw[:head]) {
			t.Errorf("%x was read as %d", raw, n)
		}
	})
}
