package rdap

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// ask is what a question is of.
type ask int

const (
	askHelp ask = iota + 1
	askIP
	askAutnum
	askEntity
	askDomain
	askBootstrap
	askHandle   // entries by handle or name
	askRelation // entries around or inside a block
)

// question is a request that was understood.
type question struct {
	kind     ask
	block    wire.Resource // of an address, AS number, zone or pattern
	account  wire.Address
	numbers  bool   // of AS numbers, not of networks
	zones    bool   // of reverse zones
	all      bool   // the pattern ends with an asterisk
	relation string // rdap-up, rdap-down, rdap-top, rdap-bottom
	active   bool   // of active objects alone
	file     string // of the bootstrap: asn, dns, ipv4, ipv6
}

// parse reads a path below Root, its escapes undone, and what follows the question
// mark.
//
// specs/28 RDAP-5: A request that is longer than a bound or is not understood MUST
// be answered by 400, an object that is not there by 404, and a kind of question
// that the protocol knows and the node does not answer by 501.
func parse(path, query string) (q question, f *failure) {
	if len(path) > PathBytesMax || len(query) > QueryBytesMax {
		return q, fail(http.StatusBadRequest, "a path or a query has at most %d bytes", PathBytesMax)
	}
	rest, ok := strings.CutPrefix(path, Root)
	if !ok {
		return q, fail(http.StatusNotFound, "RDAP is answered below %s", Root)
	}
	kind, key, _ := strings.Cut(rest, "/")
	switch kind {
	case "help":
		q.kind, f = askHelp, only(key == "", "help takes nothing after it")
	case "ip":
		f = q.readIP(key)
	case "autnum":
		f = q.readAutnum(key)
	case "entity":
		f = q.readEntity(key)
	case "domain":
		f = q.readDomain(key)
	case "bootstrap":
		f = q.readFile(key)
	case "ips", "autnums":
		q.numbers = kind == "autnums"
		f = q.readSearch(key, query)
	case "domains":
		if q.zones = true; !strings.HasPrefix(key, rirSearch+"/") {
			return q, fail(http.StatusNotImplemented, "domains are found by their relations alone; %shelp says what this node answers", Root)
		}
		f = q.readSearch(key, query)
	case "nameserver", "nameservers", "entities":
		f = fail(http.StatusNotImplemented, "this node does not answer %q; %shelp says what it answers", kind, Root)
	default:
		f = fail(http.StatusNotFound, "there is nothing at this path; %shelp says what there is", Root)
	}
	return q, f
}

func only(ok bool, detail string) *failure {
	if ok {
		return nil
	}
	return fail(http.StatusBadRequest, "%s", detail)
}

// readIP reads an address or a prefix in any of its spellings.
//
// specs/28 RDAP-6: An address with a zone, one of IPv4 mapped into IPv6, and a
// prefix with bits beyond its length MUST be answered by 400.
func (q *question) readIP(key string) *failure {
	q.kind = askIP
	p, err := netip.ParsePrefix(key)
	if !strings.Contains(key, "/") {
		var a netip.Addr
		if a, err = netip.ParseAddr(key); err == nil && a.Zone() == "" {
			p = netip.PrefixFrom(a, a.BitLen())
		}
	}
	switch {
	case err != nil || !p.IsValid():
		return fail(http.StatusBadRequest, "want an IPv4 or IPv6 address without a zone, or a prefix: ip/193.0.0.1 or ip/193.0.0.0/16")
	case p.Addr().Is4In6():
		return fail(http.StatusBadRequest, "an IPv4 address is asked for as such, not inside IPv6")
	case p != p.Masked():
		return fail(http.StatusBadRequest, "the prefix has bits beyond its length; its block is %v", p.Masked())
	}
	q.block = inr.FromPrefix(p)
	return nil
}

// readAutnum reads the digits of an AS number (RFC 9082, Section 3.1.2).
func (q *question) readAutnum(key string) *failure {
	q.kind = askAutnum
	n, err := strconv.ParseUint(key, 10, 32)
	q.block = inr.AS(uint32(n))
	return only(err == nil && key[0] != '+', "want the digits of an AS number: autnum/3333")
}

func (q *question) readEntity(key string) *failure {
	q.kind = askEntity
	err := q.account.UnmarshalText([]byte(strings.ToLower(key)))
	return only(err == nil, "want an account: entity/0x and 40 hexadecimal digits")
}

// readDomain reads the name of a reverse zone, with or without a dot at its end.
func (q *question) readDomain(key string) *failure {
	q.kind = askDomain
	block, ok := directory.ParseZone(strings.TrimSuffix(key, "."))
	q.block = block
	if ok {
		return nil
	}
	if !strings.Contains(key, ".") || strings.HasSuffix(strings.ToLower(key), ".arpa") {
		return fail(http.StatusBadRequest, "want a reverse zone: domain/0.193.in-addr.arpa")
	}
	return fail(http.StatusNotFound, "only reverse zones are registered here, below in-addr.arpa and ip6.arpa")
}

func (q *question) readFile(key string) *failure {
	q.kind = askBootstrap
	name, ok := strings.CutSuffix(key, ".json")
	switch q.file = name; name {
	case "asn", "dns", "ipv4", "ipv6":
		if ok {
			return nil
		}
	}
	return fail(http.StatusNotFound, "the bootstrap files are asn.json, dns.json, ipv4.json and ipv6.json")
}
