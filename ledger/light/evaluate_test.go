package light

import (
	"math/rand"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

func at(seconds uint64) Moment { return Moment{Height: testHeight, Time: seconds} }

func TestEvaluate_PRF10(t *testing.T) {
	s := world(t)
	r := parse(t, "193.0.8.1/32")
	for name, c := range map[string]struct {
		time      uint64
		estates   int
		possessor wire.Address
	}{
		"a second before the end":       {clockZero + 9, 2, customer},
		"at the end, though not swept":  {clockZero + 10, 1, provider},
		"before the inner one began":    {clockZero - 51, 1, provider},
		"before either began":           {clockZero - 101, 0, alice},
		"in the second the outer began": {clockZero - 100, 1, provider},
	} {
		a, err := Read(s, r, at(c.time))
		if err != nil || len(a.Estates) != c.estates || a.Possessor != c.possessor {
			t.Errorf("%s: got %+v, %v", name, a, err)
		}
	}
}

// innerOf is an estate inside another, of either kind.
func innerOf(kind record.EstateKind) record.Estate {
	e := record.Estate{Rules: 1, ID: wire.Hash{2}, Kind: kind, Holder: customer, Started: true}
	if kind == record.Lease {
		e.Lease = []record.Terms{{Operator: "o", Abuse: "a@b"}}
	}
	return e
}

// nested is a grant that has ended, with what lies in it.
func nested(t *testing.T, inner record.EstateKind) *Answer {
	t.Helper()
	title := &record.Title{Rules: 1, State: record.Held, Holder: alice, Grade: record.GradeA}
	folio := &record.Folio{Title: title.Bytes(), Estates: record.EstatesBytes([]record.Estate{
		{Rules: 1, ID: wire.Hash{1}, Kind: record.Grant, Holder: provider, Ends: clockZero},
		innerOf(inner),
	})}
	r := parse(t, "193.0.0.0/16")
	a, err := Evaluate(r, []Valued{{r, folio}}, false, at(clockZero))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestEvaluate_innerGrantEndsAndLeaseStands_PRF10(t *testing.T) {
	if a := nested(t, record.Grant); len(a.Estates) != 0 || a.Possessor != alice {
		t.Errorf("a grant in an ended grant: got %+v", a)
	}
	if a := nested(t, record.Lease); len(a.Estates) != 1 || a.Possessor != customer {
		t.Errorf("a lease in an ended grant: got %+v", a)
	}
}

func TestEvaluate_PRF11(t *testing.T) {
	s := world(t)
	r := parse(t, "193.0.8.1/32")
	before, err := Read(s, r, at(clockZero+9))
	if err != nil || len(before.Origins) != 2 {
		t.Fatalf("got %+v, %v", before, err)
	}
	after, err := Read(s, r, at(clockZero+10))
	if err != nil || len(after.Origins) != 1 || after.Origins[0].Holder != alice {
		t.Errorf("got %+v, %v", after, err)
	}
}

func TestEvaluate_PRF15(t *testing.T) {
	s := world(t)
	for time, want := range map[uint64]int{clockZero + 59: 1, clockZero + 60: 0} {
		a, err := Read(s, parse(t, "194.0.0.0/24"), at(time))
		if err != nil || len(a.Holds) != want || len(a.Charges) != 2 {
			t.Errorf("at %d: got %+v, %v, want %d holds and two charges", time-clockZero, a, err, want)
		}
	}
}

func TestEvaluate_PRF16(t *testing.T) {
	s := world(t)
	for time, want := range map[uint64]uint64{clockZero + 19: clockZero + 20, clockZero + 20: 0} {
		a, err := Read(s, parse(t, "194.0.0.0/16"), at(time))
		if err != nil || len(a.Origins) != 1 || a.Origins[0].Suspended != want || a.Estates[0].Suspended(time) != want {
			t.Errorf("at %d: got %+v, %v, want it suspended until %d", time-clockZero, a, err, want)
		}
	}
}

// At the start of the next lease the one before has ended, its authorisation and
// services with it.
func TestEvaluate_leaseToCome_PRF10(t *testing.T) {
	s := world(t)
	before, err := Read(s, parse(t, "194.0.0.0/16"), at(clockZero+49))
	if err != nil || len(before.ToCome) != 1 || before.Possessor != provider || len(before.Services) != 1 {
		t.Errorf("before: got %+v, %v", before, err)
	}
	after, err := Read(s, parse(t, "194.0.0.0/16"), at(clockZero+50))
	if err != nil || len(after.ToCome) != 0 || after.Possessor != customer || len(after.Services)+len(after.Origins) != 0 {
		t.Errorf("after: got %+v, %v", after, err)
	}
}

// TestRead_PRF14 compares a node's answer with a verifier's, at random blocks.
// A proof is stale from the second after a year on, in words and in what code reads,
// whatever the network's parameters are; only grade A is proved.
func TestStale_CLAIM19(t *testing.T) {
	files, trust := samples(t)
	for name, want := range map[string]bool{"proved a year ago": false, "stale": true} {
		v, err := files[name].Verify(trust)
		if err != nil {
			t.Fatal(err)
		}
		if got := v.Resource.Stale(); got != want || strings.Contains(v.Statement, ", stale,") != want || !strings.Contains(v.Statement, "grade A proved at ") {
			t.Errorf("%s: stale %v, want %v: %s", name, got, want, v.Statement)
		}
	}
	s := world(t)
	a, err := Read(s, parse(t, "193.0.0.0/16"), at(clockZero+10*StaleSeconds))
	if err != nil || a.Stale() {
		t.Errorf("grade T is stale: %+v, %v", a, err)
	}
}

func TestRead_PRF14(t *testing.T) {
	s := world(t)
	src := source(newCommittee(1, 4), s, nil)
	trust := trustIn(newCommittee(1, 4), 1)
	random := rand.New(rand.NewSource(14))
	for range 40 {
		r := parse(t, []string{"193.0.8.0/24", "194.0.0.0/24"}[random.Intn(2)])
		r.Len = uint8(8 + random.Intn(25))
		random.Read(r.Addr[2:4])
		r = tree.ResourceKey(cut(r)).Resource()
		own, err := Read(s, r, src.Moment())
		if err != nil {
			t.Fatal(err)
		}
		f, err := src.Resource(r)
		v, err := file(t, f, err).Verify(trust)
		if err != nil || v.Statement != own.Statement() {
			t.Errorf("%v: got %+v, %v, want %q", r, v, err, own.Statement())
		}
	}
	own, err := ReadAccount(s, alice, src.Moment())
	f, err2 := src.Account(alice)
	if err != nil || file(t, f, err2).Statement != own.Statement() {
		t.Errorf("account: %v", err)
	}
}

// cut clears the bits of r beyond its length.
func cut(r wire.Resource) wire.Resource {
	for i := int(r.Len); i < 128; i++ {
		r.Addr[i/8] &^= 0x80 >> (i % 8)
	}
	return r
}

func TestEvaluate_refusesNestedTitles(t *testing.T) {
	title := &record.Title{Rules: 1, State: record.Held, Holder: alice}
	f := &record.Folio{Title: title.Bytes()}
	chain := []Valued{{parse(t, "193.0.0.0/16"), f}, {parse(t, "193.0.0.0/24"), f}}
	_, err := Evaluate(parse(t, "193.0.0.0/24"), chain, false, at(1))
	refusedBy(t, err, ErrProof, "PRF-9")
}

// TestEvaluate_malformedRecords: bytes in a folio that are no record are refused,
// whoever committed to them.
func TestEvaluate_malformedRecords_PRF9(t *testing.T) {
	at := parse(t, "10.0.0.0/8")
	title := (&record.Title{Rules: 1, State: record.Held, Holder: alice}).Bytes()
	bad := []byte{0xc1}
	for i, f := range []*record.Folio{
		{Title: bad}, {Title: title, Restrictions: bad}, {Title: title, Charges: bad}, {Title: title, Estates: bad}, {Title: title, Authorisations: bad}, {Title: title, Contacts: bad},
	} {
		_, err := Evaluate(at, []Valued{{at, f}}, false, Moment{})
		refusedBy(t, err, ErrProof, "PRF-9")
		if t.Failed() {
			t.Fatalf("folio %d", i)
		}
	}
}

func TestClock_asTheStandardLibrary(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for range 20000 {
		s := random.Int63n(clockMax + 1)
		if got, want := Clock(uint64(s)), time.Unix(s, 0).UTC().Format("2006-01-02T15:04:05Z"); got != want {
			t.Fatalf("%d: got %s, want %s", s, got, want)
		}
	}
	for s, want := range map[uint64]string{0: "1970-01-01T00:00:00Z", 951782400: "2000-02-29T00:00:00Z", clockMax: "9999-12-31T23:59:59Z", clockMax + 1: "second 253402300800"} {
		if got := Clock(s); got != want {
			t.Errorf("%d: got %s, want %s", s, got, want)
		}
	}
}

func TestQuoted_hidesNothing(t *testing.T) {
	for text, want := range map[string]string{
		"Exempel AB": `"Exempel AB"`, `a"b\c`: `"a\"b\\c"`, "a\nb\x7f\xff": `"a\x0ab\x7f\xff"`, "株式会社": `"株式会社"`, "": `""`,
	} {
		if got := quoted(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}
