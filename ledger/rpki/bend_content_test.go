package rpki

import (
	"crypto/sha256"
	"fmt"
)

// contentMutants bends what the checklist says, signed anew each time.
func (b base) contentMutants() (out []mutant) {
	for _, x := range append(contentBends(), berLengths("content")...) {
		n := tree(b.content)
		x.do(n)
		out = append(out, mutant{why: "content: " + x.why, rule: x.rule, evidence: b.withContent(n.bytes())})
	}
	one := sha256.Sum256(nil)
	many := make([][]byte, FilesMax+1)
	for i := range many {
		many[i] = fileOf("", one[:])
	}
	as := list(0xa0, seq(list(0xa0, list(0x30, asNumber(4200)))))
	ip := list(0xa1, seq(familyOf(1, prefixOf("60.0.4.0/22"))))
	ranges := make([]byte, 0, 8192)
	for i := range ChecklistSpansMax + 1 {
		ranges = append(ranges, prefixOf(fmt.Sprintf("60.%d.%d.0/30", i/128, i%128*2))...)
	}
	wide := seq(seq(as, list(0xa1, seq(familyOf(1, ranges)))), algSHA256, seq(many[0]))
	for _, x := range []struct {
		why, rule string
		content   []byte
	}{
		{"1,025 files", "RPKI-13", contentOf(as, ip, many...)},
		{"no files", "RPKI-13", contentOf(as, ip)},
		{"neither addresses nor AS numbers", "RPKI-13", contentOf(nil, nil, many[0])},
		{"addresses before AS numbers", "RPKI-13", contentOf(ip, as, many[0])},
		{"AS numbers beyond the signer's", "RPKI-15", contentOf(list(0xa0, seq(list(0xa0, list(0x30, asNumber(4201))))), ip, many[0])},
		{"addresses beyond the signer's", "RPKI-15", contentOf(as, list(0xa1, seq(familyOf(1, prefixOf("60.0.0.0/21")))), many[0])},
		{"addresses of the member that the signer has not", "RPKI-15", contentOf(as, list(0xa1, seq(familyOf(1, prefixOf("60.0.8.0/22")))), many[0])},
		{"1,026 ranges", "RPKI-9", wide},
		{"a byte behind", "RPKI-13", append(append([]byte(nil), b.content...), 0)},
		{"nothing", "RPKI-13", nil},
	} {
		out = append(out, mutant{why: "content: " + x.why, rule: x.rule, evidence: b.withContent(x.content)})
	}
	return out
}

// contentBends: down 0 the resources (0 AS numbers, 1 addresses), 1 the digest
// algorithm, 2 the files.
func contentBends() []bend {
	digest := sha256.Sum256(nil)
	name := func(text string) func(n *node) { return on(becomes(tlv(0x16, []byte(text))), 2, 1, 0) }
	return append([]bend{
		{"version 0 written", "RPKI-13", func(n *node) { n.insert(0, &node{raw: list(0xa0, unhex("020100"))}) }},
		{"version 1", "RPKI-13", func(n *node) { n.insert(0, &node{raw: list(0xa0, unhex("020101"))}) }},
		{"SHA-512", "RPKI-4", on(becomes(unhex("300b0609608648016503040203")), 1)},
		{"SHA-256 with parameters", "RPKI-4", on(becomes(unhex("300e0609608648016503040201040100")), 1)},
		{"something behind the files", "RPKI-13", behind},
		{"something behind the resources", "RPKI-13", on(behind, 0)},
		{"an empty file", "RPKI-13", on(becomes(seq()), 2, 0)},
		{"a name without a digest", "RPKI-13", on(drops(1), 2, 1)},
		{"a digest of 31 bytes", "RPKI-13", on(becomes(tlv(4, digest[:31])), 2, 0, 0)},
		{"a digest of 33 bytes", "RPKI-13", on(becomes(tlv(4, append(digest[:32:32], 0))), 2, 0, 0)},
		{"something behind a digest", "RPKI-13", on(behind, 2, 0)},
		{"an empty name", "RPKI-13", name("")},
		{"a name with a slash", "RPKI-13", name("a/b.txt")},
		{"a name with a space", "RPKI-13", name("a b.txt")},
		{"a name of 256 bytes", "RPKI-13", name(string(repeat('a', 256)))},
		{"a name as UTF8String", "RPKI-13", on(becomes(tlv(0x0c, []byte("a.txt"))), 2, 1, 0)},
		{"a name twice", "RPKI-13", func(n *node) { n.at(2).insert(0, &node{raw: fileOf(statement0().FileName(), digest[:])}) }},
		{"AS numbers inherited", "RPKI-9", on(becomes(derNull), 0, 0, 0, 0, 0)},
		{"addresses inherited", "RPKI-9", on(becomes(derNull), 0, 1, 0, 0, 1)},
	}, append(addressBends(0, 1), numberBends(0, 0)...)...)
}

