package world_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"ipledger/ledger/account"
	"ipledger/ledger/genesis"
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
	"ipledger/testnet/world"
)

// holdings is what this test reads of the holdings file.
type holdings struct {
	Accounts []struct {
		Name         string   `toml:"name"`
		Jurisdiction string   `toml:"jurisdiction"`
		TitleKeys    []string `toml:"title_keys"`
		Holdings     []string `toml:"holdings"`
		Origins      []struct {
			Prefix string `toml:"prefix"`
		} `toml:"origin"`
	} `toml:"account"`
}

func read(t *testing.T) (h holdings) {
	t.Helper()
	if err := toml.Unmarshal(world.Read(world.HoldingsFile), &h); err != nil {
		t.Fatal(err)
	}
	return h
}

// TestHoldings is a few dozen accounts in many lands, each with all three kinds
// of numbers and a key that follows from its name.
func TestHoldings(t *testing.T) {
	h := read(t)
	lands, origins := map[string]bool{}, map[wire.Family]int{}
	for _, a := range h.Accounts {
		key := world.Key(a.Name)
		if want := (account.Key{Alg: account.Secp256k1, Addr: account.AddressOf(&key.PublicKey)}).String(); len(a.TitleKeys) != 1 || a.TitleKeys[0] != want {
			t.Errorf("%s has keys %v, want %s", a.Name, a.TitleKeys, want)
		}
		lands[a.Jurisdiction] = true
		families := map[wire.Family]bool{}
		for _, text := range a.Holdings {
			r, err := inr.Parse(text)
			if err != nil {
				t.Errorf("%s: %v", a.Name, err)
			}
			families[r.Family] = true
		}
		if len(families) != 3 {
			t.Errorf("%s holds %v", a.Name, a.Holdings)
		}
		for _, o := range a.Origins {
			r, err := inr.Parse(o.Prefix)
			if err != nil {
				t.Errorf("%s: %v", a.Name, err)
			}
			origins[r.Family]++
		}
	}
	if len(h.Accounts) < 24 || len(lands) < 20 || origins[wire.IPv4] < 20 || origins[wire.IPv6] < 20 {
		t.Errorf("%d accounts in %d lands with %v authorisations", len(h.Accounts), len(lands), origins)
	}
}

// TestMembers is the embedded file, which others build with, made by the keys
// that the program has.
func TestMembers(t *testing.T) {
	_, list, ok := strings.Cut(string(world.Read(world.MembersFile)), "\n\n")
	if want := strings.TrimSuffix(world.Members(4), "\n"); !ok || list != want {
		t.Errorf("the file has\n%s\nthe program makes\n%s", list, want)
	}
	if text := world.Members(world.ValidatorsMax); strings.Count(text, "[[member]]") != world.ValidatorsMax {
		t.Errorf("%d members", strings.Count(text, "[[member]]"))
	}
}

// TestBodies are registrars of three organisations and lands, and adjudicators of
// three lands or more, none of the same name as a holder or a member.
func TestBodies(t *testing.T) {
	seen, lands, organisations := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, a := range read(t).Accounts {
		seen[a.Name] = true
	}
	for i := range world.ValidatorsMax {
		seen[world.Operator(i)] = true
	}
	for _, r := range world.Registrars {
		lands[r.Jurisdiction], organisations[r.Organisation] = true, true
	}
	if len(world.Registrars) != 3 || len(lands) != 3 || len(organisations) != 3 {
		t.Errorf("registrars %v", world.Registrars)
	}
	clear(lands)
	for _, a := range world.Adjudicators {
		lands[a.Jurisdiction] = true
	}
	if len(world.Adjudicators) < 5 || len(lands) < 3 {
		t.Errorf("adjudicators %v", world.Adjudicators)
	}
	for _, b := range append(slices.Clone(world.Registrars), world.Adjudicators...) {
		if seen[b.Name] {
			t.Errorf("two accounts have the name %s", b.Name)
		}
		seen[b.Name] = true
	}
}

// TestStats is statistics of all five registries in which every row is taken:
// none conflicts, and each is where IANA's table has its registry.
func TestStats(t *testing.T) {
	var in []genesis.Stats
	for _, name := range world.Stats() {
		if !strings.HasPrefix(string(world.Read(name)), "# Fictional.") {
			t.Errorf("%s does not say first that it is fictional", name)
		}
		in = append(in, genesis.Stats{Name: name, Raw: world.Read(name)})
	}
	titles, report, err := genesis.Rows(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Files {
		if f.Taken != f.Rows || f.Rows < 15 || len(f.Warnings) != 0 || f.Class != "extended" {
			t.Errorf("%+v", f)
		}
	}
	if len(report.Files) != 5 || len(report.Lines) != 0 {
		t.Errorf("%d files, lines %v", len(report.Files), report.Lines)
	}
	for _, x := range titles {
		if x.Resource.Len < uint8(x.Resource.Family.Bits()) && !x.Source.Legacy && !fits(t, x) {
			t.Errorf("IANA's table does not give %v to %s", x.Resource, x.Source.Registry)
		}
	}
}

// fits reports whether IANA's table names a title's registry: then a claim of
// another registry to half of it has no effect, for all that smaller goes first.
func fits(t *testing.T, x genesis.Row) bool {
	t.Helper()
	other := "apnic"
	if x.Source.Registry == other {
		other = "arin"
	}
	row := func(registry string, r wire.Resource) genesis.Stats {
		first, size := strings.TrimPrefix(strings.Split(strings.Split(r.String(), "/")[0], "-")[0], "AS"), uint64(1)<<(32-r.Len)
		kind := []string{"ipv4", "ipv6", "asn"}[r.Family]
		if r.Family == wire.IPv6 {
			size = uint64(r.Len)
		}
		return genesis.Stats{Name: registry, Raw: fmt.Appendf(nil, "2|%s|20260101|1|19830101|20260101|+0000\n%s||%s|%s|%d|20200101|allocated|x\n", registry, registry, kind, first, size)}
	}
	half := x.Resource
	half.Len++
	out, _, err := genesis.Rows([]genesis.Stats{row(x.Source.Registry, x.Resource), row(other, half)})
	if err != nil {
		t.Fatal(err)
	}
	return len(out) == 1 && out[0].Source.Registry == x.Source.Registry
}

// TestGrants names accounts that are there, and parts of what the giver holds.
func TestGrants(t *testing.T) {
	held := map[string][]string{}
	for _, a := range read(t).Accounts {
		held[a.Name] = a.Holdings
	}
	for _, g := range world.Grants {
		part, err := inr.Parse(g.Block)
		if err != nil {
			t.Fatal(err)
		}
		inside := false
		for _, text := range held[g.From] {
			whole, err := inr.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			inside = inside || inr.Covers(whole, part)
		}
		if !inside || held[g.To] == nil {
			t.Errorf("%+v: %s holds %v", g, g.From, held[g.From])
		}
	}
}
