package chain

import (
	"bytes"
	"cmp"
	"slices"
)

// makeMalformed is bytes that a decoder refuses, each with the rule.
func makeMalformed() []malformedVector {
	base := four()
	var out []malformedVector
	add := func(kind, rule, why string, raw []byte) {
		out = append(out, malformedVector{Why: why, Kind: kind, Bytes: raw, Rule: rule})
	}
	rules := map[string]string{
		"last block without parts": "CHAIN-4", "last block without hash": "CHAIN-4",
		"no block": "CHAIN-4", "block without parts": "CHAIN-4",
	}
	header := func(why string, change func(h *Header)) {
		h := base.header
		change(&h)
		add("header", cmp.Or(rules[why], "CHAIN-1"), why, h.Bytes())
	}
	set := func(why string, change func(s ValidatorSet) ValidatorSet) {
		add("set", "CHAIN-5", why, change(slices.Clone(base.set)).Bytes())
	}
	certificate := func(why string, change func(c *Certificate)) {
		s := four()
		change(&s.cert)
		add("certificate", cmp.Or(rules[why], "CHAIN-7"), why, s.cert.Bytes())
	}
	before := int64(-1)

	header("another block version", func(h *Header) { h.Version.Block = 12 })
	header("no chain id", func(h *Header) { h.ChainID = "" })
	header("chain id of 51 bytes", func(h *Header) { h.ChainID = string(bytes.Repeat([]byte("x"), 51)) })
	header("chain id that is not UTF-8", func(h *Header) { h.ChainID = "\xff" })
	header("height 0", func(h *Header) { h.Height = 0 })
	header("height 2^63", func(h *Header) { h.Height = 1 << 63 })
	header("time before 1970", func(h *Header) { h.Time.Seconds = uint64(before) })
	header("time in the year 10000", func(h *Header) { h.Time.Seconds = secondsMax + 1 })
	header("a whole second of nanoseconds", func(h *Header) { h.Time.Nanos = 1e9 })
	header("last block without parts", func(h *Header) { h.LastBlock.Total = 0 })
	header("last block without hash", func(h *Header) { h.LastBlock.Hash = [32]byte{} })

	set("no validator", func(s ValidatorSet) ValidatorSet { return nil })
	set("another algorithm", func(s ValidatorSet) ValidatorSet { s[0].Alg = 2; return s })
	set("no power", func(s ValidatorSet) ValidatorSet { s[3].Power = 0; return s })
	set("too much power together", func(s ValidatorSet) ValidatorSet { s[0].Power = PowerMax; return s })
	set("power that overflows 64 bits", func(s ValidatorSet) ValidatorSet { s[0].Power, s[1].Power = 1<<63, 1<<63; return s })
	set("a key twice", func(s ValidatorSet) ValidatorSet { s[0].Power, s[1] = 2, s[0]; return s })
	set("addresses not rising", func(s ValidatorSet) ValidatorSet { slices.Reverse(s); return s })
	set("powers not falling", func(s ValidatorSet) ValidatorSet { s[3].Power = 9; return s })

	certificate("height 0", func(c *Certificate) { c.Height = 0 })
	certificate("height 2^63", func(c *Certificate) { c.Height = 1 << 63 })
	certificate("round 2^31", func(c *Certificate) { c.Round = 1 << 31 })
	certificate("no block", func(c *Certificate) { c.Block = BlockID{} })
	certificate("block without parts", func(c *Certificate) { c.Block.Total = 0 })
	certificate("no slot", func(c *Certificate) { c.Slots = nil })
	certificate("flag 0", func(c *Certificate) { c.Slots[0].Flag = 0 })
	certificate("flag 4", func(c *Certificate) { c.Slots[0].Flag = 4 })
	certificate("absent with a signature", func(c *Certificate) { c.Slots[0].Flag, c.Slots[0].Time = Absent, Time{} })
	certificate("absent with a time", func(c *Certificate) { c.Slots[0].Flag, c.Slots[0].Sig = Absent, nil })
	certificate("signature of 63 bytes", func(c *Certificate) { c.Slots[0].Sig = c.Slots[0].Sig[:63] })
	certificate("signature of 65 bytes", func(c *Certificate) { c.Slots[0].Sig = append(c.Slots[0].Sig, 0) })
	certificate("no signature", func(c *Certificate) { c.Slots[0].Sig = nil })
	certificate("a whole second of nanoseconds", func(c *Certificate) { c.Slots[0].Time.Nanos = 1e9 })
	certificate("time in the year 0", func(c *Certificate) { y := int64(secondsMin - 1); c.Slots[0].Time.Seconds = uint64(y) })
	certificate("201 slots", func(c *Certificate) { c.Slots = slices.Repeat([]Slot{{Flag: Absent}}, 201) })

	add("header", "CHAIN-3", "a byte after the end", append(base.header.Bytes(), 0))
	add("header", "CHAIN-3", "a byte short", base.header.Bytes()[:len(base.header.Bytes())-1])
	add("header", "CHAIN-3", "longer than a header can be", make([]byte, HeaderBytesMax+1))
	add("set", "CHAIN-3", "a byte after the end", append(base.set.Bytes(), 0))
	add("certificate", "CHAIN-3", "a byte after the end", append(base.cert.Bytes(), 0))
	add("inclusion", "CHAIN-3", "an index with a leading zero", []byte{0xc5, 0x82, 0, 1, 2, 0xc0})
	add("inclusion", "CHAIN-16", "an index at the size", Inclusion{Index: 2, Size: 2}.Bytes())
	add("inclusion", "CHAIN-16", "a size of 2^63", Inclusion{Size: 1 << 63}.Bytes())
	add("consistency", "CHAIN-19", "a log that shrinks", Consistency{Old: 2, New: 1}.Bytes())
	add("consistency", "CHAIN-19", "a size of 2^63", Consistency{New: 1 << 63}.Bytes())
	add("frontier", "CHAIN-18", "a root too few", Frontier{Size: 3, Roots: Frontier{}.Append([32]byte{1}).Roots}.Bytes())
	add("frontier", "CHAIN-18", "a size of 2^63", Frontier{Size: 1 << 63, Roots: Frontier{}.Append([32]byte{1}).Roots}.Bytes())
	return out
}
