package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"testing"
)

// sample has one field of each kind that records have.
type sample struct {
	Number   uint64
	Small    uint8
	Flag     bool
	Text     string
	Hash     Hash
	Address  Address
	Resource Resource
	List     []uint64
}

// vectors are specs/vectors/encoding.json.
type vectors struct {
	Sample []struct {
		Raw, Rule, Why string
	}
	Resources []struct {
		Key       string
		Family    uint8
		Length    uint8
		Address   string
		Text      string
		Rule, Why string
	}
	Hashes []struct {
		Tag   byte
		Parts []string
		Sum   Hash
	}
	Texts []struct {
		Kind, Text, Rule, Why string
	}
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	raw, err := os.ReadFile("../../specs/vectors/encoding.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func unhexed(t *testing.T, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestDecode_WIRE1_WIRE2_WIRE4(t *testing.T) {
	v := readVectors(t)
	if len(v.Sample) == 0 {
		t.Fatal("no vectors")
	}
	want := map[string]error{"": nil, "WIRE-1": ErrCanonical, "WIRE-2": ErrSize, "WIRE-4": ErrCanonical}
	for _, c := range v.Sample {
		var s sample
		raw := unhexed(t, c.Raw)
		err := Decode(raw, 256, &s)
		if !errors.Is(err, want[c.Rule]) {
			t.Errorf("%s: got %v, want %v", c.Why, err, want[c.Rule])
		}
		if err == nil && !bytes.Equal(Encode(&s), raw) {
			t.Errorf("%s: written again as %x", c.Why, Encode(&s))
		}
	}
}

// Size comes first: what is too long is refused for that, however malformed.
func TestDecodeSize_WIRE2(t *testing.T) {
	var s sample
	if err := Decode(make([]byte, 257), 256, &s); !errors.Is(err, ErrSize) {
		t.Errorf("malformed and too long: got %v, want %v", err, ErrSize)
	}
	if err := Decode(make([]byte, 256), 256, &s); errors.Is(err, ErrSize) || err == nil {
		t.Errorf("malformed and just not too long: got %v", err)
	}
}

func TestEncodePanics_WIRE4(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a resource with host bits was encoded")
		}
	}()
	Encode(Resource{Family: IPv4, Len: 8, Addr: [16]byte{10, 1}})
}

func TestSum_WIRE3(t *testing.T) {
	v := readVectors(t)
	if len(v.Hashes) == 0 {
		t.Fatal("no vectors")
	}
	for _, c := range v.Hashes {
		var parts [][]byte
		raw := []byte{c.Tag}
		for _, p := range c.Parts {
			parts = append(parts, unhexed(t, p))
			raw = append(raw, unhexed(t, p)...)
		}
		if got := Sum(c.Tag, parts...); got != c.Sum || got != sha256.Sum256(raw) {
			t.Errorf("tag %#x of %v: got %v, want %v", c.Tag, c.Parts, got, c.Sum)
		}
	}
}

func TestTags_WIRE3(t *testing.T) {
	tags := []byte{
		TagLogLeaf, TagLogNode, TagTreeTop, TagApp, TagAccountID, TagBundle,
		TagWork, TagGenesis, TagValue, TagRecord, TagDealing, TagContacts, TagSource, TagHandle, TagLetter,
	}
	for node := range byte(8) {
		tags = append(tags, TagTreeNode|node)
	}
	seen := map[byte]bool{}
	for _, tag := range tags {
		if seen[tag] {
			t.Errorf("tag %#x has two domains", tag)
		}
		seen[tag] = true
	}
}

func TestText_WIRE5(t *testing.T) {
	v := readVectors(t)
	if len(v.Texts) == 0 {
		t.Fatal("no vectors")
	}
	for _, c := range v.Texts {
		var err error
		var again string
		switch c.Kind {
		case "hash":
			var h Hash
			err = h.UnmarshalText([]byte(c.Text))
			again = h.String()
		case "address":
			var a Address
			err = a.UnmarshalText([]byte(c.Text))
			again = a.String()
		default:
			t.Fatalf("%s: kind %q", c.Why, c.Kind)
		}
		if (err == nil) != (c.Rule == "") || err != nil && !errors.Is(err, ErrCanonical) {
			t.Errorf("%s: got %v, want rule %q", c.Why, err, c.Rule)
		}
		if err == nil && again != c.Text {
			t.Errorf("%s: written again as %s", c.Why, again)
		}
	}
}

func FuzzDecode_WIRE1(f *testing.F) {
	f.Add(Encode(&sample{List: []uint64{0, 1, 1 << 63}, Text: "x"}))
	f.Add([]byte{0xc0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		var s sample
		if err := Decode(raw, 4096, &s); err == nil && !bytes.Equal(Encode(&s), raw) {
			t.Errorf("%x is written again as %x", raw, Encode(&s))
		}
	})
}
