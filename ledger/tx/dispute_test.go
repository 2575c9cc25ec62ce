package tx

import (
	"reflect"
	"testing"

	"ipledger/ledger/wire"
)

// TestCheck_DISP26 takes each digest of a dispute's acts away.
func TestCheck_DISP26(t *testing.T) {
	for _, a := range samples() {
		if k := a.Body.Kind(); k < KindCaution || k > KindOrderConfirm || k == KindRestrict || k == KindLift {
			continue
		}
		v := reflect.ValueOf(a.Body).Elem()
		digest := v.FieldByName("Digest")
		if !digest.IsValid() {
			digest = v.FieldByName("Reasons")
		}
		wantRule(t, a.Body.Kind().String(), a.Check(), "")
		digest.Set(reflect.ValueOf(wire.Hash{}))
		wantRule(t, a.Body.Kind().String()+" without its digest", a.Check(), "DISP-26")
	}
}
