package chain

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/wire"
)

// decoders reads the bytes of each kind and writes them again.
var decoders = map[string]func(raw []byte) ([]byte, error){
	"header":      func(raw []byte) ([]byte, error) { v, err := DecodeHeader(raw); return v.Bytes(), err },
	"set":         func(raw []byte) ([]byte, error) { v, err := DecodeValidatorSet(raw); return v.Bytes(), err },
	"certificate": func(raw []byte) ([]byte, error) { v, err := DecodeCertificate(raw); return v.Bytes(), err },
	"inclusion":   func(raw []byte) ([]byte, error) { v, err := DecodeInclusion(raw); return v.Bytes(), err },
	"consistency": func(raw []byte) ([]byte, error) { v, err := DecodeConsistency(raw); return v.Bytes(), err },
	"frontier":    func(raw []byte) ([]byte, error) { v, err := DecodeFrontier(raw); return v.Bytes(), err },
}

func TestDecode_CHAIN1_CHAIN3_CHAIN4_CHAIN5_CHAIN7_CHAIN18(t *testing.T) {
	for _, v := range loadVectors(t).Malformed {
		if _, err := decoders[v.Kind](v.Bytes); err == nil || !strings.Contains(err.Error(), "("+v.Rule+")") {
			t.Errorf("%s, %s: got %v, want a refusal by %s", v.Kind, v.Why, err, v.Rule)
		}
	}
}

func TestHeaderHash_CHAIN2(t *testing.T) {
	for _, v := range loadVectors(t).Headers {
		h, err := DecodeHeader(v.Bytes)
		if err != nil || h.Hash() != v.Hash || !bytes.Equal(h.Bytes(), v.Bytes) {
			t.Errorf("%s: got %v, %v, want %v", v.Why, h.Hash(), err, v.Hash)
		}
	}
}

func TestSetHash_CHAIN6(t *testing.T) {
	for _, v := range loadVectors(t).Sets {
		s, err := DecodeValidatorSet(v.Bytes)
		if err != nil || s.Hash() != v.Hash || !bytes.Equal(s.Bytes(), v.Bytes) {
			t.Errorf("%s: got %v, %v, want %v", v.Why, s.Hash(), err, v.Hash)
		}
	}
}

func TestSignBytes_CHAIN9(t *testing.T) {
	for _, v := range loadVectors(t).SignBytes {
		c, err := DecodeCertificate(v.Certificate)
		if err != nil {
			t.Fatalf("%s: %v", v.Why, err)
		}
		if got := c.SignBytes(v.ChainID, v.Slot); !bytes.Equal(got, v.Bytes) {
			t.Errorf("%s: got %x, want %x", v.Why, got, v.Bytes)
		}
	}
}

func TestSignature_CHAIN10(t *testing.T) {
	for _, v := range loadVectors(t).Signatures {
		if got := Arithmetic([32]byte(v.Key), v.Message, v.Signature); got != v.Valid {
			t.Errorf("%s: got %v, want %v", v.Why, got, v.Valid)
		}
	}
}

func verifyVector(v certificateVector) error {
	set, err := DecodeValidatorSet(v.Set)
	if err != nil {
		return err
	}
	header, err := DecodeHeader(v.Header)
	if err != nil {
		return err
	}
	cert, err := DecodeCertificate(v.Certificate)
	if err != nil || len(v.Trusted) == 0 {
		return errors.Join(err, Verify(v.ChainID, set, header, cert))
	}
	trusted, err := DecodeValidatorSet(v.Trusted)
	return errors.Join(err, VerifyTrusting(v.ChainID, trusted, set, header, cert))
}

func TestVerify_CHAIN8_CHAIN10_CHAIN11_CHAIN12(t *testing.T) {
	kinds := map[string]error{"CHAIN-8": ErrMismatch, "CHAIN-10": ErrSignature, "CHAIN-11": ErrPower, "CHAIN-12": ErrPower}
	for _, v := range loadVectors(t).Certificates {
		err := verifyVector(v)
		if v.Valid {
			if err != nil {
				t.Errorf("%s: %v", v.Why, err)
			}
			continue
		}
		if !errors.Is(err, kinds[v.Rule]) || !strings.Contains(err.Error(), "("+v.Rule+")") {
			t.Errorf("%s: got %v, want a refusal by %s", v.Why, err, v.Rule)
		}
	}
}

