package vrp_test

import (
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

func TestAuthorises_asTheDecoderSays(t *testing.T) {
	for name, f := range map[string]record.Folio{
		"nothing":        {},
		"a title":        {Title: []byte{1, 2}, Estates: []byte{0}},
		"authorisations": {Title: []byte{1, 2}, Authorisations: []byte{0xc0}},
		"one byte":       {Authorisations: []byte{0}},
		"contacts":       {Contacts: make([]byte, 300)},
	} {
		if got, want := vrp.Authorises(wire.Encode(&f)), len(f.Authorisations) > 0; got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	if !vrp.Authorises([]byte{1}) {
		t.Error("what is no folio is left to the decoder")
	}
}
