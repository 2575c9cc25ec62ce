package light

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAnswer_asJSON(t *testing.T) {
	files, trust := samples(t)
	for name, wants := range map[string][]string{
		"resource":     {`"height":"41"`, `"possessor":"0xc3`, `"as":"3333"`, `"grade":"T"`, `"dealing_value":"`, `"ends":"2025-10-09T08:53:30Z"`, `"proved":null`},
		"unregistered": {`"state":"unregistered"`, `"title":null`, `"possessor":null`, `"estates":[]`, `"origins":[]`},
		"account":      {`"ipv4_24s":"512"`, `"name":"Exempel AB"`, `"self_declared":true`},
		"no account":   {`"account":null`},
		"act":          {`"outcome":"failed"`, `"rule":"ORIGIN-6"`, `"index":"1"`, `"kind":"OriginWithdraw"`},
	} {
		v, err := Verify(files[name].Bytes(), trust)
		if err != nil {
			t.Fatal(err)
		}
		var raw []byte
		switch v.Kind {
		case KindResource:
			raw, err = json.Marshal(v.Resource)
		case KindAccount:
			raw, err = json.Marshal(v.Account)
		default:
			raw, err = json.Marshal(v.Act)
		}
		for _, want := range wants {
			if err != nil || !strings.Contains(string(raw), want) {
				t.Errorf("%s: %v: want %s in %s", name, err, want, raw)
			}
		}
	}
}
