package ledger_test

import (
	"fmt"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

func feedOf(w *world, registry string) *record.Feed {
	leaf, ok := w.state.Get(record.FeedKey(registry))
	if !ok {
		return new(record.Feed)
	}
	return wire.Own[record.Feed](leaf.Data)
}

func balanceOf(w *world, registry string) *record.Balance {
	leaf, _ := w.state.Get(record.BalanceKey(registry))
	return wire.Own[record.Balance](leaf.Data)
}

func attestation(w *world, date uint64, root wire.Hash, pages uint64) *tx.SourceAttest {
	return &tx.SourceAttest{Registry: "apnic", Date: date, File: wire.Hash{1}, Root: root, Pages: pages}
}

// TestApply_SRC1_SRC2_SRC3 is who attests, which dates, and what it takes.
func TestApply_SRC1_SRC2_SRC3(t *testing.T) {
	w := sourced(t)
	root := wire.Hash{7}
	w.refused("SRC-1", "ben", attestation(w, w.today(), root, 1))
	w.refused("SRC-2", "rex", attestation(w, dateOf(w.last.Time+2*day), root, 1))
	w.do("sue", attestation(w, w.today(), root, 1))
	w.do("tim", attestation(w, w.today(), root, 1)) // of sue's organisation
	if f := feedOf(w, "apnic"); f.Pages != 0 {
		t.Fatalf("one organisation attested a file: %+v", f)
	}
	w.do("rex", attestation(w, w.today(), root, 2)) // of another number of pages
	w.do("sue", attestation(w, w.today(), wire.Hash{8}, 2))
	w.do("rex", attestation(w, w.today(), root, 1)) // its last word; tim's stands
	f := feedOf(w, "apnic")
	if f.Date != w.today() || f.Next != root || len(f.Basis) != 2 || f.Pages != 1 {
		t.Fatalf("%+v", f)
	}
	w.refused("SRC-2", "sue", attestation(w, w.today(), wire.Hash{8}, 2))
	w.do("sue", attestation(w, dateOf(w.last.Time+day), root, 2)) // a registry east of Greenwich
	w.dismiss("rex")
	w.refused("SRC-1", "rex", attestation(w, dateOf(w.last.Time+day), root, 2))
	if f := feedOf(w, "apnic"); f.Date != w.today() {
		t.Fatal("a registrar that was removed was counted")
	}
}

// TestApply_SRC3_dismissed counts no word of a registrar removed since.
func TestApply_SRC3_dismissed(t *testing.T) {
	w := sourced(t)
	w.do("rex", attestation(w, w.today(), wire.Hash{7}, 1))
	w.dismiss("rex")
	w.do("sue", attestation(w, w.today(), wire.Hash{7}, 1))
	if f := feedOf(w, "apnic"); f.Pages != 0 {
		t.Fatalf("%+v", f)
	}
}

// TestApply_SRC4 enters pages in order, by anyone, and none that was not attested.
func TestApply_SRC4(t *testing.T) {
	w := sourced(t)
	pages, root := pagesOf("apnic", "60.0.0.0/24", "60.0.1.0/24", "60.0.2.0/24", "60.0.3.0/24", "60.0.4.0/24")
	w.refused("SRC-4", "ben", pages[0])
	w.attestFile("apnic", w.today(), root, 3, "rex", "sue")
	w.refused("SRC-4", "ben", pages[1])
	w.refused("SRC-4", "ben", &tx.SourceStatement{Registry: "ripencc", Behind: pages[0].Behind, Lines: pages[0].Lines})
	w.refused("SRC-4", "ben", &tx.SourceStatement{Registry: "apnic", Behind: pages[0].Behind, Lines: "60.0.0.0/24 60.0.9.0/24"})
	w.do("ana", pages[0])
	w.refused("SRC-4", "ben", pages[0])
	w.do("ben", pages[1])
	w.do("tim", pages[2])
	w.refused("SRC-4", "ben", pages[2])
	if f := feedOf(w, "apnic"); f.Received != 3 || f.Last-f.First != 3 || !f.Next.IsZero() {
		t.Fatalf("%+v", f)
	}
}

// TestApply_SRC4_number wants the last page where the attestation counts it.
func TestApply_SRC4_number(t *testing.T) {
	for _, n := range []int{1, 3} {
		w := sourced(t)
		pages, root := pagesOf("apnic", "60.0.0.0/24", "60.0.1.0/24", "60.0.2.0/24")
		w.attestFile("apnic", w.today(), root, n, "rex", "sue")
		if n == 3 {
			w.do("ben", pages[0])
			pages = pages[1:]
		}
		w.refused("SRC-4", "ben", pages[0])
	}
}

// TestApply_SRC4_superseded leaves a file where it is when a later one is attested.
func TestApply_SRC4_superseded(t *testing.T) {
	w := sourced(t)
	old, root := pagesOf("apnic", "60.0.0.0/24", "60.0.1.0/24", "60.0.2.0/24")
	w.attestFile("apnic", w.today(), root, 2, "rex", "sue")
	w.do("ben", old[0])
	next, root := pagesOf("apnic", "60.0.5.0/24")
	w.attestFile("apnic", dateOf(w.last.Time+day), root, 1, "rex", "sue")
	w.refused("SRC-4", "ben", old[1])
	w.do("ben", next[0])
	w.settle()
	for text, gone := range map[string]bool{"60.0.0.0/24": true, "60.0.1.0/24": true, "60.0.2.0/24": false, "60.0.5.0/24": true} {
		if (len(w.value(text)) == 0) || (w.value(text) == wire.Hash{}) != gone {
			t.Errorf("%s is gone: %v, want %v", text, !gone, gone)
		}
	}
}

// TestApply_SRC5 fills a registry's queue, and not another's.
func TestApply_SRC5(t *testing.T) {
	w := sourced(t)
	var lines []string
	for i := range 2 * (record.SheetsMax + 1) {
		lines = append(lines, fmt.Sprintf("2400:1000:%x::/48", i+1))
	}
	pages, root := pagesOf("apnic", lines...)
	w.attestFile("apnic", w.today(), root, len(pages), "rex", "sue")
	for len(pages) > 1 {
		var acts []tx.Verified
		for range min(256, len(pages)-1) {
			acts, pages = append(acts, w.sign("ben", pages[0])), pages[1:]
		}
		for _, r := range w.block(1, acts...).Receipts {
			if r.Outcome != ledger.Done {
				t.Fatal(r.Rule, r.Detail)
			}
		}
	}
	w.refused("SRC-5", "ben", pages[0])
	w.stated("ripencc", "62.0.0.0/24")
	w.settle()
	w.do("ben", pages[0])
}

// TestApply_SRC6 settles pages in order, each a week after it was entered, and a
// halt's length later.
func TestApply_SRC6(t *testing.T) {
	w := sourced(t)
	pages, root := pagesOf("apnic", "60.0.0.0/24", "60.0.1.0/24", "60.0.2.0/24")
	w.attestFile("apnic", w.today(), root, 2, "rex", "sue")
	w.do("ben", pages[0])
	first := w.last.Time
	w.awake(day)
	w.do("ben", pages[1])
	w.awake(first + 7*day - 1 - w.last.Time)
	if w.value("60.0.0.0/24").IsZero() {
		t.Fatal("a page took effect before its time")
	}
	w.block(1)
	if !w.value("60.0.0.0/24").IsZero() || w.value("60.0.2.0/24").IsZero() {
		t.Fatal("the first page is due, and the second is not")
	}
	w.block(3600 + 600)
	w.awake(day - 4200 + 1)
	if w.value("60.0.2.0/24").IsZero() {
		t.Fatal("a halt ate the window")
	}
	w.awake(3600)
	if !w.value("60.0.2.0/24").IsZero() {
		t.Fatal("the second page is due")
	}
}

// TestApply_SRC7 drops what a registrar attested that was removed since.
func TestApply_SRC7(t *testing.T) {
	w := sourced(t)
	w.stated("apnic", "60.0.0.0/24", "60.0.1.0/24", "60.0.2.0/24")
	w.dismiss("sue")
	w.settle()
	w.wants("60.0.0.0/16", "apnic 60.0.0.0/16|allocated|JP|20200101|extended||OLD")
	if f := feedOf(w, "apnic"); f.First != f.Last || f.At != 0 {
		t.Fatalf("%+v", f)
	}
}

// TestApply_SRC8 is what statements do to titles that nobody holds.
func TestApply_SRC8(t *testing.T) {
	const x = "allocated|JP|20251127|extended||NEW"
	for _, c := range []struct {
		why, in string
		lines   []string
		want    []string
	}{
		{"a row changes", "60.0.0.0/16", []string{"60.0.0.0/16|" + x}, []string{"60.0.0.0/16|" + x}},
		{"a row splits", "60.0.0.0/16", []string{"60.0.0.0/17|" + x, "60.0.128.0/17|" + x}, []string{"60.0.0.0/17|" + x, "60.0.128.0/17|" + x}},
		{"a part of a row changes", "60.0.0.0/16", []string{"60.0.64.0/18|" + x}, []string{
			"60.0.0.0/18|allocated|JP|20200101|extended|60.0.0.0-60.0.255.255|OLD", "60.0.64.0/18|" + x,
			"60.0.128.0/17|allocated|JP|20200101|extended|60.0.0.0-60.0.255.255|OLD",
		}},
		{"three parts of a row change at once", "60.0.0.0/16", []string{"60.0.0.0/18|" + x, "60.0.64.0/19|" + x, "60.0.128.0/17|" + x}, []string{
			"60.0.0.0/18|" + x, "60.0.64.0/19|" + x, "60.0.96.0/19|allocated|JP|20200101|extended|60.0.0.0-60.0.255.255|OLD", "60.0.128.0/17|" + x,
		}},
		{"titles of several rows become one", "60.0.0.0/15", []string{"60.0.0.0/15|" + x}, []string{"60.0.0.0/15|" + x}},
		{"a row is added", "63.0.0.0/16", []string{"63.0.0.0/16|" + x}, []string{"63.0.0.0/16|" + x}},
		{"a row is listed no more", "60.0.0.0/16", []string{"60.0.0.0/16"}, nil},
		{"a part of a row is listed no more", "60.0.0.0/16", []string{"60.0.128.0/17"}, []string{"60.0.0.0/17|allocated|JP|20200101|extended|60.0.0.0-60.0.255.255|OLD"}},
		{"what is available is given out", "60.2.0.0/16", []string{"60.2.0.0/16|" + x}, []string{"60.2.0.0/16|" + x}},
		{"AS numbers split", "AS3000-AS3007", []string{"AS3002|" + x}, []string{
			"AS3000-AS3001|allocated|JP|20200101|extended|AS3000-AS3007|AS", "AS3002|" + x, "AS3003|allocated|JP|20200101|extended|AS3000-AS3007|AS",
			"AS3004-AS3007|allocated|JP|20200101|extended|AS3000-AS3007|AS",
		}},
		{"an IPv6 row splits", "2400:1000::/32", []string{"2400:1000::/33|" + x, "2400:1000:8000::/33|" + x}, []string{"2400:1000::/33|" + x, "2400:1000:8000::/33|" + x}},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := sourced(t)
			past := history{}
			if err := past.extend(w.state, w.state); err != nil {
				t.Fatal(err)
			}
			w.stated("apnic", c.lines...)
			before := w.state
			w.settle()
			if err := past.extend(before, w.state); err != nil {
				t.Fatal(err)
			}
			for i := range c.want {
				c.want[i] = "apnic " + c.want[i]
			}
			w.wants(c.in, c.want...)
		})
	}
}

