package rdap

import (
	"net/http"
	"net/url"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// readSearch reads a search (RFC 9910).
func (q *question) readSearch(key, query string) *failure {
	values, err := url.ParseQuery(query)
	if err != nil {
		return fail(http.StatusBadRequest, "what follows the question mark is not encoded as it should be")
	}
	if key == "" {
		return q.readPattern(values)
	}
	rest, ok := strings.CutPrefix(key, "rirSearch1/")
	relation, key, ok2 := strings.Cut(rest, "/")
	q.kind, q.relation = askRelation, relation
	switch relation {
	case "rdap-up", "rdap-down", "rdap-top", "rdap-bottom":
	default:
		ok = false
	}
	if !ok || !ok2 {
		return fail(http.StatusBadRequest, "want rirSearch1, one of rdap-up, rdap-down, rdap-top and rdap-bottom, and what it is of")
	}
	if f := q.readStatus(values); f != nil {
		return f
	}
	if q.numbers {
		return q.readNumbers(key)
	}
	f := q.readAround(key)
	q.kind = askRelation
	return f
}

// readAround reads a block, or the name of a zone.
func (q *question) readAround(key string) *failure {
	if q.zones {
		return q.readDomain(key)
	}
	return q.readIP(key)
}

// readStatus reads the one status that may be asked for.
func (q *question) readStatus(values url.Values) *failure {
	switch list := values["status"]; {
	case len(list) == 0:
		return nil
	case len(list) > 1 || list[0] == "":
		return fail(http.StatusBadRequest, "status is given once")
	case list[0] != directory.Active:
		return fail(http.StatusNotImplemented, "the one status that can be asked for is %s", directory.Active)
	}
	q.active = true
	return nil
}

// readNumbers reads an AS number or an aligned block of them: 3333, AS3333,
// 64496-64511 or AS64496-AS64511.
func (q *question) readNumbers(key string) *failure {
	parts := strings.Split(strings.ToUpper(key), "-")
	for i, part := range parts {
		parts[i] = "AS" + strings.TrimPrefix(part, "AS")
	}
	block, err := inr.Parse(strings.Join(parts, "-"))
	q.block = block
	return only(err == nil && block.Family == wire.ASN, "want an AS number or an aligned block of them: AS3333 or AS65552-AS65553")
}
