package web

import (
	"encoding/base64"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/chain"
	"ipledger/ledger/light"
)

// How much is flipped. The whole is every bit of 1,000 files before both verifiers, some
// 22 million; it says how far it is, so that one which was stopped goes on with -first:
//
//	IPLEDGER_NODE_MODULES=FOLDER GOGC=1000 go test ./node/serve/web -run everyBit -v -flipped 1000 -timeout 12h
var (
	first   = flag.Int("first", 1, "number of the first file of which bits are flipped")
	flipped = flag.Int("flipped", 1, "files of which every single bit is flipped before both verifiers")
	bitStep = flag.Int("bit-step", 1, "of these files one bit in so many is flipped, from another bit in each")
)

// framed is every how many files one of the vectors' comes: 25, each in both forms,
// among 1,000.
const framed = 20

// told is after every how many files the test says how far it is.
const told = 25

// whole is a file that both verifiers take, before its bits are flipped.
type whole struct {
	what  string // its kind and form
	raw   []byte
	trust *light.Trust
}

// wholes is the n-th file, from 1 on: every framed-th of the vectors, the others of
// worlds drawn small, so that all kinds and both forms come among few.
func wholes(t *testing.T) func(n int) whole {
	var v struct {
		Trust string
		Valid []struct {
			File   string
			Binary light.Hex
		}
	}
	vectors(t, "proofs", &v)
	trust, err := light.TrustFromBytes([]byte(v.Trust))
	if err != nil {
		t.Fatal(err)
	}
	next := *seed
	return func(n int) whole {
		if n%framed == 0 {
			x := v.Valid[n/framed/2%len(v.Valid)]
			if n/framed%2 == 0 {
				return whole{"a vector, binary", x.Binary, trust}
			}
			return whole{"a vector", []byte(x.File), trust}
		}
		for ; ; next++ {
			s := newScene(t, next)
			if f := s.file(); f != nil {
				next++
				if n%2 == 0 {
					return whole{f.Kind + ", binary", f.Binary(), s.trust()}
				}
				return whole{f.Kind, f.Bytes(), s.trust()}
			}
		}
	}
}

// memory is a judge of signatures that keeps its first answers, as many as the whole
// file and a few flips of it ask for.
func memory() chain.Judge {
	type asked struct {
		key          [32]byte
		message, sig string
	}
	known := map[asked]bool{}
	return func(key [32]byte, message, sig []byte) bool {
		q := asked{key, string(message), string(sig)}
		good, ok := known[q]
		if !ok {
			good = chain.Arithmetic(key, message, sig)
			if len(known) < 256 {
				known[q] = good
			}
		}
		return good
	}
}

// taken is the bits of a file, from one on in steps, that can be flipped so that the
// first verifier takes it. The whole file it takes.
func taken(t *testing.T, w whole, from int) string {
	t.Helper()
	by := memory()
	if _, err := light.VerifyBy(by, w.raw, w.trust); err != nil {
		t.Fatalf("a whole file (%s) is refused: %v", w.what, err)
	}
	var bits []string
	for i := from; i < 8*len(w.raw); i += *bitStep {
		w.raw[i/8] ^= 1 << (i % 8)
		if _, err := light.VerifyBy(by, w.raw, w.trust); err == nil {
			bits = append(bits, fmt.Sprint(i))
		}
		w.raw[i/8] ^= 1 << (i % 8)
	}
	return strings.Join(bits, " ")
}

// TestAgree_everyBit_PRF2_PRF21: of small files of all kinds, in either form, every
// single bit is flipped, and both verifiers refuse every one.
func TestAgree_everyBit_PRF2_PRF21(t *testing.T) {
	d, file, bits, kinds := talk(t), wholes(t), 0, map[string]int{}
	for n := 1; n < *first+*flipped; n++ {
		w, from := file(n), n%*bitStep
		if n < *first {
			continue
		}
		d.ask(map[string]any{"ask": "flips", "from": from, "step": *bitStep, "base64": base64.StdEncoding.EncodeToString(w.raw), "trust": string(w.trust.Bytes())})
		mine := taken(t, w, from)
		if theirs := d.hear(); theirs.Says == nil || *theirs.Says != mine || mine != "" {
			t.Fatalf("file %d (%s): with these bits flipped the first takes it: %q, the second: %+v", n, w.what, mine, theirs)
		}
		bits += (8*len(w.raw) - from + *bitStep - 1) / *bitStep
		if kinds[w.what]++; n%told == 0 {
			t.Logf("up to file %d: %d bits flipped, all refused by both", n, bits)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(kinds)) {
		t.Logf("%s: %d files", what, kinds[what])
	}
	t.Logf("%d files, %d bits flipped, all refused by both", *flipped, bits)
}
