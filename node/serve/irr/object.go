package irr

import (
	"fmt"
	"strings"

	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// appendRoute adds a route object (RFC 2622, Section 4; max-length as servers that
// read RPKI write it).
func (x *held) appendRoute(b []byte, r vrp.Payload) []byte {
	class := "route:"
	if r.Prefix.Family == wire.IPv6 {
		class = "route6:"
	}
	return fmt.Appendf(b, "%-16s%v\ndescr:          authorised on the ledger\norigin:         AS%d\nmax-length:     %d\n"+
		"remarks:        title of grade %v, block %d\nsource:         %s\n", class, r.Prefix, r.AS, r.MaxLength, r.Grade, x.height, Source)
}

// object is one object by class and key: !mroute,5.44.0.0/22AS2121 and
// !mas-set,AS2121:AS-CUSTOMERS.
func (x *held) object(rest string) answer {
	class, key, ok := strings.Cut(rest, ",")
	if !ok {
		return failed("want a class, a comma and a key")
	}
	key = strings.ToUpper(strings.TrimSpace(key))
	switch class = strings.ToLower(strings.TrimSpace(class)); class {
	case "route", "route6":
		return x.route(key, class == "route6")
	case "as-set":
		return x.asSet(key)
	}
	return absent
}

func (x *held) route(key string, six bool) answer {
	at := strings.Index(key, "AS")
	if at < 0 {
		return failed("want a prefix and AS with a number after it")
	}
	p, ok := readPrefix(strings.ToLower(key[:at]))
	as, ok2 := readAS(key[at:])
	if !ok || !ok2 || six != (p.Family == wire.IPv6) {
		return failed("want a prefix of the class's family and AS with a number after it")
	}
	var list []vrp.Payload
	for _, r := range x.at(p) {
		if r.AS == uint64(as) {
			list = append(list, r)
		}
	}
	return x.objects(list)
}

func (x *held) asSet(key string) answer {
	name, ok := readSet(key)
	if !ok {
		return absent
	}
	list := x.members(name)
	if len(list) == 0 {
		return absent
	}
	whom := "networks that name %s as a provider, and theirs"
	if name.cone {
		whom = "%s and the networks that name it as a provider, and theirs"
	}
	b := fmt.Appendf(nil, "%-16s%v\n%-16s"+whom+"\n", "as-set:", name, "descr:", asText(name.as))
	for _, member := range list {
		b = fmt.Appendf(b, "%-16s%s\n", "members:", member)
	}
	return found(fmt.Appendf(b, "%-16sblock %d\n%-16s%s", "remarks:", x.height, "source:", Source))
}
