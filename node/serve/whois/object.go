package whois

import (
	"strings"
	"unicode/utf8"
)

// Classes of objects, and by which attributes some are found.
var (
	classes           = []string{"as-block", "aut-num", "domain", "inet6num", "inetnum", "organisation", "route", "route6"}
	inverseAttributes = []string{"org", "origin"}
)

// attribute is one line of an object.
type attribute struct{ name, value string }

// object is an RPSL object (RFC 2622, Section 2): the first attribute names its class
// and with the keys it alone.
type object []attribute

// add adds an attribute that has a name and a value.
func (o *object) add(name, value string) {
	if name != "" && value != "" {
		*o = append(*o, attribute{name, value})
	}
}

// remark adds what RPSL has no attribute for.
func (o *object) remark(word, value string) {
	if value != "" {
		*o = append(*o, attribute{"remarks", word + ": " + value})
	}
}

// form is how objects are written.
type form struct{ brief, keys bool }

// shorts are the names of attributes in brief form.
var shorts = map[string]string{
	"as-block": "ak", "as-name": "aa", "aut-num": "an", "country": "cy", "created": "cr", "descr": "de", "domain": "dn", "ds-rdata": "ds", "geofeed": "gf",
	"inet6num": "i6", "inetnum": "in", "max-length": "ml", "netname": "na", "nserver": "ns", "org": "og", "org-name": "on", "organisation": "oa",
	"origin": "or", "remarks": "rm", "route": "rt", "route6": "r6", "source": "so", "status": "st",
}

// valuesAt is the column at which values begin.
const valuesAt = 16

// append writes the object, and an empty line after it.
//
// specs/29 WHOIS-5: Each attribute MUST stand on one line: whatever would end it, hide
// it or turn it round is written as a question mark.
func (o object) append(b []byte, f form) []byte {
	for i, a := range o {
		if f.keys && i > 0 && a.name != "origin" {
			continue
		}
		from := len(b)
		if f.brief {
			b = append(append(append(b, '*'), shorts[a.name]...), ": "...)
		} else {
			b = append(append(b, a.name...), ':', ' ')
			for len(b)-from < valuesAt {
				b = append(b, ' ')
			}
		}
		b = append(append(b, clean(a.value)...), '\n')
	}
	return append(b, '\n')
}

// clean is text that stands on one line and shows all that it is.
func clean(text string) string {
	plain := true
	for i := range len(text) {
		plain = plain && text[i] >= ' ' && text[i] < 0x7f
	}
	if plain || !strings.ContainsFunc(text, unsafe) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if unsafe(r) {
			return '?'
		}
		return r
	}, text)
}

// unsafe are characters that end lines, are invalid or control what stands around
// them: directions, and what has no width.
func unsafe(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0, r == utf8.RuneError:
		return true
	case r == 0xad, r == 0x61c, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff:
		return true
	}
	return false
}