// TestApply_SRC8_same leaves titles whose row is stated already in pieces.
func TestApply_SRC8_same(t *testing.T) {
	w := sourced(t)
	before := w.value("60.1.0.0/17")
	w.stated("apnic", "60.1.0.0/17|allocated|JP|20200101|extended|60.1.0.0-60.1.191.255|ROW")
	w.settle()
	if w.value("60.1.0.0/17") != before {
		t.Fatal("what was stated already was written again")
	}
}

// TestApply_SRC8_SRC9_beside opens a row beside what is held in it.
func TestApply_SRC8_SRC9_beside(t *testing.T) {
	w := sourced(t)
	const x = "allocated|KR|20251127|extended||NEW"
	w.do("ana", &tx.Split{Resource: resource("61.0.0.0/16"), Part: resource("61.0.64.0/18")})
	w.do("ana", &tx.Surrender{Resource: resource("61.0.0.0/18"), Value: w.value("61.0.0.0/18")})
	held := w.value("61.0.64.0/18")
	w.stated("apnic", "61.0.0.0/15|"+x)
	w.settle()
	const part = "|allocated|KR|20251127|extended|61.0.0.0-61.1.255.255|NEW"
	const old = "|allocated|JP|20200101|extended|61.0.0.0-61.0.255.255|ANA held"
	w.wants("61.0.0.0/15", "apnic 61.0.0.0/18"+part, "apnic 61.0.64.0/18"+old, "apnic 61.0.128.0/17"+old, "apnic 61.1.0.0/16"+part)
	if got := w.divergence("61.0.64.0/18"); got != "61.0.64.0/18 says NEW" || w.value("61.0.64.0/18") != held {
		t.Fatalf("%q; the dealing value changed: %v", got, w.value("61.0.64.0/18") != held)
	}
}

