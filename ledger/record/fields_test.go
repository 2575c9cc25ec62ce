package record

import (
	"bytes"
	"reflect"
	"testing"

	"github.com/ethereum/go-ethereum/rlp"

	"ipledger/ledger/wire"
)

// samples is one of each record, with every list filled.
func samples() map[string]any {
	key := WaitingKey{Alg: 1, Addr: wire.Address{4}}
	r := wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{60, 0, 1}}
	return map[string]any{
		"title":        sampleTitle(),
		"estate":       sampleEstate(r),
		"origin":       &Origin{Rules: 1, Holder: wire.Address{2}, MaxLength: 24, AS: 65000, Act: wire.Hash{3}, Since: 4},
		"resting":      &Resting{Rules: 1, Refs: []Ref{{r, 24, 65000}}, Places: []wire.Resource{r}},
		"charge":       &charges{sampleCharge()},
		"restrictions": &restrictions{{Rules: 1, Kind: Diverges, Act: wire.Hash{1}, Since: 1, Until: 2, At: r, Says: "h"}},
		"services":     &Services{Rules: 1, Holder: wire.Address{1}, Providers: []uint64{2}, Servers: "s", DS: "d", Geofeed: "g", Abuse: "a", Private: wire.Hash{3}},
		"recovery":     &Recovery{Rules: 1, Proposals: []Proposal{{Act: wire.Hash{1}, TitleKeys: []WaitingKey{key}, TitleK: 1, RoutingKeys: []WaitingKey{key}, RoutingK: 1, By: []wire.Address{{2}}}}, Began: 3, Vetoed: true, Ripe: true, At: 4, Stalled: 5, Proved: wire.Hash{6}},
		"offer":        sampleOffer(r),
		"attested":     &Attested{Rules: 1, Date: 20251128, File: wire.Hash{1}, Root: wire.Hash{2}, Pages: 3},
		"feed":         &Feed{Rules: 1, Date: 20251128, File: wire.Hash{1}, Next: wire.Hash{2}, Pages: 3, Received: 1, Basis: []wire.Address{{4}}, First: 5, Last: 6, Line: 7, At: 8},
		"sheet":        &Sheet{Rules: 1, Act: wire.Hash{1}, Date: 20251128, Basis: []wire.Address{{4}}, Ripe: 5, Stalled: 6, Lines: "60.0.0.0/24"},
		"balance":      &Balance{Rules: 1, Listed: Amounts{{31: 1}}, Began: Amounts{{31: 2}}, Added: Amounts{{31: 3}}, Retired: Amounts{{31: 4}}, Come: Amounts{{31: 5}}, Gone: Amounts{{31: 6}}, Day: 7, Spent: Amounts{{31: 8}}},
		"case":         sampleCase(r),
		"order":        sampleOrder(r),
		"revoked":      &Revoked{Rules: 1, Act: wire.Hash{1}},
		"offers":       &Offers{Rules: 1, IDs: []wire.Hash{{1}, {2}}},
		"waiting":      &Waiting{Rules: 1, Act: wire.Hash{1}, TitleKeys: []WaitingKey{key}, TitleK: 1, RoutingKeys: []WaitingKey{key}, RoutingK: 1, Delay: 4, Guardians: []wire.Address{{5}}, GuardianK: 6, At: 2, Stalled: 3},
		"due":          &Due{Rules: 1, Kind: DueEstate, Act: wire.Hash{1}, Resource: r, Estate: wire.Hash{2}, Account: wire.Address{3}, Sort: 4},
		"ends":         &Ends{Rules: 1, Count: 2},
		"member":       &Member{Rules: 1, Operator: "o", Organisation: "g", Jurisdiction: "NL", Hosting: "AS1", Alg: 1, PubKey: [32]byte{1}, Power: 1, Account: wire.Address{2}},
		"claim": &Claim{
			Rules: 1, Account: wire.Address{1}, From: wire.Address{2}, Resource: r, Grade: GradeA, Succession: true, Evidence: wire.Hash{3},
			Issuer: wire.Hash{4}, Proved: 5, Stage: Window, Entered: 6, Began: 7, At: 8, Ends: 9, Stalled: 10,
			Words:      []Word{{Kind: Attests, By: wire.Address{1}, Digest: wire.Hash{2}, Date: 3, At: 4, Block: r}},
			Objections: []Objection{{By: wire.Address{1}, Issuer: wire.Hash{2}, Signed: 3, Block: r}},
		},
		"claims":      &Claims{Rules: 1, IDs: []wire.Hash{{1}, {2}}},
		"use":         &Use{Rules: 1, Parts: []UsePart{{Part: 1, Numbers: Numbers{2, 3, 4}}}},
		"registrar":   &Registrar{Rules: 1, Account: wire.Address{1}, Organisation: "o", Jurisdiction: "NL", Since: 2, Removed: 3},
		"adjudicator": &Adjudicator{Rules: 1, Account: wire.Address{1}, Organisation: "o", Jurisdiction: "NL", Since: 2},
		"anchor":      &Anchor{Rules: 1, Kind: RegistryCA, Registry: "arin", Key: []byte{0x30, 0x00}},
		"evidence":    sampleEvidence(r),
		"shown":       &Shown{Rules: 1, Act: wire.Hash{1}},
		"roll":        &Roll{Rules: 1, Members: [][32]byte{{1}}, Registrars: []wire.Address{{2}}, Adjudicators: []wire.Address{{3}}, Anchors: []wire.Hash{{4}}},
		"parameters":  sampleParameters(),
		"chain":       &Chain{Rules: 1, Stalled: 2, Bearing: 3, Origins: 4, Holders: 5},
		"breaker":     &Breaker{Rules: 1, Day: 2, Used: 3},
		"handle":      &Handle{Rules: 1, Titles: 2},
		"folio":       &Folio{Title: sampleTitle().Bytes(), Estates: []byte{1}, Charges: []byte{2}, Restrictions: []byte{3}, Authorisations: []byte{4}, Contacts: []byte{5}, Previous: wire.Hash{6}},
	}
}