// TestVerifyAnyBit_CHAIN8 flips every bit of a certificate and of a header:
// no one of them may be left unchecked.
func TestVerifyAnyBit_CHAIN8(t *testing.T) {
	s := newScene(1, 1, 1, 1).vote("cccn")
	flip := func(what string, raw []byte, verify func(raw []byte) error) {
		for i := range 8 * len(raw) {
			bad := slices.Clone(raw)
			bad[i/8] ^= 1 << (i % 8)
			if verify(bad) == nil {
				t.Errorf("%s with bit %d flipped verifies", what, i)
			}
		}
	}
	flip("certificate", s.cert.Bytes(), func(raw []byte) error {
		c, err := DecodeCertificate(raw)
		if err != nil {
			return err
		}
		return Verify(s.chainID, s.set, s.header, c)
	})
	flip("header", s.header.Bytes(), func(raw []byte) error {
		h, err := DecodeHeader(raw)
		if err != nil {
			return err
		}
		return Verify(s.chainID, s.set, h, s.cert)
	})
	flip("set", s.set.Bytes(), func(raw []byte) error {
		set, err := DecodeValidatorSet(raw)
		if err != nil {
			return err
		}
		return Verify(s.chainID, set, s.header, s.cert)
	})
}

func TestBounds_CHAIN3(t *testing.T) {
	long := BlockID{Hash: hashOf("h"), Total: 1<<32 - 1, Parts: hashOf("p")}
	early := int64(secondsMin)
	h := four().header
	h.Version.App, h.Height = 1<<64-1, 1<<63-1
	h.ChainID, h.LastBlock = strings.Repeat("x", ChainIDBytesMax), long
	h.Time = Time{Seconds: secondsMax, Nanos: nanosMax}
	set := slices.Repeat([]Validator{{Alg: 1, Power: PowerMax}}, ValidatorsMax)
	c := Certificate{Height: 1<<63 - 1, Round: RoundMax, Block: long, Slots: slices.Repeat([]Slot{
		{Flag: VotedNil, Time: Time{Seconds: uint64(early), Nanos: nanosMax}, Sig: make([]byte, 64)}}, ValidatorsMax)}
	path := make([]wire.Hash, PathMax)
	for _, tc := range []struct {
		kind     string
		got, max int
	}{
		{"header", len(h.Bytes()), HeaderBytesMax},
		{"set", len(ValidatorSet(set).Bytes()), ValidatorSetBytesMax},
		{"certificate", len(c.Bytes()), CertificateBytesMax},
		{"inclusion", len(Inclusion{Index: LeavesMax - 1, Size: LeavesMax, Path: path}.Bytes()), ProofBytesMax},
		{"frontier", len(Frontier{Size: LeavesMax, Roots: path[1:]}.Bytes()), FrontierBytesMax},
	} {
		if tc.got > tc.max || tc.got < tc.max*8/10 {
			t.Errorf("the longest %s has %d bytes, the bound is %d", tc.kind, tc.got, tc.max)
		}
	}
}

func TestData_CHAIN13_CHAIN14(t *testing.T) {
	for _, v := range loadVectors(t).Data {
		var acts [][]byte
		var leaves []wire.Hash
		for _, a := range v.Acts {
			acts, leaves = append(acts, a), append(leaves, ActLeaf(a))
		}
		if got := DataHash(acts); got != v.Hash {
			t.Errorf("%d acts: got %v, want %v", len(acts), got, v.Hash)
		}
		proveAll(t, leaves, v.Hash)
	}
}

func TestResults_CHAIN15(t *testing.T) {
	for _, v := range loadVectors(t).Results {
		var results []Result
		var leaves []wire.Hash
		for _, r := range v.Results {
			results = append(results, Result{r.Code, r.Data})
			leaves = append(leaves, results[len(results)-1].Leaf())
		}
		if got := ResultsHash(results); got != v.Hash {
			t.Errorf("%d results: got %v, want %v", len(results), got, v.Hash)
		}
		proveAll(t, leaves, v.Hash)
	}
}

func proveAll(t *testing.T, leaves []wire.Hash, root wire.Hash) {
	t.Helper()
	for i, leaf := range leaves {
		if err := ProveInclusion(leaves, uint64(i)).Verify(leaf, root); err != nil {
			t.Error(err)
		}
	}
}