// TestApply_SRC9 lets a divergence begin, grow, say another thing and end.
func TestApply_SRC9(t *testing.T) {
	w := sourced(t)
	say := func(want string, lines ...string) {
		t.Helper()
		w.stated("apnic", lines...)
		w.settle()
		if got := w.divergence("61.0.0.0/16"); got != want {
			t.Fatalf("%v: %q, want %q", lines, got, want)
		}
		w.wants("61.0.0.0/16", "apnic 61.0.0.0/16|allocated|JP|20200101|extended||ANA held")
	}
	row := func(block, handle string) string { return block + "|allocated|JP|20200101|extended||" + handle }
	say("", row("61.0.0.0/16", "ANA"))
	say("61.0.4.0/24 says BEN", row("61.0.4.0/24", "BEN"))
	since := func() uint64 {
		list, _ := record.RestrictionsFromBytes(w.folio("61.0.0.0/16").Restrictions)
		return list[0].Since
	}
	began := since()
	say("61.0.4.0/23 says BEN", row("61.0.5.0/24", "BEN"))
	say("61.0.4.0/23 says BEN", row("61.0.5.0/24", "BEN"))
	say("61.0.4.0/23 says not listed", "61.0.5.0/24")
	say("61.0.4.0/23 says handle unknown", "61.0.4.0/24|reserved|JP|20200101|whole||")
	if since() != began {
		t.Fatal("a divergence that goes on began anew")
	}
	say("61.0.4.0/23 says handle unknown", row("61.0.4.0/24", "ANA")) // of a part only
	say("", row("61.0.0.0/16", "ANA"))
	say("61.0.0.0/16 says CAT", row("61.0.0.0/15", "CAT"))
}

