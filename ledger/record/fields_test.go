package record

import (
	"bytes"
	"reflect"
	"testing"

	"ipledger/ledger/wire"
)

// samples is one of each record, with every list filled.
func samples() map[string]any {
	key := WaitingKey{Alg: 1, Addr: wire.Address{4}}
	r := wire.Resource{Family: wire.IPv4, Len: 24, Addr: [16]byte{60, 0, 1}}
	return map[string]any{
		"title":      sampleTitle(),
		"estate":     &Estate{Rules: 1, ID: wire.Hash{1}, Kind: Grant, Holder: wire.Address{2}, Start: 3, Notice: 4, SubGrants: true, Ends: 5, Warning: wire.Hash{6}, Inside: 7},
		"origin":     &Origin{Rules: 1, Holder: wire.Address{2}, MaxLength: 24, AS: 65000, Act: wire.Hash{3}},
		"resting":    &Resting{Rules: 1, Refs: []Ref{{r, 24, 65000}}},
		"offer":      &Offer{Rules: 1, Kind: OfferGrant, Maker: wire.Address{1}, To: wire.Address{2}, Resource: r, Title: r, Value: wire.Hash{3}, Keep: true, Notice: 4, SubGrants: true, Earliest: 5, Until: 6},
		"offers":     &Offers{Rules: 1, IDs: []wire.Hash{{1}, {2}}},
		"waiting":    &Waiting{Rules: 1, Account: wire.Address{1}, TitleKeys: []WaitingKey{key}, TitleK: 1, RoutingKeys: []WaitingKey{key}, RoutingK: 1, At: 2, Stalled: 3},
		"due":        &Due{Rules: 1, Kind: DueEstate, Act: wire.Hash{1}, Resource: r, Estate: wire.Hash{2}},
		"terms":      &Terms{Rules: 1, Count: 2},
		"member":     &Member{Rules: 1, Operator: "o", Organisation: "g", Jurisdiction: "NL", Hosting: "AS1", Alg: 1, PubKey: [32]byte{1}, Power: 1},
		"parameters": &Parameters{Rules: 1, Test: true, Heartbeat: 15, StallSeconds: 600, CreditCap: 100, CreditRefill: 1, WorkBits: 20, WorkOpensMax: 50, DelaySeconds: 1, NoticeMin: 2, TransferFloor4: 24, TransferFloor6: 48},
		"chain":      &Chain{Rules: 1, Stalled: 2, Bearing: 3},
		"folio":      &Folio{Title: sampleTitle().Bytes(), Estates: []byte{1}, Charges: []byte{2}, Restrictions: []byte{3}, Authorisations: []byte{4}, Contacts: []byte{5}, Previous: wire.Hash{6}},
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
