package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	zones "ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// zoneTTL is how long resolvers keep delegations, in seconds.
const zoneTTL = 86400

// zoneNamesMax bounds the delegated names of one zone file.
const zoneNamesMax = 1 << 20

// zonefile is a reverse zone with what is delegated out of it.
type zonefile struct {
	of      wire.Resource
	servers []string // of the zone itself, at least one
	primary string   // of them, or another that is not public
	mailbox string   // as the SOA record has it, with dots
	light.Moment
	stated []light.Services // reverse delegations at blocks inside it
}

// cut is one name that is delegated, and the delegation that it has.
type cut struct {
	at wire.Resource
	by *light.Services
}

// cuts is what is delegated out of the zone, ascending.
//
// specs/30 FILE-18: A delegation stands for the zones at the next whole byte or half
// byte of its block (DIR-9); one of an IPv4 prefix longer than /24 for that prefix. Of
// two delegations of one zone, that of the smaller block counts; what lies inside a
// delegated zone is that zone's own.
func (z *zonefile) cuts() ([]cut, error) {
	found := map[wire.Resource]*light.Services{}
	for i := range z.stated {
		s := &z.stated[i]
		for _, at := range zonesOf(s.At) {
			if was := found[at]; at != z.of && (was == nil || was.At.Len < s.At.Len) {
				found[at] = s
			}
		}
		if len(found) > zoneNamesMax {
			return nil, fail(exitRefused, "more than %d names are delegated in the zone of %v (FILE-18); write the zones inside it one by one", zoneNamesMax, z.of)
		}
	}
	var out []cut
	for _, at := range slices.SortedFunc(maps.Keys(found), inr.Compare) {
		if n := len(out); n == 0 || !inr.Covers(out[n-1].at, at) {
			out = append(out, cut{at, found[at]})
		}
	}
	return out, nil
}

// zonesOf is the blocks whose zones a delegation at a prefix stands for.
func zonesOf(r wire.Resource) (out []wire.Resource) {
	if classless(r) {
		return []wire.Resource{r}
	}
	list := []wire.Resource{r}
	for length := zones.ZoneLen(r); len(list) > 0 && list[0].Len < length; {
		var next []wire.Resource
		for _, x := range list {
			low, high, _ := inr.Halves(x)
			next = append(next, low, high)
		}
		list = next
	}
	return list
}

// classless reports whether a prefix has a zone by RFC 2317 alone.
func classless(r wire.Resource) bool { return r.Family == wire.IPv4 && r.Len > 24 && r.Len < 32 }

// name is the zone of a block beneath the zone file's own, as the file names it.
//
// specs/30 FILE-19: The zone of an IPv4 prefix from /25 to /31 is named by its first
// address and its length, 64/26 in the zone of its /24, and each address in it is an
// alias for the same name in that zone (RFC 2317).
func (z *zonefile) name(at wire.Resource) string {
	if classless(at) {
		whole := inr.Truncate(at, 24)
		label := fmt.Sprintf("%d/%d", at.Addr[3], at.Len)
		if rest := z.relative(zones.Zone(whole)); rest != "@" {
			label += "." + rest
		}
		return label
	}
	return z.relative(zones.Zone(at))
}

func (z *zonefile) relative(name string) string {
	origin := zones.Zone(z.of)
	if name == origin {
		return "@"
	}
	return strings.TrimSuffix(name, "."+origin)
}

// write writes the file in the form of RFC 1035, Section 5.
//
// specs/30 FILE-17: A zone file MUST have the records of its zone, with the height as
// serial, and for each name that is delegated its name servers and its DS records,
// ascending by block.
func (z *zonefile) write(w io.Writer) error {
	list, err := z.cuts()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "; the reverse zone of %v as the ledger has it after block %d, at %s\n$ORIGIN %s.\n$TTL %d\n", z.of, z.Height, light.Clock(z.Time), zones.Zone(z.of), zoneTTL)
	fmt.Fprintf(w, "@ IN SOA %s. %s. %d 3600 900 1209600 3600\n", z.primary, z.mailbox, uint32(z.Height))
	for _, s := range z.servers {
		fmt.Fprintf(w, "@ IN NS %s.\n", s)
	}
	for _, c := range list {
		err = z.cut(w, c)
	}
	return err
}

func (z *zonefile) cut(w io.Writer, c cut) (err error) {
	name := z.name(c.at)
	for s := range strings.SplitSeq(c.by.Servers, " ") {
		fmt.Fprintf(w, "%s IN NS %s.\n", name, s)
	}
	if c.by.DS != "" {
		for ds := range strings.SplitSeq(c.by.DS, "; ") {
			_, err = fmt.Fprintf(w, "%s IN DS %s\n", name, ds)
		}
	}
	if !classless(c.at) {
		return err
	}
	for n := range 1 << (32 - c.at.Len) {
		one := inr.Truncate(c.at, 32)
		one.Len, one.Addr[3] = 32, c.at.Addr[3]+byte(n)
		_, err = fmt.Fprintf(w, "%s IN CNAME %d.%s\n", z.name(one), one.Addr[3], name)
	}
	return err
}

// standing is the reverse delegations that stand at blocks inside another, of all
// that is written in some page of the ledger and around it.
func standing(inside wire.Resource, all []light.Valued, m light.Moment) (out []light.Services, err error) {
	slices.SortFunc(all, func(a, b light.Valued) int { return inr.Compare(a.At, b.At) })
	var chain []light.Valued
	for _, v := range all {
		chain = slices.DeleteFunc(chain, func(x light.Valued) bool { return !inr.Covers(x.At, v.At) })
		chain = append(chain, v)
		if len(v.Folio.Contacts) == 0 || !inr.Covers(inside, v.At) {
			continue
		}
		a, err := light.Evaluate(v.At, chain, true, m)
		if err != nil {
			return nil, err
		}
		for _, s := range a.Services {
			if s.At == v.At && s.Servers != "" {
				out = append(out, s)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b light.Services) int { return cmp.Compare(a.At.Len, b.At.Len) })
	return out, nil
}
