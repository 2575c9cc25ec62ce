package chain

import (
	"crypto/ed25519"
	"encoding/hex"
	"slices"
	"strings"

	"ipledger/ledger/wire"
	"ipledger/specs/frozen"
)

func unhex(text string) []byte {
	raw, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	return raw
}

// smallOrder is the 14 encodings of the 8 points of small order: 8 reduced
// ones, and 6 that are not.
func smallOrder() [][]byte {
	z, f := strings.Repeat("00", 30), strings.Repeat("ff", 30)
	var out [][]byte
	for _, text := range []string{
		"01" + z + "00", "ec" + f + "7f", "00" + z + "00", "00" + z + "80",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
		"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
		"01" + z + "80", "ec" + f + "ff", "ee" + f + "7f", "ee" + f + "ff", "ed" + f + "7f", "ed" + f + "ff",
	} {
		out = append(out, unhex(text))
	}
	return out
}

func makeVectors() vectors {
	v := vectors{Chapter: "06", Signatures: makeSignatures(), Malformed: makeMalformed()}
	for _, c := range certificateCases() {
		s := c.make()
		cv := certificateVector{Why: c.why, ChainID: s.chainID, Set: s.set.Bytes(), Header: s.header.Bytes(),
			Certificate: s.cert.Bytes(), Valid: c.rule == "", Rule: c.rule}
		if len(s.trusted) > 0 {
			cv.Trusted = s.trusted.Bytes()
		}
		v.Certificates = append(v.Certificates, cv)
		if c.rule == "" && len(s.trusted) == 0 {
			v.Headers = append(v.Headers, hashVector{c.why, s.header.Bytes(), s.header.Hash()})
			v.Sets = append(v.Sets, hashVector{c.why, s.set.Bytes(), s.set.Hash()})
			v.SignBytes = append(v.SignBytes, signBytesVector{c.why, s.chainID, s.cert.Bytes(), 0, s.cert.SignBytes(s.chainID, 0)})
		}
	}
	makeBodies(&v)
	makeLog(&v)
	v.Commits = commitCases()
	v.App = []appVector{{hashOf("state"), hashOf("log"), AppHash(hashOf("state"), hashOf("log"))}}
	return v
}

func makeSignatures() []signatureVector {
	k := key("0")
	pub, msg := []byte(k.Public().(ed25519.PublicKey)), []byte("a vote")
	sig, zero := ed25519.Sign(k, msg), make([]byte, 32)
	points := smallOrder()
	one := points[0]
	out := []signatureVector{
		{"plain", pub, msg, sig, true},
		{"another message", pub, []byte("a veto"), sig, false},
		{"S + L in place of S", pub, msg, plusOrder(sig), false},
		{"S = L, which is 0", one, msg, slices.Concat(one, toLittle(order)), false},
		{"S = L - 1", one, msg, slices.Concat(one, unhex("ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")), false},
		{"S all ones", one, msg, slices.Concat(one, unhex(strings.Repeat("ff", 32))), false},
		{"a key that is no point", unhex("02" + strings.Repeat("00", 31)), msg, slices.Concat(one, zero), false},
		{"an R that is no point", pub, msg, signWithR(k, unhex("02"+strings.Repeat("00", 31)), msg), false},
		{"a sign bit flipped in the key", slices.Concat(pub[:31], []byte{pub[31] ^ 0x80}), msg, sig, false},
	}
	for i, p := range points {
		why := "small order"
		if i >= 8 {
			why = "small order, not reduced"
		}
		out = append(out,
			signatureVector{"key of " + why + ", R too", p, msg, slices.Concat(points[13-i], zero), true},
			signatureVector{"R of " + why, pub, msg, signWithR(k, p, msg), true})
	}
	return out
}

func makeBodies(v *vectors) {
	var acts [][]byte
	var results []Result
	for i := 0; i <= 7; i++ {
		d, r := dataVector{Acts: []frozen.Octets{}, Hash: DataHash(acts)}, resultsVector{Results: []resultVector{}, Hash: ResultsHash(results)}
		for k := range acts {
			d.Acts = append(d.Acts, acts[k])
			r.Results = append(r.Results, resultVector{results[k].Code, results[k].Data})
		}
		v.Data, v.Results = append(v.Data, d), append(v.Results, r)
		acts = append(acts, []byte(strings.Repeat("act", i)))
		results = append(results, Result{Code: uint32(i * i * 100), Data: []byte(strings.Repeat("receipt", (i*20)%7))})
	}
}