func TestInclusion_CHAIN16(t *testing.T) {
	for _, v := range loadVectors(t).Inclusion {
		p, err := DecodeInclusion(v.Proof)
		if err == nil {
			err = p.Verify(v.From, v.Root)
		}
		if v.Valid != (err == nil) {
			t.Errorf("%s: got %v, want valid %v", v.Why, err, v.Valid)
		}
	}
}

func TestLog_CHAIN17_CHAIN18(t *testing.T) {
	log := loadVectors(t).Log
	var f Frontier
	var leaves []wire.Hash
	for i, want := range log.Frontiers {
		got, err := DecodeFrontier(want.Bytes)
		if err != nil || got.Root() != want.Hash || !bytes.Equal(f.Bytes(), want.Bytes) || Root(leaves) != want.Hash {
			t.Errorf("%d blocks: got %x with root %v, %v", i, f.Bytes(), got.Root(), err)
		}
		if i == len(log.Blocks) {
			break
		}
		b := log.Blocks[i]
		if leaf := LogLeaf(b.Height, b.Header); leaf != b.Leaf {
			t.Errorf("leaf of block %d: got %v, want %v", b.Height, leaf, b.Leaf)
		}
		old := f
		f, leaves = f.Append(b.Leaf), append(leaves, b.Leaf)
		if old.Root() != want.Hash {
			t.Errorf("appending to %d blocks changed the log before", i)
		}
	}
}

func TestConsistency_CHAIN19(t *testing.T) {
	for _, v := range loadVectors(t).Consistency {
		p, err := DecodeConsistency(v.Proof)
		if err == nil {
			err = p.Verify(v.From, v.Root)
		}
		if v.Valid != (err == nil) {
			t.Errorf("%s: got %v, want valid %v", v.Why, err, v.Valid)
		}
	}
}

// TestProofs_CHAIN16_CHAIN19 proves every leaf and every earlier log of every
// log of up to 40 leaves, and refuses each proof for another leaf or log.
func TestProofs_CHAIN16_CHAIN19(t *testing.T) {
	var leaves []wire.Hash
	var f Frontier
	roots := []wire.Hash{f.Root()}
	for n := range uint64(40) {
		leaf := LogLeaf(n+1, hashOf("header"))
		leaves, f = append(leaves, leaf), f.Append(leaf)
		roots = append(roots, f.Root())
		proveAll(t, leaves, roots[n+1])
		if ProveInclusion(leaves, n).Verify(leaves[0], roots[n+1]) == nil && n > 0 {
			t.Errorf("leaf 0 of %d is proved to be the last", n+1)
		}
		for old := range n + 2 {
			p := ProveConsistency(leaves, old)
			if err := p.Verify(roots[old], roots[n+1]); err != nil {
				t.Error(err)
			}
			if p.Verify(hashOf("other"), roots[n+1]) == nil {
				t.Errorf("another log of %d is proved to begin that of %d", old, n+1)
			}
		}
	}
}

func TestAppHash_CHAIN20(t *testing.T) {
	for _, v := range loadVectors(t).App {
		if got := AppHash(v.State, v.Log); got != v.App {
			t.Errorf("got %v, want %v", got, v.App)
		}
	}
}

func fuzzDecode(f *testing.F, kind string, seeds ...[]byte) {
	for _, v := range loadVectors(f).Malformed {
		if v.Kind == kind {
			f.Add([]byte(v.Bytes))
		}
	}
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if again, err := decoders[kind](raw); err == nil && !bytes.Equal(again, raw) {
			t.Errorf("%x decodes, and re-encodes to %x", raw, again)
		}
	})
}

func FuzzDecodeHeader_CHAIN3(f *testing.F)       { fuzzDecode(f, "header", four().header.Bytes()) }
func FuzzDecodeValidatorSet_CHAIN3(f *testing.F) { fuzzDecode(f, "set", four().set.Bytes()) }
func FuzzDecodeCertificate_CHAIN3(f *testing.F)  { fuzzDecode(f, "certificate", four().cert.Bytes()) }
func FuzzDecodeInclusion_CHAIN3(f *testing.F) {
	fuzzDecode(f, "inclusion", loadVectors(f).Inclusion[3].Proof)
}
func FuzzDecodeConsistency_CHAIN3(f *testing.F) {
	fuzzDecode(f, "consistency", loadVectors(f).Consistency[3].Proof)
}
func FuzzDecodeFrontier_CHAIN3(f *testing.F) {
	fuzzDecode(f, "frontier", loadVectors(f).Log.Frontiers[7].Bytes)
}
