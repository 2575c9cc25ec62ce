package api

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"ipledger/ledger"
	"ipledger/ledger/genesis"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// sourcesShape is how far each registry's statements have come.
type sourcesShape struct {
	Height  light.Decimal `json:"height"`
	Time    light.Instant `json:"time"`
	Sources []sourceShape `json:"sources"`
}

// sourceShape is one registry: the statement file attested last, what waits, and
// what is counted.
type sourceShape struct {
	Registry string          `json:"registry"`
	Date     string          `json:"date"` // YYYYMMDD of the file attested last; empty before the first
	File     *wire.Hash      `json:"file"`
	Pages    light.Decimal   `json:"pages"`
	Received light.Decimal   `json:"received"`
	Next     *wire.Hash      `json:"next"` // hash of the page that is awaited, or null
	Basis    []light.Party   `json:"attested_by"`
	Waiting  light.Decimal   `json:"waiting"` // pages
	Due      light.Instant   `json:"due"`     // when the first of them is looked at
	Said     []attestedShape `json:"attestations"`
	Balance  balanceShape    `json:"balance"`
	Share    amountsShape    `json:"day_share"` // numbers that statements may cover a day
	Left     amountsShape    `json:"day_left"`  // of that on the day of the header's time
}

// attestedShape is what a registrar said last of a registry's file.
type attestedShape struct {
	By    light.Party   `json:"by"`
	Date  string        `json:"date"`
	File  wire.Hash     `json:"file"`
	Root  wire.Hash     `json:"root"`
	Pages light.Decimal `json:"pages"`
}

// balanceShape is what is counted of a registry, each by family.
type balanceShape struct {
	Listed  amountsShape `json:"listed"`
	Began   amountsShape `json:"began"`
	Added   amountsShape `json:"added"`
	Retired amountsShape `json:"retired"`
	Come    amountsShape `json:"come"`
	Gone    amountsShape `json:"gone"`
}

type amountsShape struct {
	V4 string `json:"ipv4_addresses"`
	V6 string `json:"ipv6_addresses"`
	AS string `json:"as_numbers"`
}

// sources answers with all five registries.
func (a *API) sources(w http.ResponseWriter, _ *http.Request) error {
	v := a.Ledger.View()
	out := sourcesShape{Height: light.Decimal(v.Height), Time: light.Instant(v.Time), Sources: []sourceShape{}}
	params, err := ledger.Parameters(v.State)
	if err != nil {
		return err
	}
	for _, name := range record.Registries {
		s, err := shapeSource(v.State, name)
		if err == nil {
			err = s.day(v.State, params, v.Time)
		}
		if err != nil {
			return err
		}
		out.Sources = append(out.Sources, s)
	}
	return writeJSON(w, out)
}

func shapeSource(s tree.State, name string) (sourceShape, error) {
	out := sourceShape{Registry: name, Basis: []light.Party{}, Said: []attestedShape{}}
	if leaf, ok := s.Get(record.FeedKey(name)); ok {
		f, err := record.FeedFromBytes(leaf.Data)
		if err != nil {
			return out, err
		}
		out.feed(f)
	}
	return out, out.said(s)
}

// day tells what is counted, and what statements may still do today.
func (s *sourceShape) day(state tree.State, params *record.Parameters, now uint64) error {
	b := new(record.Balance)
	if leaf, ok := state.Get(record.BalanceKey(s.Registry)); ok {
		var err error
		if b, err = record.BalanceFromBytes(leaf.Data); err != nil {
			return err
		}
	}
	s.Balance = balanceShape{shapeAmounts(b.Listed), shapeAmounts(b.Began), shapeAmounts(b.Added), shapeAmounts(b.Retired), shapeAmounts(b.Come), shapeAmounts(b.Gone)}
	share, left := ledger.SourceDay(params, b, now)
	s.Share, s.Left = shapeAmounts(share), shapeAmounts(left)
	return nil
}

func (s *sourceShape) feed(f *record.Feed) {
	s.Pages, s.Received = light.Decimal(f.Pages), light.Decimal(f.Received)
	s.Waiting, s.Due = light.Decimal(f.Last-f.First), light.Instant(f.At)
	if f.Date != 0 {
		s.Date, s.File = fmt.Sprint(f.Date), &f.File
	}
	if f.Received < f.Pages {
		s.Next = &f.Next
	}
	for _, by := range f.Basis {
		s.Basis = append(s.Basis, light.Party(by))
	}
}

