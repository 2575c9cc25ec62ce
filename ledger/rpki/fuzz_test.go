package rpki

import (
	"bytes"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// The fuzz targets take what the parsers take. What is read must be written
// again as the same bytes where this room can write it; nothing may panic.
// Their seeds are the vectors, which every worker reads sooner than makes.

// seeds is the evidence of the vectors, good and bad, and its bytes.
func seeds(f *testing.F) (all [][]byte, decoded []*Evidence) {
	v := loadVectors(f)
	for _, c := range v.Cases {
		raw, err := joined(v.Evidence, c.Pieces)
		if err != nil {
			f.Fatal(err)
		}
		all = append(all, raw)
		if e, err := Decode(raw); err == nil && len(e.Certificates) == 3 {
			decoded = append(decoded, e)
		}
	}
	return all, decoded
}

func FuzzVerify_RPKI21(f *testing.F) {
	all, _ := seeds(f)
	for _, raw := range all {
		f.Add(raw, uint64(moment0))
	}
	anchors := anchors0()
	f.Fuzz(func(t *testing.T, raw []byte, at uint64) {
		v, err := Verify(raw, anchors, at)
		again, errAgain := Verify(bytes.Clone(raw), anchors, at)
		if (v == nil) == (err == nil) || ruleOf(err) != ruleOf(errAgain) || v != nil && v.Content() != again.Content() {
			t.Errorf("got %v, %v and then %v", v, err, errAgain)
		}
	})
}

func FuzzDecode_RPKI2(f *testing.F) {
	f.Add([]byte(loadVectors(f).Evidence))
	f.Add([]byte{0xc0})
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := Decode(raw)
		if err == nil && !bytes.Equal(e.Bytes(), raw) {
			t.Errorf("%x is written again as %x", raw, e.Bytes())
		}
	})
}

func FuzzCertificate_RPKI7(f *testing.F) {
	_, some := seeds(f)
	for _, e := range some {
		f.Add(e.Certificates[2], uint8(authority))
	}
	f.Add(some[0].Certificates[0], uint8(anchor))
	f.Add(insideOf(f, some[0]).certificate, uint8(entity))
	f.Fuzz(func(t *testing.T, raw []byte, k uint8) {
		c, refusal := parseCertificate(raw, kind(k))
		if refusal != nil {
			return
		}
		whole := seq(c.tbs, algSHA256WithRSA, tlv(3, append([]byte{0}, c.signature...)))
		if !bytes.Equal(whole, raw) {
			t.Errorf("%x is written again as %x", raw, whole)
		}
		sound(t, c.claim.set)
	})
}

func insideOf(f *testing.F, e *Evidence) *signed {
	s, refusal := parseSigned(e.Checklist)
	if refusal != nil {
		f.Fatal(refusal)
	}
	return s
}

func FuzzCRL_RPKI10(f *testing.F) {
	_, some := seeds(f)
	for _, e := range some {
		f.Add(e.CRLs[1])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, refusal := parseCRL(raw)
		if refusal == nil && !bytes.Equal(seq(l.tbs, algSHA256WithRSA, tlv(3, append([]byte{0}, l.signature...))), raw) {
			t.Errorf("%x is not written again", raw)
		}
	})
}

func FuzzSigned_RPKI11(f *testing.F) {
	_, some := seeds(f)
	for _, e := range some {
		f.Add(e.Checklist)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, refusal := parseSigned(raw)
		if refusal != nil {
			return
		}
		for i := range 8 {
			if bytes.Equal(writtenAgain(s, i), raw) {
				return
			}
		}
		t.Errorf("%x is written again as %x", raw, writtenAgain(s, 0))
	})
}

// writtenAgain writes the message that was read, in one of the eight spellings
// of its three identifiers.
func writtenAgain(s *signed, spelling int) []byte {
	either := func(bit int, a, b []byte) []byte {
		if spelling>>bit&1 == 1 {
			return b
		}
		return a
	}
	attributes := append([]byte{0xa0}, s.attributes[1:]...)
	outer, inner := either(0, algSHA256, algSHA256Null), either(1, algSHA256, algSHA256Null)
	signer := seq(version3, tlv(0x80, s.keyID), inner, attributes, either(2, algRSA, algSHA256WithRSA), tlv(4, s.signature))
	return seq(oidSignedData, list(0xa0, seq(version3, setOf(outer), seq(s.kind, list(0xa0, tlv(4, s.content))), list(0xa0, s.certificate), setOf(signer))))
}

