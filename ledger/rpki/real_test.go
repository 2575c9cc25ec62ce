package rpki

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// objectsDir holds objects that registries and others published, beside the
// repository.
const objectsDir = "../../../shared/data/rpki-objects"

// realObject reads a published object, or skips the test when the data are not there:
// they are not part of the repository.
func realObject(t *testing.T, name string) []byte {
	t.Helper()
	if _, err := os.Stat(objectsDir); err != nil {
		t.Skipf("objects of the real RPKI are not beside the repository: %v", err)
	}
	raw, err := os.ReadFile(filepath.Join(objectsDir, name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

const (
	april2019 = 1554552000 // 6 April 2019, noon UTC: both CRLs of RIPE at hand are current
	late2025  = 1764504000 // 30 November 2025, noon UTC: every checklist's certificate is valid
)

// TestRealChecklists_RPKI11 reads the six real checklists at hand. The two that
// APNIC's members signed are right in all they hold: form, digest, signature by
// the certificate inside, numbers within it, validity. The other four come from
// an experimental CA that writes names as UTF8String, so their certificates are
// refused; their messages' form, digests and signatures are right. No issuer of
// any of them is at hand, so that none can be linked to a trust anchor.
func TestRealChecklists_RPKI11(t *testing.T) {
	for _, c := range []struct{ name, blocks, rule, file string }{
		{"rpki-client/rsc/rsc-deployment-test-3.sig", "203.176.189.0/24", "", "test.txt"},
		{"rpki-rs/test-data/rsc/apnictraining-test.sig", "61.45.248.1/32 61.45.248.2/31 2406:6400::/32 AS17821 AS135533 AS135534", "", "test.txt"},
		{"rpki-rs/test-data/rsc/koen.sig", "1.0.0.0/24", "RPKI-7", "koen.txt"},
		{"rpki-rs/test-data/rsc/koen-multiple.sig", "1.0.0.0/24", "RPKI-7", "martin.txt"},
		{"rpki-rs/test-data/rsc/koen-unnamed.sig", "1.0.0.0/24", "RPKI-7", ""},
		{"rpki-rs/test-data/rsc/koen-mismatch.sig", "2.0.0.0/24", "RPKI-7", ""},
	} {
		raw := realObject(t, c.name)
		_, leaf, _, refusal := parseSignedChecklist(raw)
		if (refusal == nil) != (c.rule == "") || refusal != nil && refusal.Rule != c.rule {
			t.Errorf("%s: got %v, want %q", c.name, refusal, c.rule)
		}
		s, list := realMessage(t, raw)
		if refusal == nil && (!list.resources.within(leaf.claim.set) || leaf.validAt(late2025) != nil || leaf.validAt(april2019) == nil) {
			t.Errorf("%s: its numbers or validity are wrong", c.name)
		}
		var blocks []string
		for _, b := range list.resources.Blocks() {
			blocks = append(blocks, b.String())
		}
		if got := strings.Join(blocks, " "); got != c.blocks {
			t.Errorf("%s speaks for %s, want %s", c.name, got, c.blocks)
		}
		if c.file != "" {
			sum := sha256.Sum256(realObject(t, "rpki-rs/test-data/rsc/"+c.file))
			if !lists(list, File{c.file, sum}) {
				t.Errorf("%s does not list %s with %x: %v", c.name, c.file, sum, list.files)
			}
		}
		raw[len(raw)-1] ^= 1
		if bad, _ := parseSigned(raw); bad == nil || insideKey(t, s).signed(bad.attributes, bad.signature) {
			t.Errorf("%s: a flipped bit of the signature makes no difference", c.name)
		}
	}
	unnamed := sha256.Sum256(realObject(t, "rpki-rs/test-data/rsc/koen.txt"))
	if _, list := realMessage(t, realObject(t, "rpki-rs/test-data/rsc/koen-unnamed.sig")); !lists(list, File{"", unnamed}) {
		t.Error("the digest without a name is not that of koen.txt")
	}
}

func lists(c *checklist, want File) bool {
	for _, f := range c.files {
		if f == want {
			return true
		}
	}
	return false
}

// realMessage reads a checklist's message and content, and checks the signature
// by the key inside, which the standard library reads.
func realMessage(t *testing.T, raw []byte) (*signed, *checklist) {
	t.Helper()
	s, refusal := parseSigned(raw)
	if refusal != nil {
		t.Fatal(refusal)
	}
	list, refusal := parseChecklist(s.content)
	if refusal != nil {
		t.Fatal(refusal)
	}
	if !insideKey(t, s).signed(s.attributes, s.signature) {
		t.Error("the signature is not that of the certificate inside")
	}
	return s, list
}

func insideKey(t *testing.T, s *signed) key {
	t.Helper()
	c, err := x509.ParseCertificate(s.certificate)
	if err != nil {
		t.Fatal(err)
	}
	return newReader(c.RawSubjectPublicKeyInfo, "RPKI-5").key()
}

// locatorKey is the key of a trust anchor locator (RFC 8630).
func locatorKey(t *testing.T, name string) []byte {
	t.Helper()
	_, text, ok := strings.Cut(strings.ReplaceAll(string(realObject(t, name)), "\r", ""), "\n\n")
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if !ok || err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if _, err := Fingerprint(raw); err != nil {
		t.Error(err)
	}
	return raw
}

func realCertificate(t *testing.T, name string, k kind) step {
	t.Helper()
	c, refusal := parseCertificate(realObject(t, name), k)
	if refusal != nil {
		t.Fatalf("%s: %v", name, refusal)
	}
	return step{certificate: c, name: name}
}

func realCRL(t *testing.T, name string) *crl {
	t.Helper()
	l, refusal := parseCRL(realObject(t, name))
	if refusal != nil {
		t.Fatalf("%s: %v", name, refusal)
	}
	return l
}

// TestRealChain_RPKI14_RPKI17 walks the one chain at hand with its CRLs: RIPE's
// trust anchor to the CA below it, in April 2019. There it ends: what that CA
// certified is not at hand.
func TestRealChain_RPKI14_RPKI17(t *testing.T) {
	const dir = "rpki-rs/test-data/repository/"
	top, below := realCertificate(t, dir+"ta.cer", anchor), realCertificate(t, dir+"ca1.cer", authority)
	top.list = realCRL(t, dir+"ta.crl")
	p, anchors := path{top}, [][]byte{locatorKey(t, dir+"ripe.tal")}
	if refusal := p.linked(anchors, below); refusal != nil {
		t.Fatal(refusal)
	}
	if held, refusal := p.holds(below, april2019); refusal != nil || held.count() != 3 {
		t.Fatalf("it holds %v, %v", held.Blocks(), refusal)
	}
	if _, refusal := p.holds(below, 1559000000); refusal == nil || refusal.Rule != "RPKI-17" {
		t.Errorf("two days after the CRL's next update: got %v", refusal)
	}
	below.list = realCRL(t, dir+"ca1.crl")
	if refusal := below.list.issuedBy(below); refusal != nil || below.list.currentAt(april2019) != nil || len(below.list.revoked) < 100 {
		t.Errorf("the CA's CRL: %v, %d revoked", refusal, len(below.list.revoked))
	}
	if refusal := below.list.issuedBy(top); refusal == nil || refusal.Rule != "RPKI-14" {
		t.Errorf("the CA's CRL under the trust anchor: got %v", refusal)
	}
	if refusal := p.linked([][]byte{locatorKey(t, "rpki-client/tal/apnic.tal")}, below); refusal == nil || refusal.Rule != "RPKI-14" {
		t.Errorf("under another trust anchor: got %v", refusal)
	}
}

// TestRealTransfer_RPKI15 links AFRINIC's trust anchor to the CA for what came
// from ARIN. No CRL is at hand, so nothing is said of revocation.
func TestRealTransfer_RPKI15(t *testing.T) {
	top, below := realCertificate(t, "rpki-client/ta/AfriNIC.cer", anchor), realCertificate(t, "rpki-client/cer/arin-to-afrinic.cer", authority)
	if !bytes.Equal(top.key.spki, locatorKey(t, "rpki-client/tal/afrinic.tal")) {
		t.Error("the trust anchor's key is not its locator's")
	}
	if refusal := below.issuedBy(top); refusal != nil {
		t.Error(refusal)
	}
	held, why := below.claim.resolve(top.claim.set)
	if why != "" || !held.Covers(block("45.96.0.0/12")) || !held.Covers(block("137.64.0.0/16")) || held.Covers(block("137.65.0.0/16")) {
		t.Errorf("it holds %d ranges, %s", held.count(), why)
	}
	if _, why := top.claim.resolve(held); why == "" {
		t.Error("the trust anchor fits under the CA")
	}
}

// TestRealSnapshot_RPKI7_RPKI10 reads what RIPE published one day in April 2019:
// each of 66 certificates and 61 CRLs has the form; each of 150 messages but two
// empty files is BER, which RPKI-3 refuses.
func TestRealSnapshot_RPKI7_RPKI10(t *testing.T) {
	counts := map[string]int{}
	for _, o := range realSnapshot(t) {
		var refusal *Refusal
		switch suffix := filepath.Ext(o.URI); suffix {
		case ".cer":
			_, refusal = parseCertificate(o.der, authority)
		case ".crl":
			_, refusal = parseCRL(o.der)
		default:
			_, refusal = parseSigned(o.der)
		}
		counts[filepath.Ext(o.URI)+" "+ruleOf(asError(refusal))]++
	}
	for what, want := range map[string]int{".cer ": 66, ".crl ": 61, ".mft RPKI-3": 71, ".roa RPKI-3": 77, ".roa RPKI-11": 2} {
		if counts[what] != want {
			t.Errorf("%q: %d, want %d", what, counts[what], want)
		}
	}
}

func asError(r *Refusal) error {
	if r == nil {
		return nil
	}
	return r
}

// published is an object of an RRDP snapshot (RFC 8182).
type published struct {
	URI  string `xml:"uri,attr"`
	Body string `xml:",chardata"`
	der  []byte
}

func realSnapshot(t *testing.T) []published {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(realObject(t, "rpki-rs/ripe-snapshot.xml.gz")))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	var snapshot struct {
		Publish []published `xml:"publish"`
	}
	if err := xml.Unmarshal(raw, &snapshot); err != nil {
		t.Fatal(err)
	}
	for i, o := range snapshot.Publish {
		if snapshot.Publish[i].der, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(o.Body), "")); err != nil {
			t.Fatal(err)
		}
	}
	return snapshot.Publish
}
