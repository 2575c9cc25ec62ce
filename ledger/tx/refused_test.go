package tx

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/rlp"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

func makeVectors(t *testing.T) vectors {
	v := vectors{Chapter: "04", Salt: salt, Domain: account.Domain(salt)}
	for _, a := range samples() {
		s := schemas[a.Body.Kind()]
		v.Types = append(v.Types, vectorType{uint64(a.Body.Kind()), s.String(), s.sum})
		why := "%v in a bundle, 3 signatures"
		if a.Count == 0 {
			why = "%v, 3 signatures"
		}
		v.valid(fmt.Sprintf(why, a.Body.Kind()), signed(t, a, 3))
	}
	v.valid("evidence longer than other acts may be", signed(t, New(Header{Author: address(9)}, &Evidence{Evidence: make([]byte, BytesMax)}), 1))
	v.valid("an opening by work", byWork(t))
	v.valid("a revocation", byKey(t))
	v.valid("the longest life of a number", signed(t, New(Header{Author: address(9), Number: most64, Policy: most64, Expires: most64}, &Merge{}), 16))
	v.makeRefused(t)
	v.makeBundle(t)
	for n := range byte(4) {
		v.Work = append(v.Work, vectorWork{mark(7), mark(n), WorkBits(mark(n), mark(7))})
	}
	v.makeFiles(t)
	return v
}

func (v *vectors) valid(why string, a *Act) {
	c := vectorAct{Why: why, Kind: a.Body.Kind().String(), Raw: hex.EncodeToString(a.Encode()), Message: a.message(), ID: a.ID(salt)}
	for _, s := range a.Signatures {
		c.Signers = append(c.Signers, s.Signer)
	}
	v.Valid = append(v.Valid, c)
}

func (v *vectors) makeBundle(t *testing.T) {
	acts, all := bundled(t, 3)
	v.Bundle.ID = acts[0].Bundle
	for _, one := range all {
		v.Bundle.Acts = append(v.Bundle.Acts, hex.EncodeToString(one.Raw()))
	}
}

// makeRefused has for each rule at least one act that it refuses.
func (v *vectors) makeRefused(t *testing.T) {
	raw := func(rule, why string, raw []byte) {
		v.Invalid = append(v.Invalid, vectorRefused{rule, why, hex.EncodeToString(raw)})
	}
	after := func(rule, why string, change func(a *Act)) {
		a := signed(t, samples()[2], 2)
		change(a)
		raw(rule, why, a.Encode())
	}
	good := signed(t, samples()[2], 1).Encode()
	edit := func(rule, why string, list, field int, with string) {
		raw(rule, why, edited(t, good, list, field, unhexed(t, with)))
	}
	raw("ACT-1", "4097 bytes", append(bytes.Clone(good), make([]byte, BytesMax+1-len(good))...))
	raw("WIRE-1", "nothing but a string", []byte{0x80})
	raw("ACT-3", "nothing", nil)
	raw("ACT-3", "an empty list", []byte{0xc0})
	raw("ACT-3", "a byte behind the act", append(bytes.Clone(good), 0))
	raw("WIRE-1", "a byte short", good[:len(good)-1])
	raw("WIRE-1", "a length of two bytes where one does", append([]byte{0xf9, 0}, good[1:]...))
	edit("ACT-2", "kind 47", top, 0, "2f")
	edit("WIRE-1", "the kind as a string of one byte", top, 0, "810a")
	edit("WIRE-1", "a body that is a string", top, 1, "80")
	edit("ACT-3", "a body without fields", top, 1, "c0")
	edit("ACT-3", "no list of signatures", top, 3, "")
	edit("ACT-3", "a field more in the act", top, 3, "c080")
	edit("WIRE-1", "a length of two bytes in the body where one does", top, 1, "f90000")
	edit("WIRE-4", "host bits", body, 0, "850017c00003")
	edit("WIRE-4", "a length beyond the family", body, 0, "870021c000020180")
	edit("WIRE-4", "no such family", body, 0, "850318c00002")
	edit("WIRE-4", "a byte of address more than the length needs", body, 0, "860018c0000200")
	edit("WIRE-1", "a prefix as an empty list", body, 0, "c0")
	edit("ACT-3", "an account of 19 bytes", body, 1, "93"+strings.Repeat("11", 19))
	edit("ACT-3", "an absent account as the empty string", body, 1, "80")
	edit("ACT-4", "a flag of 2", body, 2, "02")
	edit("WIRE-1", "a flag of zero as a byte", body, 2, "00")
	edit("ACT-3", "a hash of 31 bytes", body, 3, "9f"+strings.Repeat("11", 31))
	edit("ACT-3", "a hash of 33 bytes", body, 3, "a1"+strings.Repeat("11", 33))
	edit("WIRE-1", "a number with a leading zero", body, 4, "85006b49d200")
	edit("WIRE-1", "a number of nine bytes", body, 4, "89010000000000000000")
	edit("WIRE-1", "a number as a list", body, 4, "c101")
	edit("ACT-3", "a field less in the body", body, 8, "")
	edit("ACT-3", "a field more in the body", body, 8, "846b530c8080")
	edit("ACT-3", "a field less in the header", header, 8, "")
	edit("ACT-3", "a field more in the header", header, 8, "0180")
	edit("ACT-4", "rules version 3", header, 8, "03")
	edit("ACT-3", "a signature of 64 bytes", signature, 2, "b840"+strings.Repeat("11", 64))
	edit("ACT-3", "a signature of 66 bytes", signature, 2, "b842"+strings.Repeat("11", 66))
	edit("ACT-3", "a signature without signer", signature, 1, "")
	edit("ACT-4", "an algorithm of two bytes", signature, 0, "820100")
	v.makeMeaningless(t)
	v.makeUnsigned(t, raw, after)
}

