package observed

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// readPrefix reads a prefix in any spelling that has one meaning.
func readPrefix(text string) (wire.Resource, error) {
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() {
		return wire.Resource{}, fmt.Errorf("%w: %q is no prefix (FILE-2)", ErrExport, clip(text))
	}
	if p != p.Masked() {
		return wire.Resource{}, fmt.Errorf("%w: %q has host bits (FILE-2)", ErrExport, clip(text))
	}
	return inr.FromPrefix(p), nil
}

// readAS reads an AS number, with or without AS before it.
func readAS(text string) (uint64, error) {
	digits := text
	if len(text) > 2 && strings.EqualFold(text[:2], "AS") {
		digits = text[2:]
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || digits[0] == '+' {
		return 0, fmt.Errorf("%w: %q is no AS number (FILE-2)", ErrExport, clip(text))
	}
	return n, nil
}

// readClock reads a time in UTC as validators write it, "2026-11-30T08:00:00Z" or
// with a space and without Z, as Unix seconds; ok is false for anything else.
func readClock(text string) (seconds uint64, ok bool) {
	text = strings.TrimSuffix(text, "Z")
	if len(text) < 19 || text[10] != 'T' && text[10] != ' ' || text[13] != ':' || text[16] != ':' || text[4] != '-' || text[7] != '-' {
		return 0, false
	}
	if fraction := text[19:]; fraction != "" && (fraction[0] != '.' || strings.Trim(fraction[1:], "0123456789") != "") {
		return 0, false
	}
	day, ok := record.ReadDay(text[0:4] + text[5:7] + text[8:10])
	h, err1 := strconv.ParseUint(text[11:13], 10, 8)
	m, err2 := strconv.ParseUint(text[14:16], 10, 8)
	s, err3 := strconv.ParseUint(text[17:19], 10, 8)
	if !ok || err1 != nil || err2 != nil || err3 != nil || h > 23 || m > 59 || s > 60 {
		return 0, false
	}
	return record.Midnight(day) + h*3600 + m*60 + s, true
}

// clip shortens what a message quotes from a file.
func clip(text string) string {
	if len(text) > 60 {
		return text[:60] + "…"
	}
	return text
}