func sampleParameters() *Parameters {
	p := &Parameters{Rules: 1, Test: true}
	for i := range ParameterTable {
		*ParameterTable[i].In(p) = ParameterTable[i].Value
	}
	return p
}

func sampleEstate(r wire.Resource) *estates {
	return &estates{{
		Rules: 1, ID: wire.Hash{1}, Kind: Lease, Holder: wire.Address{2}, Start: 3, Notice: 4, SubGrants: true, Ends: 5,
		Warning: wire.Hash{6}, Inside: 7, Started: true, Lease: []Terms{{
			Renew: 1, Clause: 2, ClauseNotice: 3, Agent: wire.Address{4}, Suspend: true, Reversion: true, Operator: "o", Abuse: "a",
			Price: "p", Origins: "x", Suspended: 5, Spent: 6, Answer: wire.Hash{7}, Lessor: wire.Address{8}, Back: []Ref{{r, 24, 65000}},
		}},
	}}
}

func sampleEvidence(r wire.Resource) *Evidence {
	return &Evidence{
		Rules: 1, Act: wire.Hash{1}, Entered: 2, Signed: 3, Title: true, Registry: "arin", Issuer: wire.Hash{4},
		Resources: []wire.Resource{r}, Digests: []wire.Hash{{5}, {6}},
	}
}

func sampleCase(r wire.Resource) *Case {
	return &Case{
		Rules: 1, Sort: CaseContest, Resource: r, Party: wire.Address{1}, Ground: 2, Digest: wire.Hash{3}, Answer: wire.Hash{4}, Order: wire.Hash{5},
		State: CaseAppealed, Entered: 6, Stalled: 7, Next: 8, Until: 9, Renewed: true, Hears: 10, Panel: []wire.Address{{11}},
		Votes: []Vote{{wire.Address{12}, 3, wire.Hash{13}}}, Verdict: 4, Reasons: wire.Hash{14}, Appeal: wire.Hash{15}, Against: wire.Address{16},
	}
}

func sampleOrder(r wire.Resource) *Order {
	return &Order{
		Rules: 1, Author: wire.Address{1}, Resource: r, Court: "c", Jurisdiction: "NL", Reference: "r", Digest: wire.Hash{2}, Final: true,
		To: wire.Address{3}, Entered: 4, Stalled: 5, Status: 2, Findings: 15, Reasons: wire.Hash{6}, Until: 7, Votes: []Vote{{wire.Address{8}, 2, wire.Hash{9}}},
	}
}

