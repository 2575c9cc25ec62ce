package observed

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"unicode/utf8"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
)

// Bounds of a geofeed. The largest real ones have some 300,000 lines.
const (
	FeedBytesMax = 64 << 20
	FeedRowsMax  = 1 << 20
	faultsMax    = 1000 // faults that are told of one feed
)

// ErrFeed reports bytes that are no geofeed at all: not text, or beyond the bounds.
var ErrFeed = errors.New("observed: not a geofeed")

// Located is one line of a geofeed (RFC 8805, Section 2.1.1).
type Located struct {
	Prefix  wire.Resource
	Country string // two capitals, or empty
	Region  string // of ISO 3166-2, or empty
	City    string
}

// Fault is a line that is wrong.
type Fault struct {
	Line int // from 1
	Why  string
}

// ReadGeofeed reads a geofeed: its good lines in their order, and the first thousand
// faults. Lines that lie outside within are faults; a nil within is everywhere.
//
// specs/30 FILE-24: A line of a geofeed is a prefix without host bits, a country of
// two capitals or none, a region of that country or none, a city and a postal code;
// a prefix stands once, and inside the block at which the feed is stated (RFC 9632).
func ReadGeofeed(r io.Reader, within []wire.Resource) (list []Located, faults []Fault, err error) {
	raw, err := io.ReadAll(&bounded{r: r, left: FeedBytesMax})
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrFeed, err)
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		return nil, nil, fmt.Errorf("%w: it is not UTF-8 text", ErrFeed)
	}
	seen, n := map[wire.Resource]int{}, 0
	for line := range bytes.Lines(raw) {
		n++
		text := strings.TrimRight(string(line), "\r\n")
		if body := strings.TrimSpace(text); body == "" || body[0] == '#' {
			continue
		}
		if len(seen) == FeedRowsMax {
			return nil, nil, fmt.Errorf("%w: more than %d lines", ErrFeed, FeedRowsMax)
		}
		one, why := located(text)
		switch {
		case why == "" && seen[one.Prefix] != 0:
			why = fmt.Sprintf("%v stands in line %d already", one.Prefix, seen[one.Prefix])
		case why == "" && !inAny(within, one.Prefix):
			why = fmt.Sprintf("%v lies outside of what the feed is of", one.Prefix)
		}
		if why != "" {
			if len(faults) < faultsMax {
				faults = append(faults, Fault{n, why})
			}
			continue
		}
		seen[one.Prefix] = n
		list = append(list, one)
	}
	return list, faults, nil
}

func inAny(within []wire.Resource, r wire.Resource) bool {
	for _, w := range within {
		if inr.Covers(w, r) {
			return true
		}
	}
	return within == nil
}

// located reads one line, or says what is wrong with it.
func located(text string) (l Located, why string) {
	if len(text) > LineBytesMax {
		return l, fmt.Sprintf("%d bytes, at most %d", len(text), LineBytesMax)
	}
	fields, err := split(text)
	if err != nil {
		return l, "a quote without its other"
	}
	for len(fields) < 5 {
		fields = append(fields, "")
	}
	if len(fields) > 5 {
		return l, fmt.Sprintf("%d fields, at most 5", len(fields))
	}
	if l.Prefix, why = placed(fields[0]); why != "" {
		return l, why
	}
	l.Country, l.Region, l.City = fields[1], fields[2], fields[3]
	if l.Country != "" && (len(l.Country) != 2 || !only(l.Country, letters)) {
		return l, fmt.Sprintf("country %q is not two capital letters", clip(l.Country))
	}
	if country, code, ok := strings.Cut(l.Region, "-"); l.Region != "" && (!ok || country != l.Country || code == "" || len(code) > 3 || !only(code, letters+"0123456789")) {
		return l, fmt.Sprintf("region %q is no region of country %q (ISO 3166-2)", clip(l.Region), clip(l.Country))
	}
	return l, ""
}

// placed reads a prefix, or an address as the prefix of it alone.
func placed(text string) (wire.Resource, string) {
	p, err := netip.ParsePrefix(text)
	if addr, err2 := netip.ParseAddr(text); err2 == nil && addr.Zone() == "" {
		p, err = netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	switch {
	case err != nil || p.Addr().Is4In6():
		return wire.Resource{}, fmt.Sprintf("%q is no prefix", clip(text))
	case p != p.Masked():
		return wire.Resource{}, fmt.Sprintf("%q has host bits", clip(text))
	}
	return inr.FromPrefix(p), ""
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// only reports whether a text is made of some characters alone.
func only(text, of string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !strings.ContainsRune(of, r) })
}