// makeMeaningless has acts in form that could be done in no state.
func (v *vectors) makeMeaningless(t *testing.T) {
	act := func(rule, why string, kind Kind, change func(a *Act)) {
		for _, a := range samples() {
			if a.Body.Kind() == kind {
				change(a)
				raw := hex.EncodeToString(signed(t, a, 1).Encode())
				v.Invalid = append(v.Invalid, vectorRefused{rule, why, raw})
			}
		}
	}
	act("ACT-4", "lane 16", KindMerge, func(a *Act) { a.Lane = 16 })
	act("ACT-4", "a count of 101", KindMerge, func(a *Act) { a.Count = 101 })
	act("ACT-4", "an AS number of 33 bits", KindOriginAuthorise, func(a *Act) { a.Body.(*OriginAuthorise).AS = 1 << 32 })
	act("ACT-4", "a delay of more than 90 days", KindOpenAccount, func(a *Act) { a.Body.(*OpenAccount).Delay = 90*day + 1 })
	act("ACT-4", "a name of 129 bytes", KindOpenAccount, func(a *Act) { a.Body.(*OpenAccount).Name = strings.Repeat("n", 129) })
	act("ACT-5", "rules version 0", KindMerge, func(a *Act) { a.Rules = 0 })
	act("ACT-6", "a transfer in a lane of routing keys", KindTransferOffer, func(a *Act) { a.Lane = 8 })
	act("ACT-7", "a count without bundle", KindMerge, func(a *Act) { a.Bundle = wire.Hash{} })
	act("ACT-7", "an index of the count", KindMerge, func(a *Act) { a.Index = a.Count })
	act("ACT-10", "no author", KindMerge, func(a *Act) { a.Author = wire.Address{} })
	act("ACT-11", "a sponsor and work", KindOpenAccount, func(a *Act) { a.Body.(*OpenAccount).Work = mark(7) })
	act("ACT-11", "neither sponsor nor work", KindOpenAccount, func(a *Act) { a.Author = wire.Address{} })
	act("ACT-13", "an offer to nobody", KindGrantOffer, func(a *Act) { a.Body.(*GrantOffer).To = wire.Address{} })
	act("ACT-13", "an offer that lapses before it can be accepted", KindTransferOffer, func(a *Act) { a.Body.(*TransferOffer).Until = 1 })
	act("ACT-14", "a longest length below the prefix's", KindOriginAuthorise, func(a *Act) { a.Body.(*OriginAuthorise).MaxLength = 31 })
	act("ACT-14", "/33 of IPv4", KindOriginWithdraw, func(a *Act) { a.Body.(*OriginWithdraw).MaxLength = 33 })
	act("ACC-2", "4 of 3 keys", KindOpenAccount, func(a *Act) { a.Body.(*OpenAccount).TitleK = 4 })
	act("ACC-2", "keys descending", KindSetPolicy, func(a *Act) { slices.Reverse(a.Body.(*SetPolicy).TitleKeys) })
	act("ACC-4", "a decomposed name", KindOpenAccount, func(a *Act) { a.Body.(*OpenAccount).Name = "Mu\u0308ller" })
	act("ACC-5", "a direction character in a name", KindOpenAccount, func(a *Act) { a.Body.(*OpenAccount).Name = "a\u202eb" })
	act("CLAIM-1", "no grade", KindClaim, func(a *Act) { a.Body.(*Claim).Grade = 0 })
	act("CLAIM-1", "grade A without evidence", KindClaim, func(a *Act) { a.Body.(*Claim).Evidence = wire.Hash{} })
	act("CLAIM-1", "grade B with evidence", KindClaim, func(a *Act) { a.Body.(*Claim).Grade = 'B' })
	act("CLAIM-2", "an objection with evidence and a reason", KindClaimObject, func(a *Act) {
		b := a.Body.(*ClaimObject)
		b.Evidence, b.Expiry = mark(3), 1_800_604_800
	})
	act("CLAIM-2", "an objection with neither", KindClaimObject, func(a *Act) { a.Body.(*ClaimObject).Reason = wire.Hash{} })
	act("CLAIM-3", "an attestation without date", KindClaimAttest, func(a *Act) { a.Body.(*ClaimAttest).Noticed = 0 })
	act("CLAIM-3", "a refusal without reason", KindAttestRefuse, func(a *Act) { a.Body.(*AttestRefuse).Reason = wire.Hash{} })
	act("CLAIM-3", "an answer without digest", KindClaimAnswer, func(a *Act) { a.Body.(*ClaimAnswer).Digest = wire.Hash{} })
	act("CLAIM-4", "a succession without documents", KindSuccession, func(a *Act) { a.Body.(*Succession).Documents = wire.Hash{} })
	act("CLAIM-4", "an attested name without documents", KindNameAttest, func(a *Act) { a.Body.(*NameAttest).Documents = wire.Hash{} })
	lease := func(rule, why string, change func(b *LeaseOffer)) {
		act(rule, why, KindLeaseOffer, func(a *Act) { change(a.Body.(*LeaseOffer)) })
	}
	lease("ACT-22", "an end at the start", func(b *LeaseOffer) { b.End = b.Start })
	lease("ACT-22", "an evergreen lease with an end", func(b *LeaseOffer) { b.Renew = 30 * day })
	lease("ACT-22", "notice of a fixed lease", func(b *LeaseOffer) { b.Notice = day })
	lease("ACT-23", "an agent without its clause", func(b *LeaseOffer) { b.Clause = ClauseNotice })
	lease("ACT-23", "a clause of an agent without one", func(b *LeaseOffer) { b.Agent = wire.Address{} })
	lease("ACT-23", "notice without a clause", func(b *LeaseOffer) { b.Clause, b.Agent = ClauseNone, wire.Address{} })
	lease("ACT-24", "a direction character in a price", func(b *LeaseOffer) { b.Price = "a\u202eb" })
	lease("ACT-25", "no operator of record", func(b *LeaseOffer) { b.Operator = "" })
	lease("ACT-25", "no abuse contact", func(b *LeaseOffer) { b.Abuse = "" })
	lease("ACT-26", "an abuse contact with a space", func(b *LeaseOffer) { b.Abuse = "abuse @mueller.example" })
	lease("ACT-26", "an abuse contact without a domain", func(b *LeaseOffer) { b.Abuse = "abuse@" })
	lease("ACT-26", "an abuse contact over http", func(b *LeaseOffer) { b.Abuse = "http://mueller.example/" })
	lease("ACT-27", "a first authorisation of an AS block", func(b *LeaseOffer) { b.Origins = "AS64496-24=64496" })
	lease("ACT-27", "first authorisations out of order", func(b *LeaseOffer) { b.Origins = "192.0.2.0/24-24=2 192.0.2.0/24-24=1" })
	lease("ACT-27", "an AS number with a leading zero", func(b *LeaseOffer) { b.Origins = "192.0.2.0/24-24=01" })
	lease("ACT-14", "a first authorisation below its prefix", func(b *LeaseOffer) { b.Origins = "192.0.2.0/24-23=1" })
	providers := func(why, list string) {
		act("ACT-28", why, KindProvidersAuthorise, func(a *Act) { a.Body.(*ProvidersAuthorise).Providers = list })
	}
	providers("providers out of order", "3 2")
	providers("a provider twice", "2 2")
	providers("AS0 beside another", "0 2")
	providers("a provider beyond 32 bits", "4294967296")
	act("ACT-29", "guardians out of order", KindSetGuardians, func(a *Act) {
		list := strings.Split(a.Body.(*SetGuardians).Guardians, " ")
		a.Body.(*SetGuardians).Guardians = list[1] + " " + list[0]
	})
	act("ACT-29", "a guardian in upper case", KindSetGuardians, func(a *Act) {
		a.Body.(*SetGuardians).Guardians = "0x" + strings.ToUpper(a.Body.(*SetGuardians).Guardians[2:42])
	})
	act("ACT-30", "3 of 2 guardians", KindSetGuardians, func(a *Act) { a.Body.(*SetGuardians).Threshold = 3 })
	act("ACT-30", "0 of 2 guardians", KindSetGuardians, func(a *Act) { a.Body.(*SetGuardians).Threshold = 0 })
	revoke := func(rule, why string, change func(a *Act)) {
		a := New(Header{Author: address(9)}, &KeyRevoke{Key: keysOf(secrets(1))})
		change(a)
		v.Invalid = append(v.Invalid, vectorRefused{rule, why, hex.EncodeToString(signed(t, a, 1).Encode())})
	}
	revoke("ACT-31", "a revocation that expires", func(a *Act) { a.Expires = 1_800_000_000 })
	revoke("ACT-31", "a revocation of two keys", func(a *Act) { a.Body.(*KeyRevoke).Key = keysOf(secrets(2)) })
	revoke("ACT-32", "a revocation that another key signs", func(a *Act) { a.Body.(*KeyRevoke).Key[0].Addr[0] ^= 1 })
	reverse := func(rule, why, servers, ds string) {
		act(rule, why, KindReverseSet, func(a *Act) { b := a.Body.(*ReverseSet); b.Servers, b.DS = servers, ds })
	}
	reverse("ACT-33", "a name server in upper case", "NS1.mueller.example", "")
	reverse("ACT-33", "a name server of one label", "ns1", "")
	reverse("ACT-33", "name servers out of order", "ns2.mueller.example ns1.mueller.example", "")
	reverse("ACT-34", "DS records without a delegation", "", "12345 13 2 "+mark(5).String())
	reverse("ACT-34", "a DS record with a short digest", "ns1.mueller.example", "12345 13 2 00")
	act("ACT-35", "a geofeed over http", KindGeofeedSet, func(a *Act) { a.Body.(*GeofeedSet).URL = "http://mueller.example/" })
	act("ACT-36", "a time-out without condition", KindTransferOffer, func(a *Act) {
		b := a.Body.(*TransferOffer)
		b.Agent, b.Lock = wire.Address{}, wire.Hash{}
	})
	act("ACT-36", "a time-out before the offer lapses", KindTransferOffer, func(a *Act) { a.Body.(*TransferOffer).Settle = 1_800_604_799 })
	act("ACT-37", "a listing for nothing", KindList, func(a *Act) { a.Body.(*List).Purpose, a.Body.(*List).MinTerm = 0, 0 })
	act("ACT-37", "a sale with a minimum term", KindList, func(a *Act) { a.Body.(*List).Purpose = ForSale })
	act("EVID-1", "evidence in a bundle", KindEvidence, func(a *Act) { a.Bundle, a.Count = mark(8), 2 })
	act("SRC-19", "a registry that there is not", KindSourceAttest, func(a *Act) { a.Body.(*SourceAttest).Registry = "iana" })
	attest := func(why string, change func(b *SourceAttest)) {
		act("SRC-20", why, KindSourceAttest, func(a *Act) { change(a.Body.(*SourceAttest)) })
	}
	attest("a day of the month 13", func(b *SourceAttest) { b.Date = 20251301 })
	attest("a date of six digits", func(b *SourceAttest) { b.Date = 251128 })
	attest("a statement file of no page", func(b *SourceAttest) { b.Pages = 0 })
	attest("no root", func(b *SourceAttest) { b.Root = wire.Hash{} })
	act("SRC-19", "statements of no registry", KindSourceStatement, func(a *Act) { a.Body.(*SourceStatement).Registry = "" })
	for _, bad := range badPages {
		act("SRC-18", bad.why, KindSourceStatement, func(a *Act) { a.Body.(*SourceStatement).Lines = bad.lines })
	}
	act("DISP-9", "a caution without a ground", KindCaution, func(a *Act) { a.Body.(*Caution).Ground = 0 })
	act("DISP-12", "a vote for nothing", KindCaseDecide, func(a *Act) { a.Body.(*CaseDecide).Verdict = 0 })
	act("DISP-26", "a vote without reasons", KindCaseDecide, func(a *Act) { a.Body.(*CaseDecide).Reasons = wire.Hash{} })
	act("DISP-26", "an order without its text", KindOrderRecord, func(a *Act) { a.Body.(*OrderRecord).Digest = wire.Hash{} })
	act("DISP-20", "an order of no court", KindOrderRecord, func(a *Act) { a.Body.(*OrderRecord).Court = "" })
	act("DISP-20", "a final order to nobody", KindOrderRecord, func(a *Act) { a.Body.(*OrderRecord).To = wire.Address{} })
	act("DISP-20", "an order to somebody that is not final", KindOrderRecord, func(a *Act) { a.Body.(*OrderRecord).Final = false })
	act("DISP-21", "a vote that an order is recorded", KindOrderStatus, func(a *Act) { a.Body.(*OrderStatus).Status = OrderRecorded })
	act("DISP-21", "an order in effect that is not served", KindOrderStatus, func(a *Act) { a.Body.(*OrderStatus).Status = OrderInEffect })
	act("DISP-21", "a refusal of an order that lacks nothing", KindOrderStatus, func(a *Act) { a.Body.(*OrderStatus).Findings = FoundAll })
	act("DISP-26", "a refusal without reasons", KindOrderStatus, func(a *Act) { a.Body.(*OrderStatus).Reasons = wire.Hash{} })
	act("ACC-6", "a jurisdiction in lower case", KindOpenAccount, func(a *Act) { a.Body.(*OpenAccount).Jurisdiction = "de" })
}

