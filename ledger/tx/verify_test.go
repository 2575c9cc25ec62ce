package tx

import (
	"bytes"
	"slices"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

func TestVerify_ACT16(t *testing.T) {
	for _, a := range append(samples(), byWork(t)) {
		if len(a.Signatures) == 0 {
			signed(t, a, 3)
		}
		raw := a.Encode()
		v, err := Verify(raw, salt)
		if err != nil {
			t.Fatalf("%v: %v", a.Body.Kind(), err)
		}
		if v.ID() != a.ID(salt) || v.Kind() != a.Body.Kind() || v.Header() != a.Header || !bytes.Equal(v.Raw(), raw) {
			t.Errorf("%v: verified as another act", a.Body.Kind())
		}
		if got := v.Act(); !bytes.Equal(got.Encode(), raw) {
			t.Errorf("%v: verified as %x", a.Body.Kind(), got.Encode())
		}
		var signers []wire.Address
		for _, s := range a.Signatures {
			signers = append(signers, s.Signer)
		}
		if !slices.Equal(v.Signers(), signers) {
			t.Errorf("%v: signers %v, want %v", a.Body.Kind(), v.Signers(), signers)
		}
		_, err = Verify(raw, mark(5))
		wantRule(t, "on another chain", err, "SIG-3")
		// The caller's buffer may be used again.
		clear(raw)
		if again := v.Act(); !bytes.Equal(v.Raw(), again.Encode()) {
			t.Errorf("%v: the act shares its caller's bytes", a.Body.Kind())
		}
	}
}

// Each check stands before the next: an act with every fault is refused for the
// first, and so on.
func TestOrder_ACT16(t *testing.T) {
	a := signed(t, samples()[2], 2)
	verify := func(raw []byte) error { _, err := Verify(raw, salt); return err }

	a.Signatures[0].Signer[19] ^= 1 // 5: recovers to another
	wantRule(t, "a stranger's signature", verify(a.Encode()), "SIG-3")
	a.Signatures[1].Sig[64] = 27 // 4: malformed
	wantRule(t, "and a malformed one", verify(a.Encode()), "SIG-2")
	a.Body.(*TransferOffer).Until = 0 // 3: means nothing
	wantRule(t, "and a lapsed offer", verify(a.Encode()), "ACT-13")
	raw := append(a.Encode(), 0) // 2: not canonical
	wantRule(t, "and a byte behind", verify(raw), "ACT-3")
	raw = append(raw, make([]byte, BytesMax)...) // 1: too large
	wantRule(t, "and too large", verify(raw), "ACT-1")
}

func TestVerifyForm_ACT16(t *testing.T) {
	a := signed(t, samples()[2], 1)
	a.Signatures[0].Signer[19] ^= 1
	got, err := VerifyForm(a.Encode())
	if err != nil || !bytes.Equal(got.Encode(), a.Encode()) {
		t.Errorf("what only recovery can tell: %v", err)
	}
	a.Signatures = nil
	_, err = VerifyForm(a.Encode())
	wantRule(t, "no signature", err, "SIG-4")
}

// A cache that says "known" is asked with the bytes, and only after the form.
func TestVerifyWith_ACT16(t *testing.T) {
	a := signed(t, samples()[2], 1)
	raw, asked := a.Encode(), 0
	known := func(id wire.Hash, got []byte) bool {
		asked++
		return id == a.ID(salt) && bytes.Equal(got, raw)
	}
	if _, err := VerifyWith(raw, salt, known); err != nil || asked != 1 {
		t.Errorf("known: %v, asked %d times", err, asked)
	}
	forged := *a
	forged.Signatures = slices.Clone(a.Signatures)
	forged.Signatures[0].Sig[0] ^= 1
	_, err := VerifyWith(forged.Encode(), salt, known)
	wantRule(t, "the same id and signer with another signature", err, "SIG-3")
	_, err = VerifyWith(append(raw, 0), salt, func(wire.Hash, []byte) bool { t.Error("asked about malformed bytes"); return true })
	wantRule(t, "malformed", err, "ACT-3")
}

func TestAttach_SIG4(t *testing.T) {
	a := samples()[2]
	for _, key := range secrets(account.SignaturesMax) {
		s, err := account.Sign(a.ID(salt), key)
		if err != nil {
			t.Fatal(err)
		}
		wantRule(t, "once", a.Attach(s, salt), "")
		wantRule(t, "twice", a.Attach(s, salt), "")
	}
	if len(a.Signatures) != account.SignaturesMax {
		t.Errorf("%d signatures, want %d", len(a.Signatures), account.SignaturesMax)
	}
	if _, err := Verify(a.Encode(), salt); err != nil {
		t.Error(err)
	}
	one, err := account.Sign(a.ID(salt), secret(200))
	if err != nil {
		t.Fatal(err)
	}
	wantRule(t, "one more", a.Attach(one, salt), "SIG-4")
	b := samples()[3]
	wantRule(t, "another act's", b.Attach(one, salt), "SIG-3")
}