// TestApply_SRC9_offer lets an offer outlive a divergence that its acceptance must
// know of (DEAL-1).
func TestApply_SRC9_offer(t *testing.T) {
	w := sourced(t)
	id := w.do("ana", &tx.TransferOffer{Resource: resource("61.0.0.0/16"), To: who("ben"), Value: w.value("61.0.0.0/16"), Until: w.last.Time + 30*day})
	blind := w.value("61.0.0.0/16")
	w.stated("apnic", "61.0.0.0/16")
	w.settle()
	w.refused("DEAL-1", "ben", &tx.TransferAccept{Offer: id, Resource: resource("61.0.0.0/16"), Value: blind})
	w.do("ben", &tx.TransferAccept{Offer: id, Resource: resource("61.0.0.0/16"), Value: w.folio("61.0.0.0/16").Marked()})
	if w.title("61.0.0.0/16").Holder != who("ben") || w.divergence("61.0.0.0/16") == "" {
		t.Fatal("the title was sold, and its mark went with it")
	}
}

// TestAgrees_SRC10 compares rows.
func TestAgrees_SRC10(t *testing.T) {
	at := record.Source{Registry: "apnic", Handle: "H", Status: "allocated", Date: 20200101, Country: "JP", Class: record.Extended}
	for why, c := range map[string]struct {
		change func(*record.Source)
		agrees bool
	}{
		"the same":          {func(*record.Source) {}, true},
		"another range":     {func(s *record.Source) { s.First[0]++ }, true},
		"another class":     {func(s *record.Source) { s.Class, s.Legacy = record.Whole, true }, true},
		"no handle":         {func(s *record.Source) { s.Handle = "" }, true},
		"no date":           {func(s *record.Source) { s.Date = 0 }, true},
		"no status":         {func(s *record.Source) { s.Status = "" }, true},
		"no country":        {func(s *record.Source) { s.Country = "" }, true},
		"another handle":    {func(s *record.Source) { s.Handle = "I" }, false},
		"another date":      {func(s *record.Source) { s.Date++ }, false},
		"another status":    {func(s *record.Source) { s.Status = "assigned" }, false},
		"another country":   {func(s *record.Source) { s.Country = "KR" }, false},
		"another registry":  {func(s *record.Source) { s.Registry = "arin" }, false},
		"nothing but names": {func(s *record.Source) { *s = record.Source{Registry: "apnic"} }, true},
	} {
		x := at
		c.change(&x)
		if at.Agrees(&x) != c.agrees || x.Agrees(&at) != c.agrees {
			t.Errorf("%s: agrees %v", why, !c.agrees)
		}
	}
}

