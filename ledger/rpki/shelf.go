package rpki

import (
	"bytes"
	"cmp"
	"slices"
)

// Shelf is the certificates and CRLs of many CAs, such as a validator's cache
// holds, in which the path of a checklist is looked for. It is for whoever gathers
// evidence; what it finds is judged by Verify as anyone's is.
type Shelf struct {
	cas   map[string][]shelved // by the key identifier of their subject
	lists map[string][]shelvedList
}

type shelved struct {
	step
	raw []byte
	top bool // a trust anchor
}

type shelvedList struct {
	*crl
	raw []byte
}

// NewShelf is an empty shelf.
func NewShelf() *Shelf {
	return &Shelf{map[string][]shelved{}, map[string][]shelvedList{}}
}

// AddCertificate puts a certificate on the shelf, and reports whether it is one of
// a CA that evidence may carry.
func (s *Shelf) AddCertificate(raw []byte) bool {
	for _, k := range []kind{authority, anchor} {
		if c, refusal := parseCertificate(raw, k); refusal == nil {
			s.cas[string(c.keyID)] = append(s.cas[string(c.keyID)], shelved{step{certificate: c}, raw, k == anchor})
			return true
		}
	}
	return false
}

// AddCRL puts a CRL on the shelf, and reports whether it is one that evidence may
// carry.
func (s *Shelf) AddCRL(raw []byte) bool {
	l, refusal := parseCRL(raw)
	if refusal != nil {
		return false
	}
	s.lists[string(l.issuerKeyID)] = append(s.lists[string(l.issuerKeyID)], shelvedList{l, raw})
	return true
}

// climbsMax bounds the signatures that one search checks: CAs have a few
// certificates each, and a path a few CAs.
const climbsMax = 10_000

// search is one search for a path.
type search struct {
	*Shelf
	at     uint64
	climbs int
	lacks  *Refusal // what was lacking where the search came furthest
	depth  int
}

// Evidence is a checklist with the certificates and CRLs above it, those that are
// good at a moment where there are several. A Refusal says what the shelf lacks.
func (s *Shelf) Evidence(checklist []byte, at uint64) (*Evidence, error) {
	_, leaf, _, refusal := parseSignedChecklist(checklist)
	if refusal != nil {
		return nil, refusal.of("checklist")
	}
	x := &search{Shelf: s, at: at, depth: -1}
	e := &Evidence{Checklist: checklist}
	if !x.climb(leaf, e, nil) {
		return nil, x.lacks
	}
	slices.Reverse(e.Certificates)
	slices.Reverse(e.CRLs)
	return e, nil
}

// climb adds to e a path from the CA above a certificate to a trust anchor.
func (x *search) climb(from step, e *Evidence, below []step) bool {
	if len(below) == PathMax {
		return x.lack(len(below), "the path to a trust anchor has more than %d CAs", PathMax)
	}
	above := slices.Clone(x.cas[string(from.issuerKeyID)])
	if len(above) == 0 {
		return x.lack(len(below), "no certificate of the CA with the key identifier %x was found", from.issuerKeyID)
	}
	slices.SortStableFunc(above, func(a, b shelved) int {
		return cmp.Or(good(b.validAt(x.at))-good(a.validAt(x.at)), cmp.Compare(b.notAfter, a.notAfter))
	})
	for _, ca := range above {
		if x.climbs++; x.climbs > climbsMax {
			return x.lack(PathMax, "the certificates found lead in too many ways; give fewer folders")
		}
		if from.issuedBy(ca.step) != nil || slices.ContainsFunc(below, func(s step) bool { return bytes.Equal(s.key.spki, ca.key.spki) }) {
			continue
		}
		list := x.list(ca.step)
		if list == nil {
			x.lack(len(below), "no CRL of the CA with the key identifier %x was found", ca.keyID)
			continue
		}
		n := len(e.Certificates)
		e.Certificates, e.CRLs = append(e.Certificates, ca.raw), append(e.CRLs, list)
		if ca.top || x.climb(ca.step, e, append(below, ca.step)) {
			return true
		}
		e.Certificates, e.CRLs = e.Certificates[:n], e.CRLs[:n]
	}
	return x.lack(len(below), "no certificate found is that of the CA with the key identifier %x, or leads to a trust anchor", from.issuerKeyID)
}

// list is the CRL of a CA: of those that are current, else of all, the last.
func (x *search) list(ca step) (raw []byte) {
	var best *crl
	for _, l := range x.lists[string(ca.keyID)] {
		better := best == nil || cmp.Or(good(l.currentAt(x.at))-good(best.currentAt(x.at)), cmp.Compare(l.thisUpdate, best.thisUpdate)) > 0
		if better && l.issuedBy(ca) == nil {
			best, raw = l.crl, l.raw
		}
	}
	return raw
}

// lack notes what is lacking, if the search came further than before.
func (x *search) lack(depth int, format string, args ...any) bool {
	if depth > x.depth {
		x.depth, x.lacks = depth, refuse("RPKI-14", format, args...).of("path")
	}
	return false
}

func good(r *Refusal) int {
	if r == nil {
		return 1
	}
	return 0
}

// Good is from when until when Linked evidence may be judged good: while every
// certificate is valid and every CRL current, ends included.
func (l *Linked) Good() (from, until uint64) {
	from, until = l.leaf.notBefore, l.leaf.notAfter
	for _, s := range l.path {
		from, until = max(from, s.notBefore, s.list.thisUpdate), min(until, s.notAfter, s.list.nextUpdate)
	}
	return from, until
}

// Anchor is the SubjectPublicKeyInfo of the first certificate of evidence, which
// is for others to trust or not.
func (e *Evidence) Anchor() ([]byte, error) {
	if len(e.Certificates) == 0 {
		return nil, refuse("RPKI-2", "it has no certificate")
	}
	c, refusal := parseCertificate(e.Certificates[0], anchor)
	if refusal != nil {
		return nil, refusal.of("certificate 0")
	}
	return c.key.spki, nil
}