// addressBends bend an IPAddrBlocks whose parent stands down a path, and has
// IPv4 in 60.0.4.0/22 and IPv6.
func addressBends(path ...int) []bend {
	families := func(parts ...[]byte) func(n *node) {
		return on(becomes(seq(parts...)), append(path[:len(path):len(path)], 0)...)
	}
	v4 := func(why string, spans ...[]byte) bend {
		return bend{"addresses: " + why, "RPKI-9", families(familyOf(1, list(0, spans...)[2:]))}
	}
	v6 := familyOf(2, prefixOf("2a00:1::/32"))
	raw := func(text string) []byte { return unhex(text) }
	bends := []bend{
		v4("out of order", prefixOf("60.0.6.0/24"), prefixOf("60.0.4.0/24")),
		v4("one twice", prefixOf("60.0.4.0/24"), prefixOf("60.0.4.0/24")),
		v4("one inside another", prefixOf("60.0.4.0/23"), prefixOf("60.0.5.0/24")),
		v4("two end to end", prefixOf("60.0.4.0/24"), prefixOf("60.0.5.0/24")),
		v4("a range end to end with a prefix", prefixOf("60.0.4.0/24"), rangeOf("60.0.5.0/24", "60.0.6.0/24")),
		v4("a range that is a prefix", seq(raw("0304003c0004"), raw("0304003c0005"))),
		v4("a range with its ends in the wrong order", seq(raw("0304003c0006"), raw("0304003c0004"))),
		v4("a range with zeros that could be left out", seq(raw("0305003c000400"), raw("0304003c0006"))),
		v4("a range with ones that could be left out", seq(raw("0304023c0004"), raw("0305003c0006ff"))),
		v4("a range with one end", seq(raw("0304023c0004"))),
		v4("a range with three ends", seq(raw("0304023c0004"), raw("0304003c0006"), raw("0304003c0006"))),
		v4("a prefix of 33 bits", raw("0306073c00040080")),
	}
	more := []bend{
		{"addresses: unused bits set", "RPKI-3", families(familyOf(1, raw("0304023c0005")))},
		{"addresses: eight unused bits", "RPKI-3", families(familyOf(1, raw("0304083c0004")))},
		{"addresses: an empty bit string", "RPKI-3", families(familyOf(1, raw("0300")))},
		{"addresses: a bit string with nothing but unused bits", "RPKI-3", families(familyOf(1, raw("030101")))},
		{"addresses: an empty list of a family", "RPKI-9", families(familyOf(1, nil))},
		{"addresses: no family", "RPKI-9", families()},
		{"addresses: IPv6 before IPv4", "RPKI-9", families(v6, familyOf(1, prefixOf("60.0.4.0/22")))},
		{"addresses: IPv6 twice", "RPKI-9", families(v6, v6)},
		{"addresses: family 3", "RPKI-9", families(seq(unhex("04020003"), seq(prefixOf("60.0.4.0/22"))))},
		{"addresses: a subsequent family", "RPKI-9", families(seq(unhex("0403000101"), seq(prefixOf("60.0.4.0/22"))))},
		{"addresses: a family of one byte", "RPKI-9", families(seq(unhex("040101"), seq(prefixOf("60.0.4.0/22"))))},
		{"addresses: something behind a family", "RPKI-9", families(seq(unhex("04020001"), seq(prefixOf("60.0.4.0/22")), derNull))},
		{"addresses: a number among prefixes", "RPKI-9", families(familyOf(1, asNumber(1)))},
	}
	return append(bends, more...)
}

// numberBends bend an ASIdentifiers whose parent stands down a path.
func numberBends(path ...int) []bend {
	choice := func(der []byte) func(n *node) {
		return on(becomes(seq(list(0xa0, der))), append(path[:len(path):len(path)], 0)...)
	}
	of := func(why string, spans ...[]byte) bend {
		return bend{"AS numbers: " + why, "RPKI-9", choice(seq(spans...))}
	}
	return []bend{
		of("out of order", asNumber(4210), asNumber(4200)),
		of("end to end", asNumber(4200), asNumber(4201)),
		of("overlapping", asRangeBody(4210, 4219), asNumber(4215)),
		of("a range of one", asRangeBody(4200, 4200)),
		of("a range with its ends in the wrong order", asRangeBody(4219, 4210)),
		of("a number of 33 bits", unhex("02050100000000")),
		{"AS numbers: a negative number", "RPKI-9", choice(seq(unhex("0201ff")))},
		{"AS numbers: a leading zero", "RPKI-3", choice(seq(unhex("02020001")))},
		{"AS numbers: an empty list", "RPKI-9", choice(seq())},
		{"AS numbers: routing domains too", "RPKI-9", on(becomes(seq(list(0xa0, seq(asNumber(4200))), list(0xa1, seq(asNumber(1))))), append(path[:len(path):len(path)], 0)...)},
		{"AS numbers: routing domains alone", "RPKI-9", on(becomes(seq(list(0xa1, seq(asNumber(4200))))), append(path[:len(path):len(path)], 0)...)},
		{"AS numbers: a prefix among numbers", "RPKI-9", choice(seq(prefixOf("60.0.4.0/22")))},
	}
}