func FuzzChecklist_RPKI13(f *testing.F) {
	_, some := seeds(f)
	for _, e := range some {
		if s, refusal := parseSigned(e.Checklist); refusal == nil {
			f.Add(s.content)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, refusal := parseChecklist(raw)
		if refusal != nil {
			return
		}
		var files [][]byte
		for _, x := range c.files {
			files = append(files, fileOf(x.Name, x.Digest[:]))
		}
		resources := seq(numbersAgain(c.resources), addressesAgain(c.resources))
		again := seq(resources, algSHA256, seq(files...))
		if !bytes.Equal(again, raw) && !bytes.Equal(seq(resources, algSHA256Null, seq(files...)), raw) {
			t.Errorf("%x is written again as %x", raw, again)
		}
		sound(t, c.resources)
	})
}

// numbersAgain and addressesAgain write resources as a checklist has them, each
// span by the standard library and not by what reads it.
func numbersAgain(s Resources) []byte {
	if len(s.spans[wire.ASN]) == 0 {
		return nil
	}
	var spans []byte
	for _, sp := range s.spans[wire.ASN] {
		first, last := asNumber(int(inr.ASNumber(wire.Resource{Addr: sp.first}))), asNumber(int(inr.ASNumber(wire.Resource{Addr: sp.last})))
		if sp.first == sp.last {
			spans = append(spans, first...)
		} else {
			spans = append(spans, seq(first, last)...)
		}
	}
	return list(0xa0, seq(list(0xa0, tlv(0x30, spans))))
}

func addressesAgain(s Resources) []byte {
	var families []byte
	for family := wire.IPv4; family <= wire.IPv6; family++ {
		var spans []byte
		for _, sp := range s.spans[family] {
			spans = append(spans, spanAgain(family, sp)...)
		}
		if spans != nil {
			families = append(families, familyOf(byte(family+1), spans)...)
		}
	}
	if families == nil {
		return nil
	}
	return list(0xa1, tlv(0x30, families))
}

func spanAgain(family wire.Family, sp span) []byte {
	blocks := must(inr.Blocks(family, sp.first, sp.last))
	if len(blocks) == 1 {
		return bitsOf(sp.first, int(blocks[0].Len))
	}
	from, to := wire.Resource{Family: family, Len: uint8(family.Bits()), Addr: sp.first}, wire.Resource{Family: family, Len: uint8(family.Bits()), Addr: sp.last}
	return rangeOf(from.String(), to.String())
}

// sound: the blocks of a set are in order, apart, and covered by it.
func sound(t *testing.T, s Resources) {
	if s.count() > 64 {
		return
	}
	blocks := s.Blocks()
	for i, b := range blocks {
		if !s.Covers(b) || i > 0 && (inr.Compare(blocks[i-1], b) >= 0 || inr.Overlaps(blocks[i-1], b)) {
			t.Errorf("block %v of %v", b, blocks)
		}
	}
}

func FuzzResources_RPKI9(f *testing.F) {
	f.Add(prefixOf("60.0.0.0/8"), prefixOf("2a00::/12"), asNumber(1))
	f.Add(rangeOf("60.2.0.0/15", "60.4.0.0/16"), []byte{}, asRangeBody(1, 4))
	f.Fuzz(func(t *testing.T, v4, v6, as []byte) {
		for family, spans := range [][]byte{v4, v6, as} {
			var c claim
			r := newReader(tlv(0x30, spans), "RPKI-9")
			r.spans(&c, wire.Family(family), SpansMax, "the list")
			if !r.ok() || len(spans) == 0 {
				continue
			}
			var again []byte
			for _, sp := range c.set.spans[family] {
				if wire.Family(family) == wire.ASN {
					again = append(again, appendSpan(nil, wire.ASN, sp)...)
				} else {
					again = append(again, spanAgain(wire.Family(family), sp)...)
				}
			}
			if !bytes.Equal(again, spans) {
				t.Errorf("%x is written again as %x", spans, again)
			}
			sound(t, c.set)
		}
	})
}