// TestApply_SRC11_SRC15_R4 moves a block between registries, and counts it.
func TestApply_SRC11_SRC15_R4(t *testing.T) {
	w := sourced(t)
	w.stated("apnic", "62.0.0.0/16") // RIPE NCC's, of which APNIC's file says nothing
	w.settle()
	w.wants("62.0.0.0/16", "ripencc 62.0.0.0/16|allocated|NL|20200101|whole||")
	w.stated("apnic", "62.0.0.0/17|allocated|JP|20251127|extended||NEW", "63.0.0.0/24|allocated|JP|20251127|extended||NEW")
	w.settle()
	w.wants("62.0.0.0/16", "apnic 62.0.0.0/17|allocated|JP|20251127|extended||NEW", "ripencc 62.0.128.0/17|allocated|NL|20200101|whole|62.0.0.0-62.0.255.255|")
	w.stated("ripencc", "62.0.128.0/18")
	w.settle()
	a, r := balanceOf(w, "apnic"), balanceOf(w, "ripencc")
	for what, pair := range map[string][2]uint64{
		"come to apnic": {a.Come[0].Int().Uint64(), 1 << 15}, "gone from ripencc": {r.Gone[0].Int().Uint64(), 1 << 15},
		"added to apnic": {a.Added[0].Int().Uint64(), 256}, "no more of ripencc": {r.Retired[0].Int().Uint64(), 1 << 14},
		"listed of ripencc": {r.Listed[0].Int().Uint64(), 1 << 14}, "come to ripencc": {r.Come[0].Int().Uint64(), 0},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %d, want %d", what, pair[0], pair[1])
		}
	}
}

// TestApply_SRC12 lets no file say what a later one has said better: APNIC's later
// file is settled while RIPE NCC's earlier one waits.
func TestApply_SRC12(t *testing.T) {
	w := sourced(t)
	early := dateOf(w.last.Time - day)
	w.stated("apnic", "62.0.0.0/16|allocated|JP|20251127|extended||NEW")
	pages, root := pagesOf("ripencc", "62.0.0.0/16|allocated|DE|20251126|whole||")
	w.attestFile("ripencc", early, root, 1, "rex", "sue")
	w.do("ben", pages[0])
	w.settle()
	w.wants("62.0.0.0/16", "apnic 62.0.0.0/16|allocated|JP|20251127|extended||NEW")
}

