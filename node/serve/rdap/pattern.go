package rdap

import (
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// readPattern reads a search by handle or name.
//
// specs/28 RDAP-8: A search by handle or name takes one of the two, whole or with an
// asterisk at its end in the place of whole bytes of IPv4 or groups of IPv6; another
// pattern MUST be answered by 422.
func (q *question) readPattern(values url.Values) *failure {
	q.kind = askHandle
	handle, name := values["handle"], values["name"]
	if len(handle)+len(name) != 1 {
		return fail(http.StatusBadRequest, "want one of handle and name, once")
	}
	read, text := byHandle, strings.Join(handle, "")
	if len(name) == 1 {
		read, text = byName, name[0]
	}
	stem, all := strings.CutSuffix(text, "*")
	block, ok := read(stem, all)
	q.block, q.all = block, all
	if !ok && strings.Contains(text, "*") {
		return fail(http.StatusUnprocessableEntity, "an asterisk stands at the end, after whole bytes or groups: handle=193.0.*, name=NET-193-0-*")
	}
	if ok && (block.Family == wire.ASN) != q.numbers {
		ok = false
	}
	if !ok {
		return fail(http.StatusNotFound, "nothing has such a handle or name: they are like 193.0.0.0/16, AS3333, NET-193-0-0-0-16")
	}
	return nil
}

// byHandle is the block of a handle, or the one in which those lie whose handles
// begin so.
func byHandle(text string, begins bool) (wire.Resource, bool) {
	if begins {
		if stem, ok := strings.CutSuffix(text, "."); ok {
			return stemmed(strings.Split(stem, "."), ".", 4, 8)
		}
		stem, ok := strings.CutSuffix(text, ":")
		r, read := stemmed(strings.Split(stem, ":"), ":", 8, 16)
		return r, ok && read
	}
	text = strings.ToLower(text)
	if digits, ok := strings.CutPrefix(text, "as"); ok {
		text = "AS" + strings.ReplaceAll(digits, "as", "AS")
	}
	r, err := inr.Parse(text)
	return r, err == nil
}

// byName is byHandle for names.
func byName(text string, begins bool) (wire.Resource, bool) {
	if !begins {
		return directory.ParseNetName(text)
	}
	stem, ok := strings.CutSuffix(strings.ToUpper(text), "-")
	words := strings.Split(stem, "-")
	switch {
	case ok && words[0] == "NET":
		return stemmed(words[1:], ".", 4, 8)
	case ok && words[0] == "NET6":
		return stemmed(words[1:], ":", 8, 16)
	}
	return wire.Resource{}, false
}

// stemmed is the block of all addresses that begin with some words of so many bits,
// at least one and not all.
func stemmed(words []string, between string, all, bits int) (wire.Resource, bool) {
	n := len(words)
	if n == 0 || n >= all || slices.Contains(words, "") {
		return wire.Resource{}, false
	}
	for len(words) < all {
		words = append(words, "0")
	}
	a, err := netip.ParseAddr(strings.Join(words, between))
	if err != nil || a.Is4In6() || a.Zone() != "" {
		return wire.Resource{}, false
	}
	return inr.FromPrefix(netip.PrefixFrom(a, n*bits)), true
}
