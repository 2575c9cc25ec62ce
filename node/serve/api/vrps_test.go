package api

import (
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

func TestVRPs_settledOnly_API8(t *testing.T) {
	_, a, _, _ := busy(t)
	code, raw := get(t, a, "/vrps.csv")
	want := "ASN,IP Prefix,Max Length,Trust Anchor\nAS3333,193.0.0.0/16,24,ipledger\nAS3333,2001:67c::/32,48,ipledger\n"
	if code != 200 || string(raw) != want {
		t.Errorf("got %d %s", code, raw)
	}
}

func TestAuthorises_asTheDecoderSays(t *testing.T) {
	for name, f := range map[string]record.Folio{
		"nothing":        {},
		"a title":        {Title: []byte{1, 2}, Estates: []byte{0}},
		"authorisations": {Title: []byte{1, 2}, Authorisations: []byte{0xc0}},
		"one byte":       {Authorisations: []byte{0}},
		"contacts":       {Contacts: make([]byte, 300)},
	} {
		if got, want := authorises(wire.Encode(&f)), len(f.Authorisations) > 0; got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	if !authorises([]byte{1}) {
		t.Error("what is no folio is left to the decoder")
	}
}
