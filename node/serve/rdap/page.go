package rdap

import (
	"encoding/hex"
	"strconv"
	"unicode"
	"unicode/utf8"

	"ipledger/ledger/wire"
)

// pageUsual is more than most answers have: a lease in a title takes some 4,000
// bytes.
const pageUsual = 6 << 10

// page is JSON that is written front to back, with no tree of it in memory.
type page struct{ b []byte }

// sep writes the comma before a value or name that is not the first.
func (p *page) sep() {
	if n := len(p.b); n > 0 && p.b[n-1] != '{' && p.b[n-1] != '[' && p.b[n-1] != ':' {
		p.b = append(p.b, ',')
	}
}

// name writes a member's name, which needs no escapes.
func (p *page) name(name string) {
	p.sep()
	p.b = append(append(append(p.b, '"'), name...), '"', ':')
}

// object writes an object as the next value.
func (p *page) object(members func()) {
	p.sep()
	p.b = append(p.b, '{')
	members()
	p.b = append(p.b, '}')
}

// array writes an array as the next value.
func (p *page) array(items func()) {
	p.sep()
	p.b = append(p.b, '[')
	items()
	p.b = append(p.b, ']')
}

// member writes a member that is an object.
func (p *page) member(name string, members func()) { p.name(name); p.object(members) }

// list writes a member that is an array.
func (p *page) list(name string, items func()) { p.name(name); p.array(items) }

// text writes a member that is a string, of one part or several.
func (p *page) text(name string, parts ...string) { p.name(name); p.quote(parts...) }

// some writes a member that is a string, unless it is empty.
func (p *page) some(name, value string) {
	if value != "" {
		p.text(name, value)
	}
}

// orNull writes a member that is a string, or null where it is empty.
func (p *page) orNull(name, value string) {
	if p.name(name); value == "" {
		p.b = append(p.b, "null"...)
		return
	}
	p.quote(value)
}

// account writes a member that is an account's id, or null for nobody.
func (p *page) account(name string, id *wire.Address) {
	if p.name(name); id.IsZero() {
		p.b = append(p.b, "null"...)
		return
	}
	p.b = append(p.b, `"0x`...)
	p.b = append(hex.AppendEncode(p.b, id[:]), '"')
}

// item writes a string as the next value of an array.
func (p *page) item(parts ...string) { p.sep(); p.quote(parts...) }

// empty writes an empty object as the next value.
func (p *page) empty() { p.sep(); p.b = append(p.b, '{', '}') }

// number writes a member that is a number.
func (p *page) number(name string, n uint64) {
	p.name(name)
	p.b = strconv.AppendUint(p.b, n, 10)
}

// boolean writes a member that is true or false.
func (p *page) boolean(name string, is bool) {
	p.name(name)
	p.b = strconv.AppendBool(p.b, is)
}

// quote writes a string of some parts. What steers a terminal or the direction of
// text, or is no UTF-8, becomes U+FFFD: what accounts and registries wrote is shown by
// programs that trust it.
//
// specs/28 RDAP-4: ... without characters that control how others are shown.
func (p *page) quote(parts ...string) {
	p.b = append(p.b, '"')
	for _, s := range parts {
		n := plain(s)
		p.b = append(p.b, s[:n]...)
		p.escape(s[n:])
	}
	p.b = append(p.b, '"')
}

// plain is how many bytes at the start of a text stand in JSON as they are.
func plain(s string) int {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			return i
		}
	}
	return len(s)
}

func (p *page) escape(s string) {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r == '"' || r == '\\':
			p.b = append(p.b, '\\', byte(r))
		case r >= ' ' && r < 0x7f:
			p.b = append(p.b, byte(r))
		case unicode.In(r, unicode.C, unicode.Zl, unicode.Zp):
			p.b = utf8.AppendRune(p.b, utf8.RuneError)
		default:
			p.b = utf8.AppendRune(p.b, r)
		}
	}
}
