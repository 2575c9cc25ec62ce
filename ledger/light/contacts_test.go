package light

import (
	"strings"
	"testing"

	"ipledger/ledger/wire"
	"ipledger/specs/frozen"
)

// contactVectors are specs/vectors/contacts.json.
type contactVectors struct {
	Valid []struct {
		Name string    `json:"name"`
		Hash wire.Hash `json:"hash"`
		File string    `json:"file"`
	} `json:"valid"`
	Invalid []invalid `json:"invalid"`
}

var desk = Contact{Role: "network desk", Name: "Zoë Jansen", Mailbox: "noc@example.net", Phone: "+31 20 555 0100", Address: "Kade 1, Utrecht"}

func madeContacts(t testing.TB, list ...Contact) *Contacts {
	t.Helper()
	c, err := NewContacts(wire.Sum(wire.TagContacts, []byte("salt of a test")), list)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func makeContactVectors(t *testing.T) (v contactVectors) {
	good := madeContacts(t, desk, Contact{Role: "duty officer", Phone: "+31 20 555 0199"})
	v.Valid = append(v.Valid, struct {
		Name string    `json:"name"`
		Hash wire.Hash `json:"hash"`
		File string    `json:"file"`
	}{"two contacts", good.Hash(), string(good.Bytes())})
	spoil := func(name, rule, file string) {
		v.Invalid = append(v.Invalid, invalid{Name: name, Rule: rule, File: file})
	}
	text := string(good.Bytes())
	edited := func(old, new string) string { return strings.Replace(text, old, new, 1) }
	spoil("no newline at the end", "SVC-9", strings.TrimSuffix(text, "\n"))
	spoil("a key in capitals", "SVC-9", edited(`"salt"`, `"Salt"`))
	spoil("a key too many", "SVC-9", edited(`"salt"`, "\"note\": \"\",\n  \"salt\""))
	spoil("another format", "SVC-9", edited("contacts/1", "contacts/2"))
	spoil("a zero salt", "SVC-10", edited(good.Salt.String(), strings.Repeat("0", 64)))
	spoil("a contact without role", "SVC-9", edited("network desk", ""))
	spoil("neither mailbox nor phone", "SVC-9", edited("+31 20 555 0199", ""))
	spoil("a mailbox that is none", "SVC-9", edited("noc@example.net", "noc at example"))
	spoil("a character that shows nothing", "SVC-9", edited("Utrecht", "Utr\u200becht"))
	spoil("no contact", "SVC-9", string(encode(&Contacts{ContactsFormat, good.Salt, []Contact{}})))
	spoil("nine contacts", "SVC-9", string(encode(&Contacts{ContactsFormat, good.Salt, []Contact{desk, desk, desk, desk, desk, desk, desk, desk, desk}})))
	return v
}

func TestContactVectors_SVC9_SVC10(t *testing.T) {
	frozen.Hold(t, "contacts", encode(makeContactVectors(t)))
	var v contactVectors
	frozen.Read(t, "contacts", &v)
	for _, x := range v.Valid {
		if c, err := ReadContacts([]byte(x.File)); err != nil || c.Hash() != x.Hash || string(c.Bytes()) != x.File {
			t.Errorf("%s: %v", x.Name, err)
		}
	}
	for _, x := range v.Invalid {
		if _, err := ReadContacts([]byte(x.File)); err == nil || !strings.Contains(err.Error(), x.Rule) {
			t.Errorf("%s: got %v, want %s", x.Name, err, x.Rule)
		}
	}
}

func TestContacts_bounds_SVC9(t *testing.T) {
	long := strings.Repeat("x", 128)
	full := Contact{long, long, strings.Repeat("x", 100) + "@example.net", long, long}
	var list []Contact
	for range ContactsMax {
		list = append(list, full)
	}
	c := madeContacts(t, list...)
	if _, err := ReadContacts(c.Bytes()); err != nil {
		t.Errorf("the longest file is refused: %v", err)
	}
	if _, err := ReadContacts(make([]byte, ContactsBytesMax+1)); err == nil || !strings.Contains(err.Error(), "SVC-9") {
		t.Errorf("a file beyond the bound: %v", err)
	}
	other := madeContacts(t, list...)
	other.Salt[0]++
	if other.Hash() == c.Hash() {
		t.Error("the hash does not depend on the salt")
	}
}

func FuzzReadContacts_SVC9(f *testing.F) {
	f.Add(madeContacts(f, desk).Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		if c, err := ReadContacts(raw); err == nil && string(c.Bytes()) != string(raw) {
			t.Errorf("read otherwise than written:\n%s", raw)
		}
	})
}
