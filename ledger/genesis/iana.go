package genesis

import (
	"fmt"
	"slices"
	"strings"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

const nobody = 0xff

// registryOf is the index of a registry's name, which is its rank by name and its
// number inside this package, or nobody.
func registryOf(name string) uint8 {
	if i, ok := record.RegistryOf(name); ok {
		return uint8(i)
	}
	return nobody
}

// marks name a registry in the tables below; a capital is legacy space.
const marks = "fpnlr"

// slashEights says for each IPv4 /8 which registry IANA names for it: f
// AFRINIC, p APNIC, n ARIN, l LACNIC, r RIPE NCC, - none. A capital marks space
// that IANA calls LEGACY. Source: IANA IPv4 Address Space Registry, 2021-04.
const slashEights = "" +
	"-prNNrNNNN-NNNpN" + "NNNNNNNnnRNpNNNr" + // 0/8 to 31/8
	"NNNNprNpNfpPNNrN" + "NpnRNRNNNRpppprn" +
	"nnnnnnnnnnnnnrrr" + "rrrrrrrrrrrrrrrr" + // 64/8 to 95/8
	"nnnnnpfpnfpnnrpp" + "ppppppppppppppp-" +
	"NNNNNPNNNNNNNRNN" + "NRNNNNPRNPFNNNNN" + // 128/8 to 159/8
	"NNNPNNNNNNNPNnnp" + "rlrlplppnrllRllL" +
	"NrrrFfNnllppnnnn" + "nnpprrNNnrpppppp" + // 192/8 to 223/8
	"----------------" + "----------------"

// sixes says which registry IANA gave IPv6 blocks to. Source: IANA IPv6 Global
// Unicast Address Assignments, 2020-10, and 2410::/12 of 2024.
const sixes = "2001:200::/23 p 2001:400::/23 n 2001:600::/23 r 2001:800::/22 r 2001:c00::/23 p " +
	"2001:e00::/23 p 2001:1200::/23 l 2001:1400::/22 r 2001:1800::/23 n 2001:1a00::/23 r " +
	"2001:1c00::/22 r 2001:2000::/19 r 2001:4000::/23 r 2001:4200::/23 f 2001:4400::/23 p " +
	"2001:4600::/23 r 2001:4800::/23 n 2001:4a00::/23 r 2001:4c00::/23 r 2001:5000::/20 r " +
	"2001:8000::/19 p 2001:a000::/20 p 2001:b000::/20 p 2003::/18 r 2400::/12 p 2410::/12 p " +
	"2600::/12 n 2610::/23 n 2620::/23 n 2630::/12 n 2800::/12 l 2a00::/12 r 2a10::/12 r 2c00::/12 f"

// numbers says which registry IANA gave AS numbers to, as the first number of
// each run. Source: IANA Autonomous System (AS) Numbers, 2019-09; from AS131072
// on, the runs that IANA draws each registry's later blocks from.
const numbers = "0 - 1 n 1877 r 1902 n 2043 r 2044 n 2047 r 2048 n 2107 r 2137 n 2585 r 2615 n 2773 r 2823 p " +
	"2830 r 2880 n 3154 r 3354 n 4608 p 4866 n 5377 r 5632 n 6656 r 6912 n 7467 p 7723 n 8192 r " +
	"9216 p 10240 n 12288 r 13312 n 15360 r 16384 n 17408 p 18432 n 20480 r 21504 n 23456 - 23457 n " +
	"23552 p 24576 r 25600 n 27648 l 28672 r 29696 n 30720 r 31744 n 32768 r 35840 n 36864 f 37888 p " +
	"38912 r 39936 n 40960 r 45056 p 46080 n 47104 r 52224 l 53248 n 55296 p 56320 r 58368 p 59392 r " +
	"61440 l 61952 r 62464 n 63488 p 64099 l 64198 n 64297 p 64396 r 64496 - 131072 p 196608 r " +
	"262144 l 327680 f 393216 n 458752 -"

// grant is a run of numbers that IANA gave to one registry.
type grant struct {
	span
	registry uint8
	legacy   bool
}

// grants are ascending and disjoint within a family.
var grants = [3][]grant{readFours(), readSixes(), readNumbers()}

func markOf(c byte) (registry uint8, legacy bool) {
	lower := c | 0x20
	if i := strings.IndexByte(marks, lower); i >= 0 && c != '-' {
		return uint8(i), c != lower
	}
	return nobody, false
}

func readFours() []grant {
	var out []grant
	for i := range 256 {
		first := number{lo: uint64(i) << 24}
		g := grant{span: span{wire.IPv4, first, number{lo: first.lo | 0xffffff}}}
		g.registry, g.legacy = markOf(slashEights[i])
		out = append(out, g)
	}
	return out
}

func readSixes() []grant {
	var out []grant
	words := strings.Fields(sixes)
	for i := 0; i < len(words); i += 2 {
		r, err := inr.Parse(words[i])
		if err != nil {
			panic(err)
		}
		first, last := inr.Ends(r)
		g := grant{span: span{wire.IPv6, right(wire.IPv6, first), right(wire.IPv6, last)}}
		g.registry, _ = markOf(words[i+1][0])
		out = append(out, g)
	}
	return out
}

func readNumbers() []grant {
	var out []grant
	words := strings.Fields(numbers)
	for i := 0; i < len(words); i += 2 {
		g := grant{span: span{family: wire.ASN, last: number{lo: 1<<32 - 1}}}
		if _, err := fmt.Sscan(words[i], &g.first.lo); err != nil {
			panic(err)
		}
		g.registry, _ = markOf(words[i+1][0])
		if i > 0 {
			out[len(out)-1].last = g.first.prior()
		}
		out = append(out, g)
	}
	return out
}

// fits reports whether IANA gave every number of s to the registry, and whether
// all of them lie in legacy space.
//
// specs/08 GEN-7: A row fits when IANA's table names its registry for every
// number of it; a row that does not fit is ranked lower and never refused for it.
func fits(s span, registry uint8) (fit, legacy bool) {
	table := grants[s.family]
	i, _ := slices.BinarySearchFunc(table, s.first, func(g grant, n number) int { return g.last.compare(n) })
	fit, legacy = true, true
	for at := s.first; ; i++ {
		if i == len(table) || at.less(table[i].first) {
			return false, false
		}
		fit = fit && (table[i].registry == registry || table[i].legacy)
		legacy = legacy && table[i].legacy
		if !table[i].last.less(s.last) {
			return fit, legacy
		}
		at = table[i].last.next()
	}
}
