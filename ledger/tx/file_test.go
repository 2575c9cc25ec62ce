package tx

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestFile_ACT19(t *testing.T) {
	for _, a := range append(samples(), byWork(t)) {
		for n := range 3 {
			if n > 0 && a.Body.Kind() != KindOpenAccount {
				signed(t, a, n)
			}
			raw := (&File{Salt: salt, Act: a}).Bytes()
			f, err := ReadFile(raw)
			if err != nil {
				t.Fatalf("%v: %v", a.Body.Kind(), err)
			}
			if f.Salt != salt || !bytes.Equal(f.Act.Encode(), a.Encode()) {
				t.Errorf("%v: read as another act", a.Body.Kind())
			}
			if !json.Valid(raw) || !json.Valid(f.TypedData()) || raw[len(raw)-1] != '\n' || len(raw) > FileBytesMax {
				t.Errorf("%v: the file is not one page of JSON", a.Body.Kind())
			}
		}
	}
}

func TestFileLargest_ACT19(t *testing.T) {
	body := &OpenAccount{
		Name: strings.Repeat(`"`, 128), Jurisdiction: "ZZ", TitleKeys: keysOf(secrets(16)), TitleK: 16,
		RoutingKeys: keysOf(secrets(16)), RoutingK: 16, Delay: 90 * day, Work: mark(1), Nonce: most64,
	}
	a := signed(t, New(Header{Expires: most64}, body), 16)
	raw := (&File{Salt: salt, Act: a}).Bytes()
	if len(raw) > FileBytesMax {
		t.Errorf("%d bytes, at most %d", len(raw), FileBytesMax)
	}
	if _, err := ReadFile(raw); err != nil {
		t.Error(err)
	}
	_, err := ReadFile(append(raw, make([]byte, FileBytesMax)...))
	wantRule(t, "too large", err, "ACT-19")
	wide := signed(t, New(Header{Author: address(9), Policy: most64, Number: most64, Expires: most64}, &Evidence{Evidence: make([]byte, EvidenceBytesMax)}), 16)
	raw = (&File{Salt: salt, Act: wide}).Bytes()
	if _, err := ReadFile(raw); err != nil || len(raw) > LargestFileBytesMax {
		t.Errorf("%d bytes of evidence: %v", len(raw), err)
	}
	_, err = ReadFile(append(raw, make([]byte, LargestFileBytesMax)...))
	wantRule(t, "too large for evidence", err, "ACT-19")
	padded := bytes.Replace((&File{Salt: salt, Act: a}).Bytes(), []byte("\n"), append(bytes.Repeat([]byte(" "), FileBytesMax), '\n'), 1)
	_, err = ReadFile(padded)
	wantRule(t, "an opening as large as evidence", err, "ACT-19")
}

// Not one byte can be changed, left out or put in without being noticed.
func TestFileEveryByte_ACT19(t *testing.T) {
	raw := (&File{Salt: salt, Act: signed(t, samples()[2], 1)}).Bytes()
	accepts := func(raw []byte) bool { _, err := ReadFile(raw); return err == nil }
	for i := range raw {
		for _, with := range []byte{' ', '0', raw[i] ^ 0x20, raw[i] ^ 1} {
			changed := bytes.Clone(raw)
			if changed[i] = with; with != raw[i] && accepts(changed) {
				t.Fatalf("byte %d may be %q and %q", i, raw[i], with)
			}
		}
		if accepts(append(bytes.Clone(raw[:i]), raw[i+1:]...)) {
			t.Fatalf("byte %d may be left out", i)
		}
		if accepts(append(append(bytes.Clone(raw[:i]), ' '), raw[i:]...)) {
			t.Fatalf("a space may stand before byte %d", i)
		}
	}
}

func TestFileSignatures_ACT20(t *testing.T) {
	a := signed(t, samples()[2], 2)
	a.Signatures[0].Sig[3] ^= 1
	_, err := ReadFile((&File{Salt: salt, Act: a}).Bytes())
	wantRule(t, "a bad signature", err, "SIG-3")
	a = signed(t, samples()[2], 2)
	a.Signatures[0], a.Signatures[1] = a.Signatures[1], a.Signatures[0]
	_, err = ReadFile((&File{Salt: salt, Act: a}).Bytes())
	wantRule(t, "signatures descending", err, "SIG-4")
	a = signed(t, samples()[2], 1)
	_, err = ReadFile((&File{Salt: mark(1), Act: a}).Bytes())
	wantRule(t, "another chain's signature", err, "SIG-3")
}

// The hashes in the file are those of the act.
func TestFileHashes_ACT19(t *testing.T) {
	f := &File{Salt: salt, Act: samples()[4]}
	domain, message, digest := f.Hashes()
	if digest != f.Act.ID(salt) {
		t.Errorf("digest %v, id %v", digest, f.Act.ID(salt))
	}
	for _, h := range []string{domain.String(), message.String(), digest.String()} {
		if !bytes.Contains(f.Bytes(), []byte(`"0x`+h+`"`)) {
			t.Errorf("%s is not in the file", h)
		}
	}
}

func FuzzReadFile_ACT19(f *testing.F) {
	for _, a := range samples() {
		f.Add((&File{Salt: salt, Act: signed(f, a, 1)}).Bytes())
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := ReadFile(raw)
		if err == nil && !bytes.Equal(file.Bytes(), raw) {
			t.Errorf("%s is written again as %s", raw, file.Bytes())
		}
	})
}