// TestApply_SRC13 lets a hundredth of a registry's numbers through a day.
func TestApply_SRC13(t *testing.T) {
	w := sourced(t)
	params := parameters(t, w.state)
	params.SourceShare = 10_000
	w.set(record.ParametersKey, wire.Encode(params))
	// APNIC has 60.0/16, 60.1.0/17, 60.1.128/18, 60.2/16 and 61.0/16: 245,760
	// addresses, of which 2,457 are a day's share.
	var lines []string
	for i := range 24 {
		lines = append(lines, fmt.Sprintf("60.0.%d.0/24|allocated|JP|20251127|extended||NEW", i))
	}
	w.stated("apnic", lines...)
	changed := func() int { return strings.Count(strings.Join(w.rows("60.0.0.0/16"), "\n"), "NEW") }
	w.settle()
	if got := changed(); got != 9 {
		t.Fatalf("%d blocks of 256 on the first day", got)
	}
	share, left := ledger.SourceDay(params, balanceOf(w, "apnic"), w.last.Time)
	if s, n := share[wire.IPv4].Int().Uint64(), left[wire.IPv4].Int().Uint64(); s != 2457 || n != 2457-9*256 {
		t.Fatalf("%d addresses a day, %d left", s, n)
	}
	if _, left = ledger.SourceDay(params, balanceOf(w, "apnic"), w.last.Time+day); left != share {
		t.Fatal("the next day has not all its room")
	}
	w.awake(day - w.last.Time%day)
	if got := changed(); got != 18 {
		t.Fatalf("%d blocks on two days", got)
	}
	w.awake(day)
	if got := changed(); got != 24 {
		t.Fatalf("%d blocks on three days", got)
	}
	// One of more than a day's share takes the days after it.
	w.stated("apnic", "60.0.128.0/17", "60.1.0.0/24")
	w.settle()
	if got := len(w.rows("60.1.0.0/17")); got != 1 || len(w.rows("60.0.128.0/17")) != 0 {
		t.Fatalf("%d titles in 60.1.0.0/17", got)
	}
	w.awake(13 * day)
	if got := len(w.rows("60.1.0.0/17")); got != 1 {
		t.Fatal("32,768 addresses were worked off in less than 14 days")
	}
	w.awake(4 * day)
	if got := len(w.rows("60.1.0.0/17")); got == 1 {
		t.Fatal("what waited for a free day still does")
	}
}

// TestApply_SRC14_R3 is what a title that a statement opened rests on.
func TestApply_SRC14_R3(t *testing.T) {
	w := sourced(t)
	w.stated("apnic", "60.0.0.0/24|allocated|JP|20251127|extended||NEW", "63.0.0.0/24|allocated|JP|20251127|extended||NEW")
	date := w.today()
	value := w.folio("60.0.0.0/16").Value()
	w.settle()
	cut, added := w.title("60.0.0.0/24"), w.title("63.0.0.0/24")
	if added.Stated != date || len(added.Predecessors) != 0 || cut.Stated != date || len(cut.Predecessors) != 1 || cut.Predecessors[0].Value != value {
		t.Fatalf("%+v\n%+v", cut, added)
	}
	if rest := w.title("60.0.1.0/24"); rest.Stated != 0 || len(rest.Predecessors) != 1 {
		t.Fatalf("%+v", rest)
	}
	if added.State != record.Unclaimed || w.title("60.2.0.0/16").State != record.Available {
		t.Fatal("an available block changed by itself")
	}
}

// TestApply_SRC16 gives a title up with all that rests on it, and then a statement
// takes it away: nothing is left that it could end.
func TestApply_SRC16(t *testing.T) {
	w := sourced(t)
	w.originate("ana", "61.0.0.0/16", 24, 2000)
	w.stated("apnic", "60.0.0.0/16", "61.0.0.0/16")
	w.settle()
	if got := w.origins("ana"); len(got) != 1 {
		t.Fatalf("a statement ended what rests on a title that is held: %v", got)
	}
	w.do("ana", &tx.Surrender{Resource: resource("61.0.0.0/16"), Value: w.value("61.0.0.0/16")})
	if got := w.origins("ana"); len(got) != 0 {
		t.Fatalf("%v", got)
	}
	w.awake(day)
	w.stated("apnic", "61.0.0.0/16")
	w.settle()
	w.wants("61.0.0.0/16")
}

