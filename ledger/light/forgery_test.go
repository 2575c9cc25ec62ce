package light

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/chain"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// forgery is a file that somebody made to be believed, the trust file it is shown
// to, and the rule that refuses it.
type forgery struct {
	name, rule string
	trust      *Trust // nil for the usual one
	raw        []byte
}

// forger makes forgeries of good files.
type forger struct {
	t     *testing.T
	files map[string]*File
	c     committee
	list  []forgery
}

// put adds a forgery whose bytes are given.
func (g *forger) put(name, rule string, trust *Trust, raw []byte) {
	g.list = append(g.list, forgery{name, rule, trust, raw})
}

// alter adds a copy of a good file, changed.
func (g *forger) alter(of, name, rule string, change func(*File)) {
	f := g.copy(of)
	change(f)
	g.put(name, rule, nil, f.Bytes())
}

// copy is a good file whose parts can be changed.
func (g *forger) copy(of string) *File {
	f, err := Parse(g.files[of].Bytes())
	if err != nil {
		g.t.Fatal(err)
	}
	return f
}

// text adds a good file whose text is changed.
func (g *forger) text(name, rule, from, to string) {
	good := string(g.files["resource"].Bytes())
	if !strings.Contains(good, from) {
		g.t.Fatalf("%s: the case changes nothing", name)
	}
	g.put(name, rule, nil, []byte(strings.Replace(good, from, to, 1)))
}

// signed adds the file of a query whose source was changed; sign makes its certificate.
func (g *forger) signed(name, rule string, trust *Trust, change func(*Source), sign func(*Source) chain.Certificate) {
	s := source(g.c, world(g.t), nil)
	r := parse(g.t, "193.0.8.1/32")
	f, err := s.Resource(r)
	f = file(g.t, f, err)
	change(&s)
	s.Certificate = sign(&s)
	f.Block, f.Header, f.Certificate, f.Validators = s.Block.Bytes(), s.Next.Bytes(), s.Certificate.Bytes(), s.Validators.Bytes()
	f.ChainID, f.Height, f.Steps = s.Next.ChainID, s.Block.Height, append([]Step{}, s.Steps...)
	f.Resource = s.resourcePart(r)
	g.put(name, rule, trust, f.Bytes())
}

func (g *forger) all(s *Source) chain.Certificate { return g.c.certify(s.Next, 0) }

// forgeries are the ways in which a proof file can be made to lie, each refused by
// a rule; another implementation finds them in specs/vectors/proofs.json.
func forgeries(t *testing.T) []forgery {
	files, _ := samples(t)
	g := &forger{t: t, files: files, c: newCommittee(1, 4)}
	g.form()
	g.packed()
	g.signatures()
	g.headers()
	g.chains()
	g.paths()
	g.records()
	g.pages()
	g.acts()
	slices.SortStableFunc(g.list, func(a, b forgery) int { return strings.Compare(a.name, b.name) }) // the tables above have no order
	return g.list
}

// packed is a binary form written in many ways.
func (g *forger) packed() {
	good := g.files["as number"].Binary()
	put := func(name, rule string, change func(*File)) {
		f, err := Parse(good)
		if err != nil {
			g.t.Fatal(err)
		}
		change(f)
		g.put("binary: "+name, rule, nil, f.Binary())
	}
	g.put("binary: bytes behind the end", "PRF-21", nil, append(bytes.Clone(good), 0))
	g.put("binary: the last byte left out", "PRF-21", nil, good[:len(good)-1])
	g.put("binary: a later format", "PRF-2", nil, bytes.Replace(good, []byte("/1\x00"), []byte("/2\x00"), 1))
	g.put("binary: the mark alone", "PRF-21", nil, []byte(binaryMark))
	put("more steps than there may be", "PRF-21", func(f *File) { f.Steps = make([]Step, StepsMax+1) })
	put("a chain id that is not UTF-8", "PRF-21", func(f *File) { f.ChainID = "proof\xfftest" })
	put("an act's part that is empty", "PRF-12", func(f *File) { f.Kind, f.Act = KindAct, new(ActPart) })
	put("the words of another statement", "PRF-13", func(f *File) { f.untold = &wire.Hash{1} })
	put("the neighbour's absence, which the same proof shows", "PRF-13", func(f *File) { f.Resource.Query = "AS3332" })
	put("another height", "PRF-5", func(f *File) { f.Height++ })
	put("another chain's genesis hash", "PRF-6", func(f *File) { f.GenesisHash[0]++ })
	g.put("binary: a kind that there is not", "PRF-21", nil, bytes.Replace(good, []byte("resource"), []byte("resourcf"), 1))
	g.put("binary: the part of another kind", "PRF-21", nil, bytes.Replace(good, []byte("resource"), []byte("holdings"), 1))
}

