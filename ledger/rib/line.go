package rib

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// appendLine adds the routes of one line, in whichever form it is.
//
// specs/31 DRIFT-2: An origin that is a set of ASes is NONE (RFC 6811, Section 2);
// several origins of a line are several routes.
func appendLine(list []Route, text string) ([]Route, error) {
	if strings.Contains(text, "|") {
		return appendDump(list, text)
	}
	fields := strings.Fields(text)
	switch {
	case len(fields) == 2 && strings.Contains(fields[0], "/"):
		return appendOrigins(list, fields[0], fields[1])
	case len(fields) >= 2 && len(fields) <= 3 && strings.Contains(fields[1], "/"):
		return appendOrigins(list, fields[1], fields[0])
	case len(fields) == 3:
		return appendOrigins(list, fields[0]+"/"+fields[1], fields[2])
	}
	return list, errors.New("no form of a route has these fields")
}

// The fields of a line with bars, as bgpdump -m writes it.
const (
	dumpPrefix = 5
	dumpPath   = 6
)

func appendDump(list []Route, text string) ([]Route, error) {
	fields := strings.SplitN(text, "|", dumpPath+2)
	if kind := fields[0]; kind != "TABLE_DUMP" && kind != "TABLE_DUMP2" {
		return list, errors.New("with bars, only lines of TABLE_DUMP and TABLE_DUMP2 are routes of a table")
	}
	if len(fields) <= dumpPath {
		return list, errors.New("it ends before its path")
	}
	path := strings.TrimSpace(fields[dumpPath])
	return appendOrigins(list, fields[dumpPrefix], path[strings.LastIndexByte(path, ' ')+1:])
}

func appendOrigins(list []Route, prefix, origins string) ([]Route, error) {
	at, err := readPrefix(prefix)
	if err != nil {
		return list, err
	}
	out := list
	for one := range strings.SplitSeq(origins, "_") {
		origin, err := readOrigin(one)
		if err != nil {
			return list, err
		}
		out = append(out, Route{at, origin})
	}
	return out, nil
}

func readPrefix(text string) (wire.Resource, error) {
	p, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return wire.Resource{}, fmt.Errorf("%.60q is no prefix", text)
	case p.Addr().Is4In6():
		return wire.Resource{}, fmt.Errorf("%v is IPv4-mapped", p)
	case p != p.Masked():
		return wire.Resource{}, fmt.Errorf("%v has host bits", p)
	}
	return inr.FromPrefix(p), nil
}

// readOrigin reads an AS number, or a set of them, which is NONE.
func readOrigin(text string) (uint32, error) {
	inner, open := strings.CutPrefix(text, "{")
	inner, closed := strings.CutSuffix(inner, "}")
	if open != closed {
		return 0, fmt.Errorf("%.60q is no set of ASes", text)
	}
	var last uint32
	for one := range strings.SplitSeq(inner, ",") {
		n, err := strconv.ParseUint(strings.TrimPrefix(one, "AS"), 10, 32)
		if err != nil || n == 0 {
			return 0, fmt.Errorf("%.60q is no AS that originates", text)
		}
		last = uint32(n)
	}
	if open || strings.Contains(inner, ",") {
		return NONE, nil
	}
	return last, nil
}