func makeLog(v *vectors) {
	var leaves []wire.Hash
	var f Frontier
	v.Log.Frontiers = append(v.Log.Frontiers, hashVector{"0 blocks", f.Bytes(), f.Root()})
	roots := []wire.Hash{f.Root()}
	for i := range 11 {
		b := blockVector{Height: uint64(i*i + 1), Header: hashOf("header " + string(rune('a'+i)))}
		b.Leaf = LogLeaf(b.Height, b.Header)
		v.Log.Blocks, leaves, f = append(v.Log.Blocks, b), append(leaves, b.Leaf), f.Append(b.Leaf)
		v.Log.Frontiers, roots = append(v.Log.Frontiers, hashVector{"one block more", f.Bytes(), f.Root()}), append(roots, f.Root())
	}
	for i := range leaves {
		p := ProveInclusion(leaves, uint64(i))
		v.Inclusion = append(v.Inclusion, proofVector{"in its place", leaves[i], roots[11], p.Bytes(), true})
	}
	for i := range roots {
		p := ProveConsistency(leaves, uint64(i))
		v.Consistency = append(v.Consistency, proofVector{"an earlier log", roots[i], roots[11], p.Bytes(), true})
	}
	v.Inclusion = append(v.Inclusion, badInclusion(leaves, roots[11])...)
	v.Consistency = append(v.Consistency, badConsistency(leaves, roots)...)
}

func badInclusion(leaves []wire.Hash, root wire.Hash) []proofVector {
	var out []proofVector
	bad := func(why string, leaf, root wire.Hash, change func(p *Inclusion)) {
		p := ProveInclusion(leaves, 6)
		change(&p)
		out = append(out, proofVector{why, leaf, root, p.Bytes(), false})
	}
	bad("another leaf", leaves[5], root, func(p *Inclusion) {})
	bad("another root", leaves[6], hashOf("root"), func(p *Inclusion) {})
	bad("another index", leaves[6], root, func(p *Inclusion) { p.Index = 7 })
	bad("another size", leaves[6], root, func(p *Inclusion) { p.Size = 7 })
	bad("a hash changed", leaves[6], root, func(p *Inclusion) { p.Path[0][0] ^= 1 })
	bad("a hash left out", leaves[6], root, func(p *Inclusion) { p.Path = p.Path[1:] })
	bad("a hash too many", leaves[6], root, func(p *Inclusion) { p.Path = append(p.Path, hashOf("more")) })
	bad("two hashes swapped", leaves[6], root, func(p *Inclusion) { p.Path[0], p.Path[1] = p.Path[1], p.Path[0] })
	return out
}

func badConsistency(leaves, roots []wire.Hash) []proofVector {
	var out []proofVector
	bad := func(why string, old, now wire.Hash, change func(p *Consistency)) {
		p := ProveConsistency(leaves, 6)
		change(&p)
		out = append(out, proofVector{why, old, now, p.Bytes(), false})
	}
	now := roots[11]
	bad("another old root", roots[5], now, func(p *Consistency) {})
	bad("another new root", roots[6], roots[10], func(p *Consistency) {})
	bad("another old size", roots[6], now, func(p *Consistency) { p.Old = 5 })
	bad("another new size", roots[6], now, func(p *Consistency) { p.New = 20 })
	bad("a hash changed", roots[6], now, func(p *Consistency) { p.Path[0][0] ^= 1 })
	bad("a hash left out", roots[6], now, func(p *Consistency) { p.Path = p.Path[1:] })
	bad("a hash too many", roots[6], now, func(p *Consistency) { p.Path = append(p.Path, hashOf("more")) })
	bad("no log before, yet a root", roots[6], now, func(p *Consistency) { p.Old, p.Path = 0, nil })
	bad("no log before, yet a hash", roots[0], now, func(p *Consistency) { p.Old, p.Path = 0, p.Path[:1] })
	bad("the same size, another root", roots[6], now, func(p *Consistency) { p.New, p.Path = 6, nil })
	bad("the same size, yet a hash", roots[6], roots[6], func(p *Consistency) { p.New, p.Path = 6, p.Path[:1] })
	bad("no log before or after, yet a root", roots[0], now, func(p *Consistency) { p.Old, p.New, p.Path = 0, 0, nil })
	return out
}
