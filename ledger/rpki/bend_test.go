package rpki

import (
	"bytes"
	"encoding/asn1"
	"fmt"
	"sync"
	"time"
)

// mutant is evidence that is wrong in one place, and the rule that says so.
type mutant struct {
	why, rule string
	evidence  *Evidence
	raw       []byte // stands for the evidence's bytes where it is set
	at        uint64 // the stated time, moment0 where it is 0
}

// bend changes a value.
type bend struct {
	why, rule string
	do        func(n *node)
}

// base is the chain that mutants are made of. It is made once for all.
type base struct{ *chain }

// resign writes a bent certificate or CRL and signs it.
func resign(der []byte, by string, do func(tbs *node)) []byte {
	n := tree(der)
	tbs := n.at(0)
	do(tbs)
	return seq(tbs.bytes(), algSHA256WithRSA, tlv(0x03, append([]byte{0}, sign(by, tbs.bytes())...)))
}

func (b base) copy() *Evidence {
	e := b.evidence()
	return &Evidence{e.Checklist, append([][]byte(nil), e.Certificates...), append([][]byte(nil), e.CRLs...)}
}

// withCertificate is the chain with another certificate in a place.
func (b base) withCertificate(i int, der []byte) *Evidence {
	e := b.copy()
	e.Certificates[i] = der
	return e
}

func (b base) withCRL(i int, der []byte) *Evidence {
	e := b.copy()
	e.CRLs[i] = der
	return e
}

func (b base) withChecklist(der []byte) *Evidence {
	e := b.copy()
	e.Checklist = der
	return e
}

// withSigner is the chain with another certificate of the signer.
func (b base) withSigner(ee []byte) *Evidence {
	return b.withChecklist(signedObjectOf(ee, b.content, signedAt0(), "signer"))
}

func (b base) withContent(content []byte) *Evidence {
	return b.withChecklist(signedObjectOf(b.ee, content, signedAt0(), "signer"))
}

func signedAt0() time.Time { return time.Unix(moment0-3600, 0).UTC() }

// bendCertificate bends the certificate of a name: of a CA, or "signer".
func (b base) bendCertificate(name string, do func(tbs *node)) *Evidence {
	for i, ca := range casOfChain {
		if ca == name {
			return b.withCertificate(i, resign(b.certificates[i], casOfChain[max(i-1, 0)], do))
		}
	}
	return b.withSigner(resign(b.ee, "member", do))
}

func (b base) bendCRL(i int, do func(tbs *node)) *Evidence {
	return b.withCRL(i, resign(b.crls[i], casOfChain[i], do))
}

// extensionOf is the extension of a certificate's or CRL's list that has an identifier.
func extensionOf(list *node, oid []byte) *node {
	for _, e := range list.kids {
		if bytes.Equal(e.at(0).bytes(), oid) {
			return e
		}
	}
	panic(fmt.Sprintf("no extension %x", oid))
}

func placeOf(list *node, oid []byte) int {
	for i, e := range list.kids {
		if bytes.Equal(e.at(0).bytes(), oid) {
			return i
		}
	}
	panic(fmt.Sprintf("no extension %x", oid))
}

// inValue bends what stands in an extension's octets.
func inValue(e *node, do func(value *node)) {
	octets := e.kids[len(e.kids)-1]
	v := tree(octets.body)
	do(v)
	octets.body = v.bytes()
}

// certificateExtensions is the list of extensions of a certificate.
func certificateExtensions(tbs *node) *node { return tbs.at(7, 0) }

// inExtension bends the value of a certificate's extension.
func inExtension(oid []byte, do func(value *node)) func(tbs *node) {
	return func(tbs *node) { inValue(extensionOf(certificateExtensions(tbs), oid), do) }
}

// setValue gives an extension another value.
func setValue(oid, value []byte) func(tbs *node) {
	return inExtension(oid, func(v *node) { v.become(value) })
}

// berLengths are the ways in which a value's length can be spelt wrongly.
func berLengths(what string) []bend {
	return []bend{
		{what + ": a length longer than it need be", "RPKI-3", func(n *node) {
			body := n.content()
			n.become(append(append([]byte{n.tag, 0x83, 0}, byte(len(body)>>8), byte(len(body))), body...))
		}},
		{what + ": an indefinite length", "RPKI-3", func(n *node) {
			n.become(append(append([]byte{n.tag | 0x20, 0x80}, n.content()...), 0, 0))
		}},
		{what + ": a length beyond the end", "RPKI-3", func(n *node) {
			body := n.content()
			n.become(append(header(n.tag, len(body)+70000), body...))
		}},
		{what + ": a tag of several bytes", "RPKI-3", func(n *node) {
			n.become(append([]byte{0x3f, n.tag & 0x1f, 0}, n.content()...))
		}},
	}
}

func (n *node) content() []byte {
	if !n.isList() {
		return n.body
	}
	var body []byte
	for _, k := range n.kids {
		body = append(body, k.bytes()...)
	}
	return body
}

// wrongTag gives a value another tag.
func wrongTag(n *node) { n.become(tlv(n.tag^0x41, n.content())) }

// behind puts a value behind the last part.
func behind(n *node) { n.insert(len(n.kids), &node{raw: derNull}) }

// double puts the first part in twice.
func double(n *node) { n.insert(0, &node{raw: n.at(0).bytes()}) }

// on bends what is down a path.
func on(do func(n *node), path ...int) func(n *node) {
	return func(n *node) { do(n.at(path...)) }
}

func becomes(der []byte) func(n *node) { return func(n *node) { n.become(der) } }

func drops(i int) func(n *node) { return func(n *node) { n.drop(i) } }

func utc(text string) []byte { return tlv(0x17, []byte(text)) }

func generalized(text string) []byte { return tlv(0x18, []byte(text)) }

func oid(arcs ...int) []byte { return must(asn1.Marshal(asn1.ObjectIdentifier(arcs))) }

// base0 is the test chain, made once.
var base0 = sync.OnceValue(func() base { return base{makeChain(spec0())} })

// mutants0 is every mutant of the test chain, made once.
var mutants0 = sync.OnceValue(func() []mutant { return base0().mutants() })