// makeUnsigned has acts whose signatures do not hold.
func (v *vectors) makeUnsigned(t *testing.T, raw func(rule, why string, raw []byte), after func(rule, why string, change func(a *Act))) {
	order, _ := new(big.Int).SetString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16)
	after("SIG-1", "another algorithm", func(a *Act) { a.Signatures[1].Alg = 2 })
	after("SIG-2", "v of 27", func(a *Act) { a.Signatures[1].Sig[64] += 27 })
	after("SIG-2", "s in the upper half", func(a *Act) {
		s := a.Signatures[0].Sig[32:64]
		new(big.Int).Sub(order, new(big.Int).SetBytes(s)).FillBytes(s)
		a.Signatures[0].Sig[64] ^= 1
	})
	after("SIG-2", "r of zero", func(a *Act) { clear(a.Signatures[0].Sig[:32]) })
	after("SIG-3", "another signer", func(a *Act) { a.Signatures[0].Signer[19] ^= 1 })
	after("SIG-3", "a field changed after it was signed", func(a *Act) { a.Number++ })
	after("SIG-4", "no signature", func(a *Act) { a.Signatures = nil })
	after("SIG-4", "descending", func(a *Act) { slices.Reverse(a.Signatures) })
	after("SIG-4", "one signer twice", func(a *Act) { a.Signatures[1] = a.Signatures[0] })
	after("ACT-4", "17 signatures", func(a *Act) { a.Signatures = make([]account.Signature, 17) })
	other := samples()[2]
	s, err := account.Sign(other.ID(mark(1)), secret(1))
	if err != nil {
		t.Fatal(err)
	}
	other.Signatures = []account.Signature{s}
	raw("SIG-3", "signed for another chain", other.Encode())
	work := byWork(t)
	work.Signatures = work.Signatures[:1]
	raw("ACT-12", "an opening by work with one of two signatures", work.Encode())
}

