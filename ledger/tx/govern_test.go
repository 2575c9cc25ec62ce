package tx

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// info is a SubjectPublicKeyInfo of RSA with 2,048 bits.
func info() []byte {
	der := []byte{0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
		0x03, 0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00}
	return append(append(der, bytes.Repeat([]byte{0xc1}, 256)...), 0x02, 0x03, 0x01, 0x00, 0x01)
}

// proposals has one of each matter.
func proposals() map[record.Matter]*Propose {
	who, why := address(1), mark(8)
	out := map[record.Matter]*Propose{
		record.AdmitMember:       admission(),
		record.RemoveMember:      {Key: mark(1), Reason: why},
		record.MemberAccount:     {Key: mark(1), Subject: who},
		record.AdmitRegistrar:    {Subject: who, Organisation: "Notaries", Jurisdiction: "NL"},
		record.RemoveRegistrar:   {Subject: who, Reason: why},
		record.AdmitAdjudicator:  {Subject: who, Organisation: "Chamber", Jurisdiction: "CH"},
		record.RemoveAdjudicator: {Subject: who, Reason: why},
		record.SetParameter:      {Name: "delay_seconds", Value: 0},
		record.AddTrustAnchor:    {Name: "arin", Material: info()},
		record.RemoveTrustAnchor: {Key: mark(1), Reason: why},
		record.AddRegistryCA:     {Name: "arin", Material: info()},
		record.RemoveRegistryCA:  {Key: mark(1), Reason: why},
		record.Upgrade:           {Value: 2, Height: 100},
		record.RegistryCeased:    {Name: "arin", Reason: why},
		record.RegistryResumed:   {Name: "arin", Reason: why},
		record.Allot:             {Block: "192.0.2.0/24", Subject: who},
		record.LiftFreeze:        {Block: "192.0.2.0/24", Key: mark(1), Reason: why},
	}
	for m, p := range out {
		p.Matter = uint64(m)
	}
	return out
}

// TestPropose_GOV1 takes one proposal of each matter, and none with a field more
// or a field less.
func TestPropose_GOV1(t *testing.T) {
	all := proposals()
	if len(all) != int(record.MatterMost) {
		t.Errorf("%d matters of %d", len(all), record.MatterMost)
	}
	fill := map[string]func(*Propose, bool){
		"key":          func(p *Propose, on bool) { p.Key = pick(on, mark(1)) },
		"subject":      func(p *Propose, on bool) { p.Subject = pick(on, address(1)) },
		"name":         func(p *Propose, on bool) { p.Name = pick(on, "arin") },
		"organisation": func(p *Propose, on bool) { p.Organisation = pick(on, "o") },
		"jurisdiction": func(p *Propose, on bool) { p.Jurisdiction = pick(on, "NL") },
		"hosting":      func(p *Propose, on bool) { p.Hosting = pick(on, "AS1") },
		"block":        func(p *Propose, on bool) { p.Block = pick(on, "AS1") },
		"material": func(p *Propose, on bool) {
			p.Material = nil
			if on {
				p.Material = info()
			}
		},
		"value":  func(p *Propose, on bool) { p.Value = pick(on, uint64(1)) },
		"height": func(p *Propose, on bool) { p.Height = pick(on, uint64(1)) },
		"reason": func(p *Propose, on bool) { p.Reason = pick(on, mark(1)) },
	}
	for m, p := range all {
		wantRule(t, m.String(), p.check(nil), "")
		if words := strings.Join(p.text(), " "); strings.Contains(words, "nothing") || len(words) < 30 {
			t.Errorf("%v in words: %s", m, words)
		}
		for i, f := range p.filled() {
			has := matterFields[m]&(1<<i) != 0
			if has && f.name == "value" {
				continue
			}
			q := *p
			fill[f.name](&q, !has)
			wantRule(t, m.String()+" and "+f.name, q.check(nil), "GOV-1")
		}
	}
}

func pick[T any](on bool, x T) (out T) {
	if on {
		out = x
	}
	return out
}

// TestPropose_GOV1_GOV8 refuses fields that are of no form, and a parameter out of
// its bounds.
func TestPropose_GOV1_GOV8(t *testing.T) {
	for why, c := range map[string]struct {
		matter record.Matter
		change func(*Propose)
		rule   string
	}{
		"a matter of nothing":           {record.Allot, func(p *Propose) { p.Matter = 0 }, "GOV-1"},
		"a name with a control":         {record.AdmitMember, func(p *Propose) { p.Name = "a\x07" }, "GOV-1"},
		"a host with a control":         {record.AdmitMember, func(p *Propose) { p.Hosting = "a\x07" }, "GOV-1"},
		"a land in small letters":       {record.AdmitRegistrar, func(p *Propose) { p.Jurisdiction = "nl" }, "GOV-1"},
		"a block with host bits":        {record.Allot, func(p *Propose) { p.Block = "192.0.2.1/24" }, "GOV-1"},
		"a key off the curve":           {record.AdmitMember, func(p *Propose) { p.Key = wire.Hash{2} }, "GOV-1"},
		"a key of small order":          {record.AdmitMember, func(p *Propose) { p.Key = wire.Hash{1} }, "GOV-1"},
		"an anchor that is no key":      {record.AddRegistryCA, func(p *Propose) { p.Material = []byte{1} }, "GOV-1"},
		"an anchor of nobody":           {record.AddTrustAnchor, func(p *Propose) { p.Name = "ARIN" }, "GOV-1"},
		"a parameter that there is not": {record.SetParameter, func(p *Propose) { p.Name = "delay" }, "GOV-8"},
		"credit without measure":        {record.SetParameter, func(p *Propose) { p.Name = "credit_unmetered" }, "GOV-8"},
		"a parameter above its bounds":  {record.SetParameter, func(p *Propose) { p.Value = 90*86400 + 1 }, "GOV-8"},
		"a parameter below its bounds":  {record.SetParameter, func(p *Propose) { p.Name = "heartbeat_seconds" }, "GOV-8"},
	} {
		p := proposals()[c.matter]
		c.change(p)
		wantRule(t, why, p.check(nil), c.rule)
	}
}

// The law's table of what each matter states is the one that is kept.
func TestChapter_GOV1(t *testing.T) {
	raw, err := os.ReadFile("../../specs/23-governance.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(raw), "| matter | fields |")
	table, _, _ = strings.Cut(table, "\n\n")
	for m, p := range proposals() {
		var row string
		for line := range strings.SplitSeq(table, "\n") {
			head, _, _ := strings.Cut(strings.TrimPrefix(line, "|"), "|")
			if strings.Contains(head, "`"+m.String()+"`") {
				row = line
			}
		}
		for i, f := range p.filled() {
			if want := matterFields[m]&(1<<i) != 0; want != (strings.Contains(row, "`"+f.name+"`") || f.name == "organisation" && strings.Contains(row, "`organisation`")) {
				t.Errorf("%v and %s: the code says %v, the chapter %s", m, f.name, want, row)
			}
		}
	}
}
