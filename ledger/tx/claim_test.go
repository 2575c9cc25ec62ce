package tx

import "testing"

// TestClaimsInForm_CLAIM1_CLAIM2_CLAIM3_CLAIM4 wants claims in form to be let
// through; vectors/acts.json has those that are refused.
func TestClaimsInForm_CLAIM1_CLAIM2_CLAIM3_CLAIM4(t *testing.T) {
	four := resource("192.0.2.0/24")
	for _, b := range []Body{
		&Claim{Resource: four, Grade: 'A', Evidence: mark(1), Expiry: 1},
		&Claim{Resource: four, Grade: 'B'},
		&Claim{Resource: four, Grade: 'C'},
		&ClaimObject{Claim: mark(1), Resource: four, Evidence: mark(2), Expiry: 1},
		&ClaimObject{Claim: mark(1), Resource: four, Reason: mark(2)},
		&ClaimAttest{Claim: mark(1), Notice: mark(2), Noticed: 1},
		&AttestRefuse{Claim: mark(1), Reason: mark(2)},
		&ClaimAnswer{Claim: mark(1), Digest: mark(2)},
		&Succession{Resource: four, Subject: address(1), Documents: mark(2)},
		&NameAttest{Subject: address(1), Documents: mark(2)},
	} {
		if err := New(Header{Author: address(9)}, b).Check(); err != nil {
			t.Errorf("%+v: %v", b, err)
		}
	}
	wantRule(t, "grade T", New(Header{Author: address(9)}, &Claim{Resource: four, Grade: 'T'}).Check(), "CLAIM-1")
	wantRule(t, "an expiry alone", New(Header{Author: address(9)}, &Claim{Resource: four, Grade: 'B', Expiry: 1}).Check(), "CLAIM-1")
}