func (v *vectors) makeFiles(t *testing.T) {
	a := signed(t, samples()[2], 1)
	good := string((&File{Salt: salt, Act: a}).Bytes())
	add := func(rule, why, old, new string) {
		if old != "" && !strings.Contains(good, old) {
			t.Fatalf("%s: %s is not there", why, old)
		}
		v.Files = append(v.Files, vectorFile{rule, why, strings.Replace(good, old, new, 1)})
	}
	add("", "a file with one signature", "", "")
	v.Files = append(v.Files, vectorFile{"ACT-19", "no newline at the end", strings.TrimSuffix(good, "\n")})
	add("ACT-19", "text that says another thing", "192.0.2.0/24 to account", "192.0.3.0/24 to account")
	add("ACT-19", "a key in another case", `"primaryType"`, `"PrimaryType"`)
	add("ACT-19", "a key more", `"domainHash"`, `"more": "", "domainHash"`)
	add("ACT-19", "a message with a number", `"earliest": "1800000000"`, `"earliest": 1800000000`)
	add("ACT-19", "a message with a leading zero", `"earliest": "1800000000"`, `"earliest": "01800000000"`)
	add("ACT-19", "another kind with the type of evidence", `"primaryType": "TransferOffer"`, `"primaryType": "Evidence"`)
	add("ACT-19", "another type of a member", `"type": "uint64"`, `"type": "uint256"`)
	add("ACT-2", "no kind of act", `"primaryType": "TransferOffer"`, `"primaryType": "Transfer"`)
	add("RES-2", "host bits", `"resource": "192.0.2.0/24"`, `"resource": "192.0.2.1/24"`)
	add("RES-2", "an IPv4-mapped prefix", `"resource": "192.0.2.0/24"`, `"resource": "::ffff:192.0.2.0/120"`)
	add("SIG-3", "another chain", hex.EncodeToString(salt[:])+"\"\n  }", strings.Repeat("00", 32)+"\"\n  }")
	add("SIG-3", "a message changed after it was signed", `"keepOrigins": true`, `"keepOrigins": false`)
}

// The lists of an act that edited can change a field of.
const (
	top = iota
	body
	header
	signature
)

// edited puts other bytes in the place of one field of a list and mends the
// lengths of all lists around it.
func edited(t *testing.T, raw []byte, list, field int, with []byte) []byte {
	t.Helper()
	parts := values(t, raw)
	if list == top {
		parts[field] = with
		return join(parts)
	}
	if list == signature {
		one := values(t, values(t, parts[3])[0])
		one[field] = with
		parts[3] = join([][]byte{join(one)})
		return join(parts)
	}
	fields := values(t, parts[list])
	fields[field] = with
	parts[list] = join(fields)
	return join(parts)
}

func values(t *testing.T, raw []byte) [][]byte {
	t.Helper()
	list, err := rlp.SplitListValues(raw)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(list)
}

func join(parts [][]byte) []byte {
	out, err := rlp.MergeListValues(parts)
	if err != nil {
		panic(err)
	}
	return out
}