func sampleCharge() Charge {
	return Charge{
		Rules: 1, ID: wire.Hash{1}, Lender: wire.Address{2}, Mode: 2, Law: "l", Deed: wire.Hash{3}, Longest: 4, Entered: 5,
		Enforced: 6, Notice: wire.Hash{7}, Buyer: wire.Address{8}, Contested: true, Stalled: 9,
	}
}

func sampleOffer(r wire.Resource) *Offer {
	return &Offer{
		Rules: 1, Kind: 20, Maker: wire.Address{1}, To: wire.Address{2}, Resource: r, Title: r, Value: wire.Hash{3}, Earliest: 5, Until: 6,
		Consents: []Consent{{By: wire.Address{1}, Charge: wire.Hash{2}, Release: true}}, Accepted: 7, Met: 1, Renewed: 8, Body: []byte{0xc0},
	}
}

// TestFields_WIRE4 changes every field of every record, however deep, and
// demands changed bytes: no field is left out of an encoding.
func TestFields_WIRE4(t *testing.T) {
	for name, v := range samples() {
		n := 0
		before := wire.Encode(v)
		visit(reflect.ValueOf(v).Elem(), name, func(path string) {
			n++
			if bytes.Equal(wire.Encode(v), before) {
				t.Errorf("%s changed, the bytes did not", path)
			}
		})
		if !bytes.Equal(wire.Encode(v), before) || n == 0 {
			t.Errorf("%s: the test did not put back what it changed (%d fields)", name, n)
		}
	}
}

// visit changes each field below v in turn, calls check, and puts it back.
func visit(v reflect.Value, path string, check func(path string)) {
	if r, ok := v.Interface().(wire.Resource); ok {
		old := r
		r.Addr[0] ^= 1
		v.Set(reflect.ValueOf(r))
		check(path)
		v.Set(reflect.ValueOf(old))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			visit(v.Field(i), path+"."+v.Type().Field(i).Name, check)
		}
		return
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			visit(v.Index(i), path+"[]", check)
		}
		return
	}
	old := reflect.New(v.Type()).Elem()
	old.Set(v)
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(v.String() + "x")
	default:
		v.SetUint(v.Uint() + 1)
	}
	check(path)
	v.Set(old)
}

// reflected is how wire.Decode reads a record that does not know its own fields.
func reflected(raw []byte, v any) error {
	if err := rlp.DecodeBytes(raw, v); err != nil {
		return err
	}
	if again, err := rlp.EncodeToBytes(v); err != nil || !bytes.Equal(again, raw) {
		return wire.ErrCanonical
	}
	return nil
}

// sameFields compares the two ways to read bytes as a record like v.
func sameFields(t *testing.T, name string, raw []byte, v any) {
	t.Helper()
	if _, ok := v.(wire.FieldReader); !ok {
		return
	}
	kind := reflect.TypeOf(v).Elem()
	one, two := reflect.New(kind).Interface(), reflect.New(kind).Interface()
	err1, err2 := wire.Decode(raw, len(raw), one), reflected(raw, two)
	if (err1 == nil) != (err2 == nil) || err1 == nil && !(bytes.Equal(wire.Encode(one), raw) && bytes.Equal(wire.Encode(two), raw)) {
		t.Fatalf("%s of %x: read by fields %v, %v, by reflection %v, %v", name, raw, one, err1, two, err2)
	}
}

// TestDecode_fields_WIRE1 reads every record whole, and with any byte changed, left
// out or doubled, by its fields and by reflection: both read the same or refuse.
func TestDecode_fields_WIRE1(t *testing.T) {
	for name, v := range samples() {
		raw := wire.Encode(v)
		sameFields(t, name, raw, v)
		for i := range raw {
			for _, flip := range []byte{1, 2, 0x7f, 0x80, 0xc0, raw[i]} {
				changed := bytes.Clone(raw)
				changed[i] ^= flip
				sameFields(t, name, changed, v)
			}
			sameFields(t, name, append(bytes.Clone(raw[:i]), raw[i+1:]...), v)
			sameFields(t, name, append(bytes.Clone(raw[:i+1]), raw[i:]...), v)
			sameFields(t, name, raw[:i], v)
		}
	}
}

// FuzzDecode_fields_WIRE1 is the same for any bytes.
func FuzzDecode_fields_WIRE1(f *testing.F) {
	all := samples()
	for _, v := range all {
		f.Add(wire.Encode(v))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for name, v := range all {
			sameFields(t, name, raw, v)
		}
	})
}
