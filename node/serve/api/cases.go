package api

import (
	"net/http"

	"ipledger/ledger/inr"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// matterShape is what a restriction may rest on: a case, an order, or an order and
// the case that it opened.
type matterShape struct {
	Height light.Decimal `json:"height"`
	Time   light.Instant `json:"time"`
	ID     wire.Hash     `json:"id"` // of the act that began it
	Case   *caseShape    `json:"case"`
	Order  *orderShape   `json:"order"`
}

// caseShape is a dispute.
type caseShape struct {
	Sort     string        `json:"sort"` // caution, contest, order
	Resource string        `json:"resource"`
	Party    light.Party   `json:"party"`
	Against  light.Party   `json:"against"`
	Ground   string        `json:"ground"` // of a caution; else empty
	Digest   wire.Hash     `json:"digest"`
	Answer   *wire.Hash    `json:"answer"`
	Order    *wire.Hash    `json:"order"`
	State    string        `json:"state"`
	Entered  light.Instant `json:"entered"`
	Next     light.Instant `json:"next"`  // when it goes on by itself
	Until    light.Instant `json:"until"` // when what it recorded ends
	Renewed  bool          `json:"renewed"`
	Hears    light.Instant `json:"hears"` // from when its panel decides
	Panel    []light.Party `json:"panel"`
	Votes    []voteShape   `json:"votes"`
	Verdict  string        `json:"verdict"` // holder, claimant, or empty
	Reasons  *wire.Hash    `json:"reasons"`
	Appeal   *wire.Hash    `json:"appeal"`
}

// voteShape is one vote on the question that is open.
type voteShape struct {
	By     light.Party `json:"by"`
	Says   string      `json:"says"`
	Digest wire.Hash   `json:"digest"`
}

// orderShape is a court's order.
type orderShape struct {
	Author       light.Party   `json:"author"`
	Resource     string        `json:"resource"`
	Court        string        `json:"court"`
	Jurisdiction string        `json:"jurisdiction"`
	Reference    string        `json:"reference"`
	Digest       wire.Hash     `json:"digest"`
	Final        bool          `json:"final"`
	To           light.Party   `json:"to"`
	Status       string        `json:"status"`
	Findings     []string      `json:"findings"`
	Reasons      *wire.Hash    `json:"reasons"`
	Entered      light.Instant `json:"entered"`
	Until        light.Instant `json:"until"`
	Votes        []voteShape   `json:"votes"`
}

// The words for numbers of cases and orders, by their place.
var (
	caseSorts    = [...]string{"", "caution", "contest", "order"}
	caseGrounds  = [...]string{"", "title", "right", "forged", "proceeding"}
	caseVerdicts = [...]string{"", "accept", "dismiss", "holder", "claimant"}
	orderStates  = [...]string{"", "recorded", "in effect", "refused", "lapsed", "lifted"}
	foundWords   = [...]string{"in force", "recognised", "served", "names the block"}
)

func wordFor(words []string, n uint64) string { return words[min(n, uint64(len(words)-1))] }

// matter answers with one case or order.
func (a *API) matter(w http.ResponseWriter, r *http.Request) error {
	var id wire.Hash
	if err := id.UnmarshalText([]byte(r.PathValue("id"))); err != nil {
		return problem(http.StatusBadRequest, "bad_act", "%v", err)
	}
	v := a.Ledger.View()
	if err := a.begun(v); err != nil {
		return err
	}
	m, err := shapeMatter(v, id)
	if err != nil {
		return err
	}
	if m.Case == nil && m.Order == nil {
		return problem(http.StatusNotFound, "unknown_case", "no case or order %v after block %d: it was never begun, or ended and was forgotten", id, v.Height)
	}
	return writeJSON(w, m)
}

// matters answers with what stands against the titles over a block: the matters
// that restrictions rest on, as many as a title may have restrictions.
func (a *API) matters(w http.ResponseWriter, r *http.Request) error {
	at, err := parseResource(r.URL.Query().Get("resource"))
	if err != nil {
		return err
	}
	v := a.Ledger.View()
	if err := a.begun(v); err != nil {
		return err
	}
	out := struct {
		Height light.Decimal `json:"height"`
		Time   light.Instant `json:"time"`
		Cases  []matterShape `json:"cases"`
	}{light.Decimal(v.Height), light.Instant(v.Time), []matterShape{}}
	seen := map[wire.Hash]bool{}
	for _, l := range v.State.Path(tree.ResourceKey(at)) {
		f, err := record.FolioFromBytes(l.Data)
		if err != nil {
			return err
		}
		list, err := record.RestrictionsFromBytes(f.Restrictions)
		if err != nil {
			return err
		}
		for _, x := range list {
			if seen[x.Act] || !inr.Overlaps(x.At, at) {
				continue
			}
			seen[x.Act] = true
			m, err := shapeMatter(v, x.Act)
			if err != nil {
				return err
			}
			if m.Case != nil || m.Order != nil {
				out.Cases = append(out.Cases, m)
			}
		}
	}
	return writeJSON(w, out)
}

func shapeMatter(v View, id wire.Hash) (matterShape, error) {
	m := matterShape{Height: light.Decimal(v.Height), Time: light.Instant(v.Time), ID: id}
	if leaf, ok := v.State.Get(record.CaseKey(id)); ok {
		c, err := record.CaseFromBytes(leaf.Data)
		if err != nil {
			return m, err
		}
		m.Case = shapeCase(c)
	}
	if leaf, ok := v.State.Get(record.OrderKey(id)); ok {
		o, err := record.OrderFromBytes(leaf.Data)
		if err != nil {
			return m, err
		}
		m.Order = shapeOrder(o)
	}
	return m, nil
}

func shapeCase(c *record.Case) *caseShape {
	s := &caseShape{
		Sort: wordFor(caseSorts[:], uint64(c.Sort)), Resource: c.Resource.String(), Party: light.Party(c.Party), Against: light.Party(c.Against),
		Ground: wordFor(caseGrounds[:], c.Ground), Digest: c.Digest, Answer: someHash(c.Answer), Order: someHash(c.Order), State: c.State.String(),
		Entered: light.Instant(c.Entered), Next: light.Instant(c.Next), Until: light.Instant(c.Until), Renewed: c.Renewed, Hears: light.Instant(c.Hears),
		Panel: []light.Party{}, Votes: []voteShape{}, Verdict: wordFor(caseVerdicts[:], c.Verdict), Reasons: someHash(c.Reasons), Appeal: someHash(c.Appeal),
	}
	for _, who := range c.Panel {
		s.Panel = append(s.Panel, light.Party(who))
	}
	for _, v := range c.Votes {
		s.Votes = append(s.Votes, shapeVote(v, caseVerdicts[:]))
	}
	return s
}

func shapeOrder(o *record.Order) *orderShape {
	s := &orderShape{
		Author: light.Party(o.Author), Resource: o.Resource.String(), Court: o.Court, Jurisdiction: o.Jurisdiction, Reference: o.Reference,
		Digest: o.Digest, Final: o.Final, To: light.Party(o.To), Status: wordFor(orderStates[:], o.Status), Findings: []string{},
		Reasons: someHash(o.Reasons), Entered: light.Instant(o.Entered), Until: light.Instant(o.Until), Votes: []voteShape{},
	}
	for i, word := range foundWords {
		if o.Findings&(1<<i) != 0 {
			s.Findings = append(s.Findings, word)
		}
	}
	for _, v := range o.Votes {
		s.Votes = append(s.Votes, shapeVote(v, orderStates[:]))
	}
	return s
}

func shapeVote(v record.Vote, words []string) voteShape {
	if v.Says == record.SaysConfirm {
		return voteShape{light.Party(v.By), "prolong", v.Digest}
	}
	return voteShape{light.Party(v.By), wordFor(words, v.Says&0xff), v.Digest}
}

func someHash(h wire.Hash) *wire.Hash {
	if h.IsZero() {
		return nil
	}
	return &h
}
