package main

import (
	"fmt"
	"strings"
	"time"

	"ipledger/ledger/genesis"
)

// membersTOML is the members file (specs/08, "Members file").
type membersTOML struct {
	Time    time.Time    `toml:"genesis_time"`
	Minimum int          `toml:"minimum"`
	Members []memberTOML `toml:"member"`

	Registrars   []bodyTOML   `toml:"registrar"`
	Adjudicators []bodyTOML   `toml:"adjudicator"`
	TrustAnchors []anchorTOML `toml:"trust_anchor"`
	RegistryCAs  []anchorTOML `toml:"registry_ca"`
}

type memberTOML struct {
	Operator     string `toml:"operator"`
	Organisation string `toml:"organisation"`
	Jurisdiction string `toml:"jurisdiction"`
	Hosting      string `toml:"hosting"`
	PublicKey    string `toml:"public_key"`
	Power        uint64 `toml:"power"`

	TitleKeys []string `toml:"title_keys"`
	TitleK    uint64   `toml:"title_k"`
}

// bodyTOML is a registrar or an adjudicator.
type bodyTOML struct {
	Name         string   `toml:"name"`
	Organisation string   `toml:"organisation"`
	Jurisdiction string   `toml:"jurisdiction"`
	TitleKeys    []string `toml:"title_keys"`
	TitleK       uint64   `toml:"title_k"`
}

// anchorTOML is a trust anchor or a registry CA.
type anchorTOML struct {
	Registry string `toml:"registry"`
	Key      string `toml:"key"`
}

// holdingsTOML is the holdings file (specs/08, "Holdings file").
type holdingsTOML struct {
	Parameters map[string]any `toml:"parameters"`
	Accounts   []accountTOML  `toml:"account"`
}

type accountTOML struct {
	Name         string       `toml:"name"`
	Jurisdiction string       `toml:"jurisdiction"`
	TitleKeys    []string     `toml:"title_keys"`
	TitleK       uint64       `toml:"title_k"`
	RoutingKeys  []string     `toml:"routing_keys"`
	RoutingK     uint64       `toml:"routing_k"`
	Delay        *uint64      `toml:"delay_seconds"`
	Holdings     []string     `toml:"holdings"`
	Origins      []originTOML `toml:"origin"`
}

type originTOML struct {
	Prefix    string `toml:"prefix"`
	MaxLength uint64 `toml:"max_length"`
	AS        uint64 `toml:"as"`
}

// readMembers reads a members file. Whether its members may start a network is
// for genesis to say; errors there name the line.
func readMembers(raw []byte) (genesis.Members, error) {
	var file membersTOML
	if err := readTOML(raw, &file); err != nil {
		return genesis.Members{}, err
	}
	out := genesis.Members{Minimum: file.Minimum}
	if !file.Time.IsZero() {
		if file.Time.Unix() <= 0 {
			return out, fmt.Errorf("line %d: genesis_time is before 1970", lines(raw).key("genesis_time", 0))
		}
		out.Time = uint64(file.Time.Unix())
	}
	at := lines(raw).headers("member")
	for i, m := range file.Members {
		out.List = append(out.List, genesis.Member{
			Line: nth(at, i), Operator: m.Operator, Organisation: m.Organisation, Jurisdiction: m.Jurisdiction,
			Hosting: m.Hosting, PublicKey: m.PublicKey, Power: m.Power, TitleKeys: m.TitleKeys, TitleK: m.TitleK,
		})
	}
	text := lines(raw)
	out.Registrars = bodiesAt(file.Registrars, text.headers("registrar"))
	out.Adjudicators = bodiesAt(file.Adjudicators, text.headers("adjudicator"))
	out.TrustAnchors = anchorsAt(file.TrustAnchors, text.headers("trust_anchor"))
	out.RegistryCAs = anchorsAt(file.RegistryCAs, text.headers("registry_ca"))
	return out, nil
}

func bodiesAt(list []bodyTOML, at []int) (out []genesis.Body) {
	for i, b := range list {
		out = append(out, genesis.Body{Line: nth(at, i), Name: b.Name, Organisation: b.Organisation, Jurisdiction: b.Jurisdiction,
			TitleKeys: b.TitleKeys, TitleK: b.TitleK})
	}
	return out
}

func anchorsAt(list []anchorTOML, at []int) (out []genesis.Anchor) {
	for i, a := range list {
		out = append(out, genesis.Anchor{Line: nth(at, i), Registry: a.Registry, Key: a.Key})
	}
	return out
}

// readHoldings reads a holdings file, which only a test network has.
func readHoldings(raw []byte) (*genesis.Holdings, error) {
	var file holdingsTOML
	if err := readTOML(raw, &file); err != nil {
		return nil, err
	}
	text := lines(raw)
	out := &genesis.Holdings{}
	var err error
	if out.Parameters, err = readOverrides(file.Parameters, text); err != nil {
		return nil, err
	}
	at, origins := text.headers("account"), text.headers("account.origin")
	for i, a := range file.Accounts {
		acc := genesis.Account{
			Line: nth(at, i), Name: a.Name, Jurisdiction: a.Jurisdiction, TitleKeys: a.TitleKeys, TitleK: a.TitleK,
			RoutingKeys: a.RoutingKeys, RoutingK: a.RoutingK, Delay: a.Delay,
		}
		for _, block := range a.Holdings {
			acc.Blocks = append(acc.Blocks, genesis.Holding{Line: text.quoted(block, acc.Line), Block: block})
		}
		for _, o := range a.Origins {
			acc.Origins = append(acc.Origins, genesis.Origin{Line: nth(origins, 0), Prefix: o.Prefix, MaxLength: o.MaxLength, AS: o.AS})
			origins = origins[min(1, len(origins)):]
		}
		out.Accounts = append(out.Accounts, acc)
	}
	return out, nil
}

// readOverrides reads [parameters] in the order of its lines.
func readOverrides(table map[string]any, text fileLines) ([]genesis.Override, error) {
	var out []genesis.Override
	from := text.header("parameters")
	for i := range text {
		name, _, ok := strings.Cut(text[i], "=")
		name = strings.Trim(strings.TrimSpace(name), `"'`)
		value, known := table[name]
		if i < from || !ok || !known {
			continue
		}
		delete(table, name)
		o := genesis.Override{Line: i + 1, Name: name}
		switch v := value.(type) {
		case int64:
			if v < 0 {
				return nil, fmt.Errorf("line %d: %s is negative", o.Line, name)
			}
			o.Value = uint64(v)
		case bool:
			if name != genesis.Unmetered {
				return nil, fmt.Errorf("line %d: %s is a number, not yes or no", o.Line, name)
			}
			if v {
				o.Value = 1
			}
		default:
			return nil, fmt.Errorf("line %d: %s is neither a number nor yes or no", o.Line, name)
		}
		out = append(out, o)
	}
	for name := range table {
		return nil, fmt.Errorf("parameter %s: write each parameter on a line of its own below [parameters]", name)
	}
	return out, nil
}