// said lists what registrars of the roll said last.
func (s *sourceShape) said(state tree.State) error {
	leaf, ok := state.Get(record.RollKey)
	if !ok {
		return nil
	}
	roll, err := record.RollFromBytes(leaf.Data)
	if err != nil {
		return err
	}
	for _, who := range roll.Registrars {
		leaf, ok := state.Get(record.AttestedKey(s.Registry, who))
		if !ok {
			continue
		}
		x, err := record.AttestedFromBytes(leaf.Data)
		if err != nil {
			return err
		}
		s.Said = append(s.Said, attestedShape{light.Party(who), fmt.Sprint(x.Date), x.File, x.Root, light.Decimal(x.Pages)})
	}
	return nil
}

func shapeAmounts(x record.Amounts) amountsShape {
	return amountsShape{x[wire.IPv4].Int().String(), x[wire.IPv6].Int().String(), x[wire.ASN].Int().String()}
}

// sheetsShape is the pages of a registry that wait, some of them.
type sheetsShape struct {
	Height   light.Decimal `json:"height"`
	Time     light.Instant `json:"time"`
	Registry string        `json:"registry"`
	Pages    []pageShape   `json:"pages"`
	More     bool          `json:"more"` // ask again with after the last number
}

type pageShape struct {
	Number     light.Decimal `json:"number"`
	Act        wire.Hash     `json:"act"` // that entered it
	Date       string        `json:"date"`
	Ripe       light.Instant `json:"ripe"`    // when it falls due
	Settled    light.Decimal `json:"settled"` // of its statements, those that are settled
	Statements []string      `json:"statements"`
}

// SheetsMax is the most pages of statements in one answer: half a mebibyte.
const SheetsMax = 200

// waiting lists what a registry says and is not settled yet.
func (a *API) waiting(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("registry")
	if _, ok := record.RegistryOf(name); !ok {
		return problem(http.StatusNotFound, "not_found", "%q is none of the registries %v", name, record.Registries)
	}
	after, err := optional(r, "after", 1<<64-1, 0)
	if err != nil {
		return err
	}
	v := a.Ledger.View()
	out := sheetsShape{Height: light.Decimal(v.Height), Time: light.Instant(v.Time), Registry: name, Pages: []pageShape{}}
	leaf, ok := v.State.Get(record.FeedKey(name))
	if !ok {
		return writeJSON(w, out)
	}
	f, err := record.FeedFromBytes(leaf.Data)
	if err != nil {
		return err
	}
	from := f.First
	if r.URL.Query().Has("after") {
		from = max(from, min(after, f.Last)+1)
	}
	for n := from; n < f.Last && !out.More; n++ {
		if len(out.Pages) == SheetsMax {
			out.More = true
			break
		}
		p, err := shapePage(v.State, name, n, f)
		if err != nil {
			return err
		}
		out.Pages = append(out.Pages, p)
	}
	return writeJSON(w, out)
}

func shapePage(s tree.State, name string, n uint64, f *record.Feed) (pageShape, error) {
	leaf, _ := s.Get(record.SheetKey(name, n))
	x, err := record.SheetFromBytes(leaf.Data)
	if err != nil {
		return pageShape{}, err
	}
	p := pageShape{Number: light.Decimal(n), Act: x.Act, Date: fmt.Sprint(x.Date), Ripe: light.Instant(x.Ripe), Statements: strings.Split(x.Lines, " ")}
	if n == f.First {
		p.Settled = light.Decimal(f.Line)
	}
	return p, nil
}

// registerCache holds a register file, so that however many ask it is made at most
// once in registerLife; its readers take it in ranges meanwhile.
type registerCache struct {
	made time.Time
	name string // of what it is of, as an entity tag
	raw  []byte
}

// registerLife is how long a register file is given before a new one is made.
const registerLife = time.Minute

// register gives all titles with their source rows and the statements that wait,
// as `ipledger source diff` compares registries' files with them.
//
// specs/13 API-18: The register file MUST be of one state.
func (a *API) register(w http.ResponseWriter, r *http.Request) error {
	leave, err := a.registers.enter(r.Context())
	if err != nil {
		return err
	}
	c := a.registered
	if v := a.Ledger.View(); c == nil || a.Now().Sub(c.made) > registerLife {
		reg, err := genesis.ReadRegister(v.State, v.Height)
		if err != nil {
			leave()
			return err
		}
		c = &registerCache{made: a.Now(), name: fmt.Sprintf(`"%d"`, v.Height), raw: reg.Encode()}
		a.registered = c
	}
	leave()
	w.Header().Set("Content-Type", "text/plain; charset=us-ascii")
	w.Header().Set("ETag", c.name)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(c.raw))
	return nil
}