// TestApply_SRC17 passes a statement over too many blocks over, whole, and takes
// it in parts.
func TestApply_SRC17(t *testing.T) {
	w := sourced(t)
	title := w.title("2400:1000::/32")
	e := w.state.Edit()
	e.Delete(tree.ResourceKey(resource("2400:1000::/32")))
	at := resource("2400:1000::/48")
	for i := range 1<<16 + 1 {
		at.Addr[4], at.Addr[5] = byte(i>>8), byte(i)
		if at.Len = 48; i >= 1<<16-1 {
			at.Addr[4], at.Addr[5], at.Addr[6], at.Len = 0xff, 0xff, byte(i-1<<16+1)<<7, 49
		}
		e.Put(record.FolioLeaf(at, &record.Folio{Title: title.Bytes()}))
	}
	w.state = e.Freeze()
	w.count()
	w.stated("apnic", "2400:1000::/32")
	w.settle()
	if got := len(w.rows("2400:1000::/32")); got != 1<<16+1 {
		t.Fatalf("%d titles are left of %d", got, 1<<16+1)
	}
	w.stated("apnic", "2400:1000::/33", "2400:1000:8000::/33")
	w.awake(7*day - 1)
	if w.block(1); !w.result.Backlog || len(w.result.Changes) > ledger.BlockChangesMax {
		t.Fatalf("backlog %v, %d records changed", w.result.Backlog, len(w.result.Changes))
	}
	if w.block(1); w.result.Backlog || len(w.rows("2400:1000::/33")) != 0 {
		t.Fatalf("%d titles are left", len(w.rows("2400:1000::/33")))
	}
}

// TestApply_DUE3_SRC8_worst cuts the longest titles there are at as many places
// as three pages name: what has no room goes on in the next ledger block, at the
// statement where it stopped.
func TestApply_DUE3_SRC8_worst(t *testing.T) {
	w := attesting(newWorld(t, []string{"ana", "ben", "rex", "sue", "tim"}, nil), map[string]string{"2400::/12": "apnic allocated||20200101|whole||"})
	var lines []string
	for i := range 256 {
		lines = append(lines, fmt.Sprintf("2400:%x:%x::%x/128|allocated|JP|20251127|whole||", i+1, i+1, i+1))
	}
	pages, root := []*tx.SourceStatement(nil), wire.Hash{}
	for from := 0; from < len(lines); from += 32 {
		pages = append(pages, &tx.SourceStatement{Registry: "apnic", Lines: strings.Join(lines[from:from+32], " ")})
	}
	for i := len(pages) - 1; i >= 0; i-- {
		pages[i].Behind = root
		root = record.SheetHash(root, pages[i].Lines)
	}
	w.attestFile("apnic", w.today(), root, len(pages), "rex", "sue")
	var acts []tx.Verified
	for _, p := range pages {
		acts = append(acts, w.sign("ben", p))
	}
	w.block(1, acts...)
	w.awake(7*day - 1)
	w.block(1)
	if !w.result.Backlog || len(w.result.Changes) > ledger.BlockChangesMax || len(w.result.Changes) < ledger.BlockChangesMax*9/10 {
		t.Fatalf("backlog %v, %d records changed", w.result.Backlog, len(w.result.Changes))
	}
	w.block(1)
	stated := 0
	for _, row := range w.rows("2400::/12") {
		if strings.Contains(row, "20251127") {
			stated++
		}
	}
	if stated != len(lines) || w.result.Backlog {
		t.Fatalf("%d of %d statements are settled, backlog %v", stated, len(lines), w.result.Backlog)
	}
}

// TestApply_DISP6_divergence leaves a mark on what is left of a free title of which a
// statement takes a part.
func TestApply_DISP6_divergence(t *testing.T) {
	w := sourced(t)
	const x = "allocated|KR|20251127|extended||NEW"
	w.stated("apnic", "61.0.0.0/17|"+x, "61.0.128.0/17|"+x)
	w.settle()
	w.do("ana", &tx.Surrender{Resource: resource("61.0.0.0/16"), Value: w.value("61.0.0.0/16")})
	w.awake(day)
	pages, root := pagesOf("apnic", "61.0.0.0/17|"+x)
	w.attestFile("apnic", w.today(), root, 1, "rex", "sue")
	w.do("ben", pages[0])
	w.settle()
	if got := w.divergence("61.0.128.0/17"); got != "61.0.128.0/17 says NEW" {
		t.Errorf("the rest bears %q", got)
	}
	if got := w.divergence("61.0.0.0/17"); got != "" {
		t.Errorf("what has the row now bears %q", got)
	}
}
