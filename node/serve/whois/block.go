package whois

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// attributesUsual is more than most objects have.
const attributesUsual = 24

// classOf is the class of the object of an entry.
func classOf(r wire.Resource) string {
	switch {
	case r.Family == wire.IPv4:
		return "inetnum"
	case r.Family == wire.IPv6:
		return "inet6num"
	case r.Len == 32:
		return "aut-num"
	}
	return "as-block"
}

// keyOf is the key of that object.
func keyOf(r wire.Resource) string {
	switch {
	case r.Family == wire.IPv6 || r.Family == wire.ASN && r.Len == 32:
		return r.String()
	case r.Family == wire.ASN:
		return strings.Replace(r.String(), "-", " - ", 1)
	}
	first, last := inr.Ends(r)
	return netip.AddrFrom4([4]byte(first[:4])).String() + " - " + netip.AddrFrom4([4]byte(last[:4])).String()
}

// block is the object of an entry.
//
// specs/29 WHOIS-4: An object of a block MUST name holder, each lessee and grantee,
// the operator of record, the grade, a divergence of the source registry, the block of
// the ledger that it is of, and where its proof is.
func (a *answer) block(x *light.Answer) (o object, err error) {
	o = make(object, 0, attributesUsual)
	o.add(classOf(x.Resource), keyOf(x.Resource))
	o.add(map[string]string{"inetnum": "netname", "inet6num": "netname", "aut-num": "as-name"}[o[0].name], directory.NetName(x.Resource))
	possessor, err := a.party(x.Possessor)
	if err != nil {
		return nil, err
	}
	o.add("descr", descr(x, possessor))
	if x.Title != nil {
		o.add("country", x.Title.Source.Country)
	}
	if possessor != nil {
		o.add("org", possessor.ID.String())
	}
	o.add("status", statusOf(x))
	if err := a.rights(&o, x); err != nil {
		return nil, err
	}
	burdens(&o, x)
	services(&o, x)
	o.remark("proof", fmt.Sprintf("/v1/resources/%v?proof=1&at=%d", x.Resource, x.Height))
	if at := directory.Registered(x); at != 0 {
		o.add("created", light.Clock(at))
	}
	o.add("source", Source)
	return o, nil
}

// descr is who has the block, in few words.
func descr(x *light.Answer, possessor *directory.Party) string {
	if possessor != nil {
		return possessor.Called()
	}
	return "no account holds it; the source registry's row is below"
}

// statusOf is in whose hands the block is.
func statusOf(x *light.Answer) string {
	if e := directory.Innermost(x); e != nil {
		return strings.ToUpper(light.EstateName(e.Kind))
	}
	if x.Title == nil || x.Title.Source.Status == "" {
		return "OTHER"
	}
	return strings.ToUpper(x.Title.Source.Status)
}

// rights tells of the title and the estates over the block.
func (a *answer) rights(o *object, x *light.Answer) error {
	words := append([]string{x.State}, directory.Status(x)...)
	o.remark("state", strings.Join(slices.Compact(words), ", ")) // a reserved title's status is its state
	if t := x.Title; t != nil {
		o.remark("grade", gradeText(x))
		text, err := a.called(t.Holder)
		if err != nil {
			return err
		}
		o.remark("holder", text+where(t.At, x))
		o.remark("source row", sourceText(t))
	}
	for _, list := range [][]light.Estate{x.Estates, x.ToCome} {
		for i := range list {
			e := &list[i]
			text, err := a.called(e.Holder)
			if err != nil {
				return err
			}
			o.remark(roleOf(e.Kind), text+where(e.At, x)+term(e, x.Time))
		}
	}
	c := directory.ContactOf(x)
	o.remark("operator of record", c.Operator)
	o.remark("abuse contact", c.Abuse)
	return nil
}

func roleOf(k record.EstateKind) string {
	if k == record.Lease {
		return "lessee"
	}
	return "grantee"
}

// where names the block that a right is of, where it is a larger one.
func where(at wire.Resource, x *light.Answer) string {
	if at == x.Resource {
		return ""
	}
	return ", of " + at.String()
}

func term(e *light.Estate, now uint64) (text string) {
	if e.Start > now {
		text = ", from " + light.Clock(e.Start)
	}
	if e.Ends != 0 {
		text += ", until " + light.Clock(e.Ends)
	}
	if until := e.Suspended(now); until != 0 {
		text += ", suspended until " + light.Clock(until)
	}
	return text
}

func gradeText(x *light.Answer) string {
	text := x.Grade.String()
	if x.Title.Proved != 0 {
		text += ", proved " + light.Clock(x.Title.Proved)
	}
	if x.Stale() {
		text += ", stale"
	}
	if x.Title.Qualified > x.Time {
		text += ", qualified until " + light.Clock(x.Title.Qualified)
	}
	return text
}

func sourceText(t *light.Title) string {
	s := t.Source
	handle := s.Handle
	if handle == "" {
		handle = "handle unknown"
	}
	text := s.Registry + ", " + handle + ", " + s.Status
	if s.Date != 0 {
		text += ", " + strconv.FormatUint(s.Date, 10)
	}
	return text
}

// burdens tells of what lies on the title.
func burdens(o *object, x *light.Answer) {
	divergence := "none"
	if d := directory.Divergence(x); d != nil {
		divergence = "since " + light.Clock(d.Since) + ", source says " + d.Says
	}
	if x.Title != nil {
		o.remark("divergence", divergence)
	}
	for _, h := range x.Holds {
		text := restrictions[h.Kind]
		if h.Until != 0 {
			text += " until " + light.Clock(h.Until)
		}
		if h.Kind != record.Diverges {
			o.remark("restriction", text+where(h.Restriction.At, x))
		}
	}
	if n := len(x.Charges); n > 0 {
		o.remark("charges", strconv.Itoa(n))
	}
}

// restrictions are the words for what stands against a title.
var restrictions = map[record.RestrictionKind]string{
	record.Hold: "on hold for a transfer", record.Freeze: "frozen", record.Contest: "contested", record.Claimed: "claimed", record.Caution: "a caution",
}

// services tells of what the possessor states at the smallest block.
func services(o *object, x *light.Answer) {
	geofeed, length := "", -1
	for i := range x.Services {
		s := &x.Services[i]
		if s.Geofeed != "" && int(s.At.Len) >= length {
			geofeed, length = s.Geofeed, int(s.At.Len)
		}
		if s.At == x.Resource && len(s.Providers) > 0 {
			text := ""
			for _, as := range s.Providers {
				text += " AS" + strconv.FormatUint(as, 10)
			}
			o.remark("providers", text[1:])
		}
	}
	o.add("geofeed", geofeed)
}