// form is one file written in many ways.
func (g *forger) form() {
	good := g.files["resource"].Bytes()
	g.put("bytes behind the end", "PRF-2", nil, append(bytes.Clone(good), ' '))
	g.put("a second file behind the first", "PRF-2", nil, append(bytes.Clone(good), good...))
	g.put("a mark of byte order in front", "PRF-2", nil, append([]byte("\ufeff"), good...))
	g.put("bytes that are not UTF-8", "PRF-2", nil, bytes.Replace(good, []byte("lies in"), []byte("lies\xffin"), 1))
	g.put("lines that end as on other systems", "PRF-2", nil, bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")))
	g.text("a field that is unknown", "PRF-2", `  "block"`, "  \"note\": \"true\",\n  \"block\"")
	g.text("an unknown field in the part", "PRF-2", `    "query"`, "    \"note\": \"\",\n    \"query\"")
	g.text("a field twice, the first a lie", "PRF-2", `  "height"`, "  \"height\": \"40\",\n  \"height\"")
	g.text("a field twice, alike", "PRF-2", `  "chain_id": "proof-test",`, "  \"chain_id\": \"proof-test\",\n  \"chain_id\": \"proof-test\",")
	g.text("fields in another order", "PRF-2", "  \"format\": \"ipledger-proof/1\",\n  \"kind\": \"resource\",", "  \"kind\": \"resource\",\n  \"format\": \"ipledger-proof/1\",")
	g.text("digits in upper case", "PRF-2", `"block": "f`, `"block": "F`)
	g.text("a height that is a number", "PRF-2", `"height": "41"`, `"height": 41`)
	g.text("a height with a zero in front", "PRF-2", `"height": "41"`, `"height": "041"`)
	g.text("a height in other digits", "PRF-2", `"height": "41"`, `"height": "4e1"`)
	g.text("an escape that need not be", "PRF-2", "After block", `\u0041fter block`)
	g.text("a slash that is escaped", "PRF-2", "ipledger-proof/1", `ipledger-proof\/1`)
	g.text("three spaces for two", "PRF-2", "\n  \"kind\"", "\n   \"kind\"")
	g.text("steps that are null", "PRF-2", `"steps": []`, `"steps": null`)
	for of, list := range map[string]string{"unregistered": "records", "holdings by grant and lease": "titles", "holdings": "estates"} {
		raw := string(g.files[of].Bytes())
		if !strings.Contains(raw, list+`": []`) {
			g.t.Fatalf("%s has %s", of, list)
		}
		g.put("an empty list, "+list+", as null", "PRF-2", nil, []byte(strings.Replace(raw, list+`": []`, list+`": null`, 1)))
	}
	g.text("a query that is no text", "PRF-2", `"query": "193.0.8.1/32"`, `"query": {}`)
	g.text("digits that are odd", "PRF-2", `"block": "f`, `"block": "`)
	g.text("a root that is short", "PRF-2", `"state_root": "`, `"state_root": "00`)
	g.text("steps beside which stands nothing", "PRF-2", ",\n  \"steps\": []", "")
	g.text("a later format", "PRF-2", "ipledger-proof/1", "ipledger-proof/2")
	g.text("a kind that there is not", "PRF-2", `"kind": "resource"`, `"kind": "holder"`)
	g.alter("resource", "more steps than there may be", "PRF-2", func(f *File) { f.Steps = make([]Step, StepsMax+1) })
}

// signatures are certificates that do not say what they should.
func (g *forger) signatures() {
	next := source(g.c, world(g.t), nil).Next
	good := g.c.certify(next, 0)
	slots := func(change func([]chain.Slot)) chain.Certificate {
		c := good
		c.Slots = slices.Clone(good.Slots)
		change(c.Slots)
		return c
	}
	for name, c := range map[string]chain.Certificate{
		"two of four signed": g.c.certify(next, 2),
		"one signature in every place": slots(func(s []chain.Slot) {
			for i := range s {
				s[i] = s[0]
			}
		}),
		"two signatures change places":       slots(func(s []chain.Slot) { s[0], s[1] = s[1], s[0] }),
		"a signature a place further":        slots(func(s []chain.Slot) { s[0].Sig, s[1].Sig = s[1].Sig, s[0].Sig }),
		"signatures of small order":          slots(func(s []chain.Slot) { smallOrder(s, 1) }),
		"signatures of zeros":                slots(func(s []chain.Slot) { smallOrder(s, 0) }),
		"votes for nothing counted as votes": slots(func(s []chain.Slot) { s[2].Flag, s[3].Flag = chain.VotedNil, chain.VotedNil }),
		"a time that was not signed":         slots(func(s []chain.Slot) { s[0].Time.Nanos++ }),
		"an absent one with a signature":     slots(func(s []chain.Slot) { s[0].Flag = chain.Absent }),
		"one place less":                     {Height: good.Height, Round: good.Round, Block: good.Block, Slots: good.Slots[:3]},
		"another round":                      {Height: good.Height, Round: 1, Block: good.Block, Slots: good.Slots},
		"another height":                     {Height: good.Height + 1, Block: good.Block, Slots: good.Slots},
		"of another block":                   {Height: good.Height, Block: chain.BlockID{Hash: wire.Hash{7}, Total: 1, Parts: wire.Hash{8}}, Slots: good.Slots},
		"signatures over another's block":    g.certificateOfOther(next),
	} {
		g.alter("resource", "certificate: "+name, "PRF-4", func(f *File) { f.Certificate = c.Bytes() })
	}
	g.alter("resource", "certificate: bytes behind it", "PRF-4", func(f *File) { f.Certificate = append(f.Certificate, 0) })
	g.alter("resource", "certificate: cut short", "PRF-4", func(f *File) { f.Certificate = f.Certificate[:len(f.Certificate)-1] })
}

// smallOrder puts signatures in place that hold under a key of small order whatever
// was signed: R the neutral element, or bytes without meaning, and s zero.
func smallOrder(slots []chain.Slot, first byte) {
	for i := range slots {
		slots[i].Sig = make([]byte, 64)
		slots[i].Sig[0] = first
	}
}

func (g *forger) certificateOfOther(next chain.Header) chain.Certificate {
	other := next
	other.Time.Seconds++
	c := g.c.certify(other, 0)
	c.Block.Hash = next.Hash()
	return c
}

// headers are what was signed, changed after it was.
func (g *forger) headers() {
	none := func(s *Source) chain.Certificate { return s.Certificate }
	g.signed("header: its time altered", "PRF-4", nil, func(s *Source) { s.Next.Time.Seconds -= 86400 }, none)
	g.signed("header: its height altered", "PRF-4", nil, func(s *Source) { s.Next.Height++ }, none)
	g.signed("header: a forger's state under it", "PRF-4", nil, func(s *Source) { s.Next.AppHash = chain.AppHash(tree.State{}.Root(), s.Log) }, none)
	g.signed("header: its next set altered", "PRF-4", nil, func(s *Source) { s.Next.NextValidatorsHash[0]++ }, none)
	g.signed("block: its time altered", "PRF-5", nil, func(s *Source) { s.Block.Time.Seconds-- }, none)
	g.signed("block: of another height", "PRF-5", nil, func(s *Source) { s.Block.Height-- }, none)
	g.alter("resource", "block: that of the header itself", "PRF-5", func(f *File) { f.Block = f.Header })
	g.alter("resource", "block: bytes behind it", "PRF-5", func(f *File) { f.Block = append(f.Block, 0) })
	g.alter("resource", "header: bytes behind it", "PRF-4", func(f *File) { f.Header = append(f.Header, 0) })
	g.alter("resource", "another height in the file", "PRF-5", func(f *File) { f.Height-- })
	g.alter("resource", "another chain in the file", "PRF-5", func(f *File) { f.ChainID = "proof-tesT" })
	g.alter("resource", "another network's hash", "PRF-6", func(f *File) { f.GenesisHash[0] ^= 1 })
}

// chains are other chains than the one that the trust file names.
func (g *forger) chains() {
	strangers := newCommittee(7, 4)
	by := func(c committee) func(*Source) {
		return func(s *Source) { s.Validators, s.Next.ValidatorsHash = c.set, c.set.Hash() }
	}
	g.signed("validators of the forger's own", "PRF-6", nil, by(strangers), func(s *Source) chain.Certificate { return strangers.certify(s.Next, 0) })
	small := g.c
	small.set = slices.Clone(g.c.set)
	for i := range small.set {
		small.set[i].PubKey = [32]byte{1} // the neutral element
	}
	g.signed("validators whose keys are of small order, and alike", "PRF-4", nil, by(small), g.all)
	one := committee{set: chain.ValidatorSet{{Alg: chain.Ed25519, PubKey: [32]byte{1}, Power: 1}}}
	g.signed("a validator whose key is of small order", "PRF-6", nil, by(one), func(s *Source) chain.Certificate {
		c := g.c.certify(s.Next, 0)
		c.Slots = c.Slots[:1]
		smallOrder(c.Slots, 1)
		return c
	})
	heavy := g.c
	heavy.set = slices.Clone(g.c.set)
	heavy.set[0].Power = 9
	g.signed("a validator given more power", "PRF-6", nil, by(heavy), func(s *Source) chain.Certificate { return g.c.certify(s.Next, 0) })
	pin := trustIn(g.c, testHeight+1)
	g.signed("stale: another header at the trust file's height", "PRF-8", pin, func(*Source) {}, g.all)
	g.steps()
}

// steps are ways that lead from the trusted set to somewhere else.
func (g *forger) steps() {
	strangers, heir := newCommittee(7, 4), mixed(g.c, 1, 8, 4)
	const day = 24 * 3600
	for name, c := range map[string]struct {
		last           committee
		height, time   uint64
		next           committee
		absent, signed int
	}{
		"to a neighbour whose set it does not name":  {last: strangers, height: testHeight, time: clockZero, next: g.c},
		"to strangers over headers":                  {last: strangers, height: 7, time: clockZero - day, next: strangers},
		"to a set in which one of four stays":        {last: heir, height: 7, time: clockZero - day, next: heir},
		"stale: fifteen days back":                   {last: g.c, height: 7, time: clockZero - 15*day, next: g.c},
		"back in height":                             {last: g.c, height: testHeight + 9, time: clockZero - day, next: g.c},
		"back in time":                               {last: g.c, height: 7, time: clockZero + day, next: g.c},
		"that too few signed":                        {last: g.c, height: 7, time: clockZero - day, next: g.c, absent: 2},
		"from a set that the trust file has nothing": {last: g.c, height: 7, time: clockZero - day, next: g.c, signed: 1},
	} {
		first, rule := g.c, "PRF-7"
		if c.signed == 1 {
			first, rule = strangers, "PRF-6"
		}
		step := header(c.height, c.time, first, c.next)
		g.signed("step: "+name, rule, nil, func(s *Source) {
			s.Validators, s.Next.ValidatorsHash = c.last.set, c.last.set.Hash()
			s.Steps = []Step{NewStep(step, first.certify(step, c.absent), first.set)}
		}, func(s *Source) chain.Certificate { return c.last.certify(s.Next, 0) })
	}
	g.alter("resource", "step: one that is empty", "PRF-7", func(f *File) { f.Steps = []Step{{}} })
}

// paths are proofs of the tree that were bent.
func (g *forger) paths() {
	hash := func(proof Hex, i int) Hex { return proof[3+32*i : 35+32*i] }
	count := func(proof Hex) int { return int(proof[1])<<8 | int(proof[2]) }
	for name, change := range map[string]func(p *ResourcePart){
		"two siblings change places": func(p *ResourcePart) {
			a, b := hash(p.Proof, 0), hash(p.Proof, 1)
			for i := range a {
				a[i], b[i] = b[i], a[i]
			}
		},
		"siblings in reverse": func(p *ResourcePart) {
			var all []Hex
			for i := range count(p.Proof) {
				all = append(all, bytes.Clone(hash(p.Proof, i)))
			}
			slices.Reverse(all)
			copy(p.Proof[3:], bytes.Join(hexes(all), nil))
		},
		"a sibling swapped for another": func(p *ResourcePart) { hash(p.Proof, 3)[0]++ },
		"a path that is extended": func(p *ResourcePart) {
			p.Proof[2]++
			p.Proof = slices.Concat(p.Proof[:35], make(Hex, 32), p.Proof[35:])
		},
		"a path that is truncated": func(p *ResourcePart) {
			p.Proof[2]--
			p.Proof = slices.Concat(p.Proof[:35], p.Proof[67:])
		},
		"bytes behind the path":               func(p *ResourcePart) { p.Proof = append(p.Proof, 0) },
		"a bit set in the padding":            func(p *ResourcePart) { p.Proof[len(p.Proof)-1] ^= 1 },
		"the kind of another proof":           func(p *ResourcePart) { p.Proof[0] = 2 },
		"no path":                             func(p *ResourcePart) { p.Proof = Hex{} },
		"an address of the other family":      func(p *ResourcePart) { p.Query = "2001:67c:2e8::/48" },
		"an AS number for an address":         func(p *ResourcePart) { p.Query = "AS3333" },
		"a query with bits behind its length": func(p *ResourcePart) { p.Query = "193.0.8.1/24" },
		"a query in other words":              func(p *ResourcePart) { p.Query = "193.0.08.1/32" },
		"another state's root":                func(p *ResourcePart) { p.State = tree.State{}.Root() },
		"the roots change places":             func(p *ResourcePart) { p.State, p.Log = p.Log, p.State },
	} {
		g.alter("resource", "path: "+name, "PRF-9", func(f *File) { change(f.Resource) })
	}
	g.alter("resource", "path: a neighbour's answer", "PRF-13", func(f *File) { f.Resource.Query = "193.0.8.2/32" })
}

func hexes(list []Hex) (out [][]byte) {
	for _, h := range list {
		out = append(out, h)
	}
	return out
}

// records are what a path leads to, exchanged.
func (g *forger) records() {
	thief := func(raw Hex) Hex {
		f, err := record.FolioFromBytes(raw)
		if err != nil {
			g.t.Fatal(err)
		}
		title, err := record.TitleFromBytes(f.Title)
		if err != nil {
			g.t.Fatal(err)
		}
		title.Holder = wire.Address{0x66}
		f.Title = title.Bytes()
		return wire.Encode(f)
	}
	for name, change := range map[string]func(p *ResourcePart){
		"another holder":                func(p *ResourcePart) { p.Records[0] = thief(p.Records[0]) },
		"the more specific one dropped": func(p *ResourcePart) { p.Records = p.Records[:len(p.Records)-1] },
		"all dropped":                   func(p *ResourcePart) { p.Records = []Hex{} },
		"one twice":                     func(p *ResourcePart) { p.Records = append(p.Records, p.Records[0]) },
		"two change places":             func(p *ResourcePart) { p.Records[0], p.Records[1] = p.Records[1], p.Records[0] },
		"bytes behind one":              func(p *ResourcePart) { p.Records[0] = append(p.Records[0], 0) },
	} {
		g.alter("resource", "records: "+name, "PRF-9", func(f *File) { change(f.Resource) })
	}
	e := world(g.t).Edit()
	e.Put(record.FolioLeaf(parse(g.t, "193.0.8.0/24"), &record.Folio{}))
	g.signed("records: of a state without the more specific one", "PRF-9", nil, func(s *Source) { s.State = e.Freeze() }, func(s *Source) chain.Certificate { return s.Certificate })
	g.alter("account", "account: said not to be there", "PRF-9", func(f *File) { f.Account.Record = Hex{} })
	g.alter("no account", "account: said to be there", "PRF-9", func(f *File) { f.Account.Record = g.files["account"].Account.Record })
	g.alter("account", "account: another's record", "PRF-9", func(f *File) { f.Account.Record = g.files["account in recovery"].Account.Record })
	g.alter("account", "account: under another's name", "PRF-9", func(f *File) { f.Account.ID = provider })
	for name, of := range map[string]string{"another state": "unregistered", "another kind": "account", "another block": "ipv6"} {
		g.alter("resource", "statement: that of "+name, "PRF-13", func(f *File) { f.Statement = g.files[of].Statement })
	}
	g.alter("resource", "the part of another kind", "PRF-2", func(f *File) { f.Resource, f.Account = nil, g.files["account"].Account })
	g.alter("authorisation", "authorisation: of another AS number", "PRF-22", func(f *File) { f.Authorised.AS = 3333 })
	g.alter("authorisation", "authorisation: down to a longer length", "PRF-13", func(f *File) {
		f.Authorised.MaxLength, f.Authorised.NumberProof, f.Authorised.NumberRecords = 32, Hex{}, []Hex{}
	})
	g.alter("authorisation", "authorisation: down to no length there is", "PRF-20", func(f *File) { f.Authorised.MaxLength = 33 })
	g.alter("authorisation", "authorisation: shorter than its prefix", "PRF-20", func(f *File) { f.Authorised.MaxLength = 23 })
	g.alter("authorisation", "authorisation: of a number that is none", "PRF-20", func(f *File) { f.Authorised.AS = 1 << 32 })
	g.alter("no authorisation", "authorisation: said to be there", "PRF-13", func(f *File) { f.Statement = g.files["authorisation"].Statement })
	g.numbers()
	g.alter("authorisation, suspended", "authorisation: its suspension left out", "PRF-13", func(f *File) {
		at := strings.Index(f.Statement, ", suspended until ")
		f.Statement = f.Statement[:at] + f.Statement[at+len(", suspended until 2006-01-02T15:04:05Z"):]
	})
}

// pages are lists with something left out or put in.
// numbers are files that lie about whose an AS number is.
func (g *forger) numbers() {
	older, since, start := "authorisations older than whose the number is", "authorisation of a number since", "authorisation of a number held from the start"
	take := func(of string) func(*AuthorisedPart) {
		return func(p *AuthorisedPart) {
			p.NumberProof, p.NumberRecords = g.files[of].Authorised.NumberProof, g.files[of].Authorised.NumberRecords
		}
	}
	for name, change := range map[string]func(*AuthorisedPart){
		"left out":                           func(p *AuthorisedPart) { p.NumberProof, p.NumberRecords = Hex{}, []Hex{} },
		"its record left out":                func(p *AuthorisedPart) { p.NumberRecords = []Hex{} },
		"its path left out":                  func(p *AuthorisedPart) { p.NumberProof = Hex{} },
		"its record twice":                   func(p *AuthorisedPart) { p.NumberRecords = append(p.NumberRecords, p.NumberRecords[0]) },
		"swapped for another number":         take(start),
		"the absence of one without title":   take("authorisation"),
		"swapped for that of the block":      func(p *AuthorisedPart) { p.NumberProof, p.NumberRecords = p.Proof, p.Records },
		"a sibling on its path swapped":      func(p *AuthorisedPart) { p.NumberProof[3]++ },
		"its path with another's record":     func(p *AuthorisedPart) { p.NumberRecords = g.files[start].Authorised.NumberRecords },
		"another's path with its own record": func(p *AuthorisedPart) { p.NumberProof = g.files[start].Authorised.NumberProof },
	} {
		g.alter(older, "AS number: "+name, "PRF-22", func(f *File) { change(f.Authorised) })
	}
	for name, before := range map[string]func(*record.Title){
		"as it stood in an earlier block": func(t *record.Title) { t.Holder, t.Since = alice, 0 },
		"as it stands on another chain":   func(t *record.Title) { t.Since -= 5 },
	} {
		other := g.number(before)
		g.alter(older, "AS number: "+name, "PRF-22", func(f *File) { *f.Authorised = other })
	}
	e := world(g.t).Edit()
	e.Put(record.FolioLeaf(parse(g.t, "AS2016-AS2017"), &record.Folio{}))
	s := source(g.c, e.Freeze(), nil)
	f, err := s.Authorised(g.files[older].route(g.t))
	none := file(g.t, f, err).Authorised
	g.alter(older, "AS number: absent in another block", "PRF-22", func(f *File) {
		f.Authorised.NumberProof, f.Authorised.NumberRecords = none.NumberProof, none.NumberRecords
	})
	g.alter("no authorisation", "AS number: shown where nobody authorises it", "PRF-22", func(f *File) { take("authorisation")(f.Authorised) })
	g.alter("authorisation of no AS", "AS number: shown for none", "PRF-22", func(f *File) { take(start)(f.Authorised) })
	g.alter(older, "AS number: that it changed hands left out", "PRF-13", func(f *File) {
		f.Statement = f.Statement[:strings.Index(f.Statement, " It changed hands")]
	})
	g.alter(since, "AS number: said to have changed hands", "PRF-13", func(f *File) { f.Statement = g.files[older].Statement })
}

// number is the part of a good file with what a state shows of the AS number in
// which its title is another.
func (g *forger) number(change func(*record.Title)) AuthorisedPart {
	of := g.files["authorisations older than whose the number is"]
	at := parse(g.t, "AS2016-AS2017")
	e := world(g.t).Edit()
	f, err := record.FolioFromBytes(of.Authorised.NumberRecords[0])
	if err != nil {
		g.t.Fatal(err)
	}
	title, err := record.TitleFromBytes(f.Title)
	if err != nil {
		g.t.Fatal(err)
	}
	change(title)
	f.Title = title.Bytes()
	e.Put(record.FolioLeaf(at, f))
	made, err := source(g.c, e.Freeze(), nil).Authorised(of.route(g.t))
	other := *file(g.t, made, err).Authorised
	out := *of.Authorised
	out.NumberProof, out.NumberRecords = other.NumberProof, other.NumberRecords
	return out
}

// route is the route that a file is about.
func (f *File) route(t testing.TB) Route {
	return Route{parse(t, f.Authorised.Query), f.Authorised.AS, f.Authorised.MaxLength}
}

func (g *forger) pages() {
	for name, change := range map[string]func(p *BeneathPart){
		"an entry left out":            func(p *BeneathPart) { p.Entries = slices.Delete(p.Entries, 1, 2) },
		"the last entry left out":      func(p *BeneathPart) { p.Entries = p.Entries[:len(p.Entries)-1] },
		"an entry twice":               func(p *BeneathPart) { p.Entries = append(p.Entries, p.Entries[0]) },
		"two entries change places":    func(p *BeneathPart) { p.Entries[0], p.Entries[1] = p.Entries[1], p.Entries[0] },
		"an entry at another block":    func(p *BeneathPart) { p.Entries[0].At = "193.1.0.0/16" },
		"an entry with another record": func(p *BeneathPart) { p.Entries[0].Record = p.Entries[1].Record },
		"said to be the last page":     func(p *BeneathPart) { p.Proof[0] = 2 },
		"begun further on":             func(p *BeneathPart) { p.From = "193.0.0.0/17" },
		"begun outside":                func(p *BeneathPart) { p.From = "194.0.0.0/16" },
	} {
		g.alter("beneath", "page: "+name, "PRF-18", func(f *File) { change(f.Beneath) })
	}
	for name, change := range map[string]func(p *LineagePart){
		"an earlier title left out": func(p *LineagePart) { p.Past = p.Past[:len(p.Past)-1] },
		"two earlier titles change": func(p *LineagePart) { p.Past[0], p.Past[1] = p.Past[1], p.Past[0] },
		"an earlier title too many": func(p *LineagePart) { p.Past = append(p.Past, p.Past[0]) },
	} {
		g.alter("chain of title", "chain of title: "+name, "PRF-17", func(f *File) { change(f.Lineage) })
	}
	for name, change := range map[string]func(p *HoldingsPart){
		"a title left out":   func(p *HoldingsPart) { p.Titles = p.Titles[1:] },
		"a title twice":      func(p *HoldingsPart) { p.Titles = append(p.Titles, p.Titles[len(p.Titles)-1]) },
		"titles in disorder": func(p *HoldingsPart) { p.Titles[0], p.Titles[1] = p.Titles[1], p.Titles[0] },
	} {
		g.alter("holdings", "holdings: "+name, "PRF-19", func(f *File) { change(f.Holdings) })
	}
}

// acts are acts and receipts that are not what the block has.
func (g *forger) acts() {
	place := func(index, size uint64) func(*ActPart) {
		return func(p *ActPart) {
			in, err := chain.DecodeInclusion(p.Inclusion)
			if err != nil {
				g.t.Fatal(err)
			}
			in.Index, in.Size = index, size
			p.Inclusion = in.Bytes()
		}
	}
	for name, change := range map[string]func(p *ActPart){
		"another outcome":          func(p *ActPart) { p.Receipt = doneReceipt(g.t).Bytes() },
		"another place":            place(0, 3),
		"a place behind the end":   place(3, 3),
		"a longer block":           place(1, 4),
		"another signature":        func(p *ActPart) { p.Act[len(p.Act)-1] ^= 1 },
		"a signature of zeros":     func(p *ActPart) { clear(p.Act[len(p.Act)-65:]) },
		"bytes behind the act":     func(p *ActPart) { p.Act = append(p.Act, 0) },
		"bytes behind the receipt": func(p *ActPart) { p.Receipt = append(p.Receipt, 0) },
		"no act":                   func(p *ActPart) { p.Act = Hex{} },
	} {
		g.alter("act", "act: "+name, "PRF-12", func(f *File) { change(f.Act) })
	}
	g.alter("act", "act: of another network", "PRF-12", func(f *File) { f.GenesisHash[0] ^= 1 })
}

// doneReceipt is the receipt of the sample act, had it been done.
func doneReceipt(t *testing.T) *ledger.Receipt {
	_, receipt := signedAct(t)
	receipt.Outcome, receipt.Rule, receipt.Field = ledger.Done, "", ""
	return receipt
}

// TestForgeries: each is refused, by the rule that it breaks. The vectors have them
// all, so that the second verifier refuses each by the same.
func TestForgeries_PRF2_PRF4_PRF5_PRF6_PRF7_PRF8_PRF9_PRF12_PRF13_PRF17_PRF18_PRF19_PRF20_PRF21_PRF22(t *testing.T) {
	_, usual := samples(t)
	list, rules := forgeries(t), map[string]int{}
	for _, x := range list {
		t.Run(x.name, func(t *testing.T) {
			trust := x.trust
			if trust == nil {
				trust = usual
			}
			_, err := Verify(x.raw, trust)
			if err == nil || !strings.Contains(err.Error(), "("+x.rule+")") {
				t.Errorf("got %v, want %s", err, x.rule)
			}
		})
		rules[x.rule]++
	}
	t.Logf("%d forgeries, refused by: %v", len(list), rules)
}

// TestLeastSize_PRF12: of all sizes with one path the smallest is named, and has it.
func TestLeastSize_PRF12(t *testing.T) {
	leaves := make([]wire.Hash, 70)
	for i := range leaves {
		leaves[i] = wire.Hash{byte(i)}
	}
	length := func(index, size uint64) int { return len(chain.ProveInclusion(leaves[:size], index).Path) }
	for size := uint64(1); size <= uint64(len(leaves)); size++ {
		for index := range size {
			got := leastSize(index, size)
			if got <= index || got > size || length(index, got) != length(index, size) || leastSize(index, got) != got {
				t.Fatalf("leaf %d of %d: %d", index, size, got)
			}
			in := chain.ProveInclusion(leaves[:size], index)
			in.Size = got
			if err := in.Verify(leaves[index], chain.Root(leaves[:size])); err != nil {
				t.Fatalf("leaf %d of %d proven as of %d: %v", index, size, got, err)
			}
		}
	}
}
