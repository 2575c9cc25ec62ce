package rpki

import (
	"crypto/sha256"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// repository is the test chain as it would be published, valid now, with a
// manifest of the member's.
func repository(s chainSpec) map[string][]byte {
	c := makeChain(s)
	out := map[string][]byte{
		"anchor.tal":                 []byte(place("anchor", "cer") + "\n\n" + base64.StdEncoding.EncodeToString(publicBytes("anchor")) + "\n"),
		"cache/ta/anchor/anchor.cer": c.certificates[0], "proof.sig": c.checklist, "member.mft": manifest(s, c.crls[2]),
	}
	for i, name := range casOfChain {
		out["cache/rpki.example.net/repo/"+name+".cer"] = c.certificates[i]
		out["cache/rpki.example.net/repo/"+name+".crl"] = c.crls[i]
	}
	return out
}

// manifest is a manifest of the member's (RFC 9286) that lists its CRL.
func manifest(s chainSpec, list []byte) []byte {
	oidKind := oid(1, 2, 840, 113549, 1, 9, 16, 1, 26)
	sum := sha256.Sum256(list)
	file := seq(tlv(0x16, []byte("member.crl")), tlv(0x03, append([]byte{0}, sum[:]...)))
	content := seq(unhex("020107"), generalized(s.from.Format("20060102150405Z")), generalized(s.to.Format("20060102150405Z")), oid(2, 16, 840, 1, 101, 3, 4, 2, 1), seq(file))
	access := seq(seq(oid(1, 3, 6, 1, 5, 5, 7, 48, 11), uriValue(place("member", "mft"))))
	ee := certify(s, "member", "signer", 14, []pkix.Extension{
		{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 11}, Value: access},
		{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 7}, Critical: true, Value: seq(seq(unhex("04020001"), derNull), seq(unhex("04020002"), derNull))},
		extAS(derNull),
	})
	n := tree(attributesOf(content, s.signedAt))
	n.at(0, 1, 0).become(oidKind)
	return cms(ee, content, oidKind, n.bytes(), keyID("signer"), "signer")
}

// now is the test chain's spec, valid now.
func now() chainSpec {
	s := spec0()
	at := time.Now().UTC().Truncate(time.Second)
	s.from, s.to, s.signedAt = at.Add(-24*time.Hour), at.Add(24*time.Hour), at.Add(-time.Hour)
	return s
}

// rpkiClient gives what rpki-client says of a file of a repository. It changes
// to a user of its own, which must be able to read the folder.
func rpkiClient(t *testing.T, files map[string][]byte, name string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "rpki-client")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	for path, raw := range files {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "rpki-client", "-n", "-t", filepath.Join(dir, "anchor.tal"), "-d", filepath.Join(dir, "cache"), "-f", filepath.Join(dir, name))
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Fatal(err)
	}
	return string(out)
}

// TestRPKIClient_RPKI18 has a validator of other hands judge the test chain, and
// chains that both must refuse.
func TestRPKIClient_RPKI18(t *testing.T) {
	if _, err := exec.LookPath("rpki-client"); err != nil {
		t.Skip("rpki-client is not installed (apt-get install rpki-client): nothing is compared with it")
	}
	stranger := func(der []byte) []byte { return resign(der, "stranger", func(*node) {}) }
	const in = "cache/rpki.example.net/repo/"
	for _, c := range []struct {
		why, rule string
		spec      func(s *chainSpec)
		files     func(f map[string][]byte)
	}{
		{"the chain as it is", "", nil, nil},
		{"the signer revoked", "RPKI-17", func(s *chainSpec) { s.revoked[2] = []int64{13} }, nil},
		{"the registry revoked", "RPKI-17", func(s *chainSpec) { s.revoked[0] = []int64{11} }, nil},
		{"numbers the signer has not", "RPKI-15", func(s *chainSpec) { s.content = elsewhere() }, nil},
		{"numbers the member has not", "RPKI-15", func(s *chainSpec) { s.ee[0] = ext3779(prefixOf("60.1.0.0/16"), prefixOf("2a00:1::/32")) }, nil},
		{"the signer inherits", "RPKI-9", func(s *chainSpec) { s.ee[1] = extAS(derNull) }, nil},
		{"the member certified by a stranger", "RPKI-6", nil, func(f map[string][]byte) { f[in+"member.cer"] = stranger(f[in+"member.cer"]) }},
		{"a bit of the signature flipped", "RPKI-6", nil, func(f map[string][]byte) { f["proof.sig"][len(f["proof.sig"])-9] ^= 1 }},
		{"expired", "RPKI-16", func(s *chainSpec) { s.to = s.to.Add(-25 * time.Hour) }, nil},
	} {
		s := now()
		if c.spec != nil {
			c.spec(&s)
		}
		files := repository(s)
		if c.files != nil {
			c.files(files)
		}
		e := &Evidence{Checklist: files["proof.sig"]}
		for _, name := range casOfChain {
			e.Certificates, e.CRLs = append(e.Certificates, files[in+name+".cer"]), append(e.CRLs, files[in+name+".crl"])
		}
		_, err := Verify(e.Bytes(), anchors0(), uint64(time.Now().Unix()))
		if ruleOf(err) != c.rule {
			t.Errorf("%s: got %v, want %q", c.why, err, c.rule)
		}
		said := rpkiClient(t, files, "proof.sig")
		if strings.Contains(said, "Validation: OK") != (c.rule == "") {
			t.Errorf("%s: rpki-client says\n%s", c.why, said)
		}
	}
}

// elsewhere is a checklist for numbers that the signer has not.
func elsewhere() []byte {
	n := tree(content0())
	n.at(0, 1, 0, 0, 1, 0).become(prefixOf("60.0.8.0/22"))
	return n.bytes()
}

// The objects beside the checklist are as the RPKI has them, too: rpki-client
// takes each by itself, and a manifest by the same hands.
func TestRPKIClientObjects_RPKI10(t *testing.T) {
	if _, err := exec.LookPath("rpki-client"); err != nil {
		t.Skip("rpki-client is not installed (apt-get install rpki-client): nothing is compared with it")
	}
	files := repository(now())
	for _, name := range []string{"cache/rpki.example.net/repo/registry.cer", "cache/rpki.example.net/repo/member.cer", "member.mft"} {
		if said := rpkiClient(t, files, name); !strings.Contains(said, "Validation: OK") {
			t.Errorf("%s: rpki-client says\n%s", name, said)
		}
	}
	if said := rpkiClient(t, files, "cache/rpki.example.net/repo/member.crl"); !strings.Contains(said, "CRL Serial Number:        07") {
		t.Errorf("the CRL: rpki-client says\n%s", said)
	}
}
