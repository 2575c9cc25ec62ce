package genesis

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"ipledger/ledger/chain"
	"ipledger/ledger/wire"
)

func TestDecode_GEN21(t *testing.T) {
	out := build(t, testInput())
	g, err := Decode(out.File)
	if err != nil || !bytes.Equal(g.Encode(), out.File) {
		t.Fatalf("%v", err)
	}
	raw := string(out.File)
	if strings.Count(raw, "\n") != 1 || !strings.HasSuffix(raw, "}\n") {
		t.Errorf("a genesis file is one line: %q", raw)
	}
	for name, bad := range map[string]string{
		"no newline at the end":                     strings.TrimSuffix(raw, "\n"),
		"two newlines":                              raw + "\n",
		"a space":                                   strings.Replace(raw, ":", ": ", 1),
		"a key in capitals":                         strings.Replace(raw, `"chain_id"`, `"Chain_ID"`, 1),
		"an unknown key":                            strings.Replace(raw, `{"format"`, `{"more":1,"format"`, 1),
		"a key twice":                               strings.Replace(raw, `{"format"`, `{"format":"x","format"`, 1),
		"another order":                             strings.Replace(raw, `"chain_id":"build-1","test":true`, `"test":true,"chain_id":"build-1"`, 1),
		"a number with a zero":                      strings.Replace(raw, `"rules_version":"1"`, `"rules_version":"01"`, 1),
		"another format":                            strings.Replace(raw, Format, "ipledger-genesis/2", 1),
		"another version":                           strings.Replace(raw, `"rules_version":"1"`, `"rules_version":"2"`, 1),
		"another chain id":                          strings.Replace(raw, "build-1", "Build-1", 1),
		"no time":                                   strings.Replace(raw, `"genesis_time":"1764288000"`, `"genesis_time":"0"`, 1),
		"milliseconds":                              strings.Replace(raw, `"genesis_time":"1764288000"`, `"genesis_time":"1764288000000"`, 1),
		"two votes":                                 strings.Replace(raw, `"power":"1"`, `"power":"2"`, 1),
		"an anchor that is none":                    strings.Replace(raw, `"trust_anchors":[{"registry":"ripencc","key":"`, `"trust_anchors":[{"registry":"ripencc","key":"AAAA`, 1),
		"an anchor of nobody":                       strings.Replace(raw, `{"registry":"arin"`, `{"registry":""`, 1),
		"no list of anchors":                        strings.Replace(raw, `"registry_cas":[`, `"registry_cas":null,"was":[`, 1),
		"a registrar of nobody":                     strings.Replace(raw, g.Registrars[0].Account.String(), wire.Address{}.String(), 1),
		"a registrar out of order":                  strings.Replace(raw, g.Registrars[1].Account.String(), g.Registrars[0].Account.String(), 1),
		"a registrar's law":                         strings.Replace(raw, `"organisation":"Notaries 0","jurisdiction":"`, `"organisation":"Notaries 0","jurisdiction":"x`, 1),
		"an organisation of none":                   strings.Replace(raw, `"organisation":"Notaries 0"`, `"organisation":""`, 1),
		"a log that has begun":                      strings.Replace(raw, `"size":"0"`, `"size":"1"`, 1),
		"another app hash":                          strings.Replace(raw, `"app_hash":"`+g.AppHash.String(), `"app_hash":"`+g.Log.Root.String(), 1),
		"a state file too large":                    strings.Replace(raw, `"bytes":"`, `"bytes":"9999999`, 1),
		"a member's key":                            strings.Replace(raw, g.Members[0].PublicKey, g.Members[1].PublicKey, 1),
		"too large":                                 raw + strings.Repeat(" ", FileBytesMax),
		"a parameter out of bounds":                 strings.Replace(raw, `"heartbeat_seconds":"15"`, `"heartbeat_seconds":"0"`, 1),
		"a test network's numbers without the mark": strings.Replace(raw, `"test":true`, `"test":false`, 1),
		"not JSON":                                  "genesis",
	} {
		if bad == raw {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := Decode([]byte(bad)); !errors.Is(err, ErrFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if set := g.Validators(); set.Check() != nil || len(set) != 4 {
		t.Errorf("validators %v", set)
	}
}

func TestHash_GEN22(t *testing.T) {
	v := readVectors(t).Genesis
	g, err := Decode([]byte(v.File))
	if err != nil || g.Hash().String() != v.Hash {
		t.Errorf("%v, hash %v, want %s", err, g.Hash(), v.Hash)
	}
	out := build(t, testInput())
	if out.Hash != sum(out.File) || out.Genesis.Hash() != out.Hash || out.Report.GenesisHash != out.Hash {
		t.Error("the genesis hash is not that of the file")
	}
	if out.Genesis.AppHash != chain.AppHash(out.State.Root(), wire.Hash(sum(nil))) {
		t.Error("the app hash is not that of the state and the empty log")
	}
}

func FuzzDecode_GEN21(f *testing.F) {
	out := build(f, testInput())
	f.Add(out.File)
	f.Add([]byte(`{"format":"ipledger-genesis/1"}` + "\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		g, err := Decode(raw)
		if err == nil && !bytes.Equal(g.Encode(), raw) {
			t.Fatalf("%q reads but encodes to %q", raw, g.Encode())
		}
	})
}
