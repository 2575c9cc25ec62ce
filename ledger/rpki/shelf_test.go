package rpki

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// shelfOf has every object of the test chain, one of each that is out of date, and
// what is none.
func shelfOf(t *testing.T, c *chain) *Shelf {
	t.Helper()
	s := NewShelf()
	late := spec0()
	late.from, late.to = late.from.Add(-72*time.Hour), late.from.Add(-time.Hour)
	old := makeChain(late)
	for i := range c.certificates {
		for _, from := range []*chain{old, c, old} {
			if !s.AddCertificate(from.certificates[i]) || !s.AddCRL(from.crls[i]) {
				t.Fatalf("objects of CA %d are refused", i)
			}
		}
	}
	if s.AddCertificate(c.ee) || s.AddCertificate(c.crls[0]) || s.AddCRL(c.certificates[0]) || s.AddCRL(nil) {
		t.Error("what is no CA's certificate or CRL is taken")
	}
	return s
}

// TestShelf_RPKI14 finds the path whose objects are good at the moment, in any
// order and beside others, and says what is lacking.
func TestShelf_RPKI14(t *testing.T) {
	c := makeChain(spec0())
	e, err := shelfOf(t, c).Evidence(c.checklist, moment0)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(e.Bytes(), c.evidence().Bytes()) {
		t.Error("the evidence is not that of the chain")
	}
	anchor, err := e.Anchor()
	if err != nil || !bytes.Equal(anchor, publicBytes("anchor")) {
		t.Errorf("anchor %x, %v", anchor, err)
	}
	l, err := Link(e.Bytes(), anchors0())
	if err != nil {
		t.Fatal(err)
	}
	from, until := l.Good()
	for at, want := range map[uint64]bool{from - 1: false, from: true, until: true, until + 1: false} {
		if _, err := l.At(at); (err == nil) != want {
			t.Errorf("good from %d until %d; at %d: %v", from, until, at, err)
		}
	}
	for _, x := range []struct {
		what string
		drop func(s *Shelf)
	}{
		{"no certificate of the CA", func(s *Shelf) { delete(s.cas, string(keyID("member"))) }},
		{"no CRL of the CA", func(s *Shelf) { delete(s.lists, string(keyID("registry"))) }},
		{"no certificate of the CA", func(s *Shelf) { delete(s.cas, string(keyID("anchor"))) }},
	} {
		s := shelfOf(t, c)
		x.drop(s)
		if _, err := s.Evidence(c.checklist, moment0); ruleOf(err) != "RPKI-14" || !strings.Contains(err.Error(), x.what) {
			t.Errorf("want %q, got %v", x.what, err)
		}
	}
	if _, err := NewShelf().Evidence(c.ee, moment0); err == nil {
		t.Error("a certificate passes for a checklist")
	}
}
