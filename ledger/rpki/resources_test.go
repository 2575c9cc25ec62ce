package rpki

import (
	"math/rand/v2"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// bitmap is the twin: which of 256 numbers at the start, about the middle or at
// the end of a family are in a set.
type bitmap [256]bool

// window is where the 256 numbers of a bitmap lie.
type window struct {
	family wire.Family
	from   [16]byte
}

func windows() (out []window) {
	for family := wire.IPv4; family <= wire.ASN; family++ {
		n := family.Bits() / 8
		var middle, end [16]byte
		middle[0] = 0x7f
		for i := range n - 1 {
			end[i] = 0xff
		}
		out = append(out, window{family, [16]byte{}}, window{family, middle}, window{family, end})
	}
	return out
}

func (w window) number(i int) [16]byte {
	n := w.from
	n[w.family.Bits()/8-1] = byte(i)
	return n
}

// der writes a bitmap as a list of spans, each by the standard library.
func (w window) der(m bitmap) []byte {
	var body []byte
	for i := 0; i < 256; i++ {
		if !m[i] {
			continue
		}
		first := i
		for i < 255 && m[i+1] {
			i++
		}
		sp := span{w.number(first), w.number(i)}
		switch {
		case w.family != wire.ASN:
			body = append(body, spanAgain(w.family, sp)...)
		case first == i:
			body = append(body, asNumber(int(inr.ASNumber(wire.Resource{Addr: sp.first})))...)
		default:
			body = append(body, asRangeBody(int(inr.ASNumber(wire.Resource{Addr: sp.first})), int(inr.ASNumber(wire.Resource{Addr: sp.last})))...)
		}
	}
	return tlv(0x30, body)
}

func (w window) read(t *testing.T, m bitmap) (c claim) {
	t.Helper()
	r := newReader(w.der(m), "RPKI-9")
	r.spans(&c, w.family, SpansMax, "the list")
	if !r.ok() {
		t.Fatalf("family %d, %v: %v", w.family, m, r.fault.refusal)
	}
	return c
}

// anyBitmap draws runs of numbers, at least one of them.
func anyBitmap(rnd *rand.Rand) (m bitmap) {
	for range 1 + rnd.IntN(4) {
		first := rnd.IntN(256)
		for i := first; i < min(256, first+1+rnd.IntN(1+rnd.IntN(100))); i++ {
			m[i] = true
		}
	}
	return m
}

func (m bitmap) inside(o bitmap) bool {
	for i := range m {
		if m[i] && !o[i] {
			return false
		}
	}
	return true
}

// Sets are read, compared and covered as their twins are, at the start and the
// end of every family, too.
func TestResources_RPKI9_RPKI15(t *testing.T) {
	rnd := rand.New(rand.NewPCG(19, 15))
	inside := 0
	for _, w := range windows() {
		for range 400 {
			outer := anyBitmap(rnd)
			inner := anyBitmap(rnd)
			if rnd.IntN(2) == 0 {
				for i := range inner {
					inner[i] = inner[i] && outer[i]
				}
			}
			if inner == (bitmap{}) {
				continue
			}
			have, claimed := w.read(t, outer), w.read(t, inner)
			_, why := claimed.resolve(have.set)
			if (why == "") != inner.inside(outer) {
				t.Fatalf("%v within %v: got %q", inner, outer, why)
			}
			if why == "" {
				inside++
			}
			length := w.family.Bits() - rnd.IntN(9)
			b := inr.Truncate(wire.Resource{Family: w.family, Len: uint8(w.family.Bits()), Addr: w.number(rnd.IntN(256))}, uint8(length))
			if got, want := have.set.Covers(b), w.of(b).inside(outer); got != want {
				t.Fatalf("%v covers %v: got %v", outer, b, got)
			}
			sound(t, have.set)
		}
	}
	if inside < 300 {
		t.Errorf("only %d sets lay inside another: the test shows little", inside)
	}
	if (Resources{}).Covers(wire.Resource{Len: 200}) || (Resources{}).Covers(block("60.0.0.0/8")) {
		t.Error("nothing covers something")
	}
}

// of is the bitmap of a block in the window.
func (w window) of(b wire.Resource) (m bitmap) {
	for i := range m {
		m[i] = inr.Covers(b, wire.Resource{Family: w.family, Len: uint8(w.family.Bits()), Addr: w.number(i)})
	}
	return m
}

// A family's last number ends the list: nothing stands apart behind it.
func TestLastNumber_RPKI9(t *testing.T) {
	for family, spans := range map[wire.Family][][]byte{
		wire.IPv4: {prefixOf("255.255.255.255/32"), prefixOf("0.0.0.0/32")},
		wire.ASN:  {asNumber(1<<32 - 1), asNumber(0)},
	} {
		var c claim
		r := newReader(seq(spans...), "RPKI-9")
		r.spans(&c, family, SpansMax, "the list")
		if r.ok() {
			t.Errorf("family %d: read %v", family, c.set.Blocks())
		}
	}
}
