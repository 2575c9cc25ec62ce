package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"ipledger/ledger/wire"
)

// TestTellEffects shows what an act changes, what can be announced no more, and
// whose consent is missing, with the names that are known here.
func TestTellEffects(t *testing.T) {
	alice, bank := wire.Address{1}, wire.Address{2}
	offer, charge := wire.Hash{3}, wire.Hash{4}
	answer := map[string]any{
		"outcome": "done", "cost": "2", "height": "5",
		"changes": []map[string]string{
			{"change": "enters", "text": "grant of 193.0.8.0/24 to " + alice.String()},
			{"change": "narrows", "text": "authorisation of AS1 for 193.0.0.0/16"},
			{"change": "changes", "text": "a becomes b"},
		},
		"effects": []map[string]string{
			{"resource": "193.0.8.0/24", "before": "left out", "after": "told above"},
			{"resource": alice.String(), "before": "After block 1, at 2026, it is a. It stays.", "after": "After block 2, at 2026, it is b. It stays."},
		},
		"announcements_lost": []map[string]any{
			{"prefix": "193.0.8.0/24", "min_length": 24, "max_length": 24, "asn": "AS1", "after": "invalid"},
			{"prefix": "193.0.9.0/24", "min_length": 24, "max_length": 25, "asn": "AS1", "after": "not found"},
		},
		"announcements_part": true,
		"if_accepted":        map[string]any{"changes": []map[string]string{{"change": "closes", "text": "the title to 193.0.8.0/24"}}},
		"starts":             []map[string]any{{"resource": "193.0.8.0/24", "time": "2026-11-21T09:00:00Z", "changes": []map[string]string{{"change": "narrows", "text": "authorisation of AS2"}}}},
		"consents_lacking":   []map[string]any{{"offer": offer, "by": bank, "charge": charge}, {"offer": offer, "by": alice, "charge": nil}},
	}
	raw, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	var p preview
	if err := json.Unmarshal(raw, &p); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s := &session{book: &book{items: []bookItem{{Name: "alice", ID: alice}}}}
	s.tellEffects(&printer{&out}, &p)
	want := `  + grant of 193.0.8.0/24 to 0x0100000000000000000000000000000000000000 (alice)
  - authorisation of AS1 for 193.0.0.0/16
    this authorisation is narrowed to what is left
  ~ a becomes b
  ! announcements of 193.0.8.0/24 (/24) by AS1 are valid now, and would be invalid: others cover it and none matches
  ! announcements of 193.0.9.0/24 (/24 to /25) by AS1 are valid now, and would be not found: no authorisation covers it
  ! there are more announcements to lose than are listed
  - it is a.
  + it is b.
If it is accepted as things stand:
  - the title to 193.0.8.0/24
When the lease of 193.0.8.0/24 starts, at 2026-11-21T09:00:00Z:
  - authorisation of AS2
    this authorisation is narrowed to what is left
  ? it cannot be accepted before 0x0200000000000000000000000000000000000000 consents: ipledger charge consent ` + offer.String() + " " + charge.String() + `
  ? it cannot be accepted before 0x0100000000000000000000000000000000000000 (alice) consents: ipledger lease consent ` + offer.String() + `
It would be done, and costs 2 of the account's credit.
`
	if got := out.String(); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
