package whois

import (
	"context"
	"strconv"
	"strings"

	"ipledger/ledger/directory"
	"ipledger/ledger/light"
	"ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// Bounds of one answer.
const (
	// objectsMax is how many objects one answer lists beside organisations: some 300 KB.
	objectsMax = 256
	// visitsMax bounds the blocks with records that a search for routes looks at.
	visitsMax = directory.VisitsMax
)

// answer is what is gathered for one query, of one state.
type answer struct {
	*Server
	*query
	view    View
	parties map[wire.Address]*directory.Party
	groups  []group
	more    bool // there are further objects
}

// group is an object that was asked for, and the accounts that it names.
type group struct {
	key, abuse string
	object     object
	orgs       []wire.Address
}

// found is the bytes of the answer to a query, or what is wrong.
func (s *Server) found(ctx context.Context, q *query, v *View) ([]byte, *fault) {
	switch {
	case q.about != "":
		return s.about(q.about, v), nil
	case q.key == "":
		return nil, noKey()
	case v.Height == 0:
		return nil, unready()
	}
	a := &answer{Server: s, query: q, view: *v, parties: map[wire.Address]*directory.Party{}}
	f, err := a.gather(ctx)
	if err == nil && f == nil && len(a.groups) == 0 {
		f = none("Block " + a.height() + " of the ledger has nothing of the kind for " + quoted(q.key) + ".")
	}
	var b []byte
	if err == nil && f == nil {
		b, err = a.bytes()
	}
	if err != nil {
		if ctx.Err() == nil {
			s.Log.Error("a WHOIS query could not be answered", "query", q.key, "height", v.Height, "err", err)
		}
		f = broken()
	}
	return b, f
}

func (a *answer) height() string { return strconv.FormatUint(a.view.Height, 10) }

// gather finds what the key means.
func (a *answer) gather(ctx context.Context) (*fault, error) {
	if a.has("imM") {
		select {
		case a.searches <- struct{}{}:
			defer func() { <-a.searches }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if a.has("i") {
		return a.inverted()
	}
	s, ok, f := readSpan(a.key)
	if f != nil {
		return f, nil
	}
	if ok {
		return nil, a.numbers(&s)
	}
	return nil, a.accounts()
}

// entry adds an entry, if its class is asked for.
func (a *answer) entry(x *light.Answer) error {
	if !a.wants(classOf(x.Resource)) {
		return nil
	}
	o, err := a.block(x)
	if err != nil {
		return err
	}
	g := group{key: keyOf(x.Resource), abuse: directory.ContactOf(x).Abuse, object: o}
	if x.Title != nil {
		g.orgs = append(g.orgs, x.Title.Holder)
	}
	for i := range x.Estates {
		g.orgs = append(g.orgs, x.Estates[i].Holder)
	}
	a.add(g)
	return nil
}

// routes adds payloads whose class is asked for.
func (a *answer) routes(list []vrp.Payload) {
	for _, p := range list {
		if o := a.route(p); a.wants(o[0].name) {
			a.add(group{key: p.Prefix.String() + "AS" + strconv.FormatUint(p.AS, 10), object: o})
		}
	}
}

// add adds one object.
//
// specs/29 WHOIS-8: An answer has at most 256 objects beside organisations, and MUST
// say where it is cut short.
func (a *answer) add(g group) {
	if len(a.groups) >= objectsMax {
		a.more = true
		return
	}
	a.groups = append(a.groups, g)
}

// bytes writes what was gathered: each object that was asked for and after it the
// accounts that it names, each account once; with -G all accounts at the end.
func (a *answer) bytes() ([]byte, error) {
	f, grouped := form{brief: a.has("F"), keys: a.has("K")}, !a.has("G")
	b, told := a.head(&a.view), map[wire.Address]bool{}
	var later []byte
	for i := range a.groups {
		g := &a.groups[i]
		if grouped {
			b = g.title(b)
		}
		b = g.object.append(b, f)
		orgs := []byte(nil)
		for _, id := range g.orgs {
			var err error
			if orgs, err = a.organisations(orgs, id, told, f); err != nil {
				return nil, err
			}
		}
		if grouped {
			b = append(b, orgs...)
		} else {
			later = append(later, orgs...)
		}
	}
	b = append(b, later...)
	if a.more {
		b = append(b, "% There are more objects than the "+strconv.Itoa(objectsMax)+" that are listed: ask for a smaller block.\n\n"...)
	}
	return append(b, "% Block "+a.height()+" of the ledger, served by "+clean(a.Version)+".\n\n\n"...), nil
}

// title says what the objects after it are about, as RIPE's server does.
func (g *group) title(b []byte) []byte {
	key := clean(g.key)
	b = append(append(append(b, "% Information related to '"...), key...), "'\n\n"...)
	if g.abuse != "" {
		b = append(b, "% Abuse contact for '"+key+"' is '"+clean(g.abuse)+"'\n\n"...)
	}
	return b
}

// organisations adds an account that was not told of yet, if accounts are asked for.
func (a *answer) organisations(b []byte, id wire.Address, told map[wire.Address]bool, f form) ([]byte, error) {
	if told[id] || id.IsZero() || a.has("r") || !a.wants("organisation") {
		return b, nil
	}
	told[id] = true
	p, err := a.party(id)
	if err != nil {
		return b, err
	}
	return a.organisation(p).append(b, f), nil
}

// headed is what stands above every answer of a view.
type headed struct {
	height, time uint64
	behind       bool
	text         []byte
}

// head is the beginning of an answer, with room for the rest.
func (s *Server) head(v *View) []byte {
	h := s.heads.Load()
	if h == nil || h.height != v.Height || h.time != v.Time || h.behind != v.Behind {
		h = &headed{v.Height, v.Time, v.Behind, s.headOf(v)}
		s.heads.Store(h)
	}
	return append(make([]byte, 0, 4<<10), h.text...)
}

// headOf writes it.
//
// specs/29 WHOIS-7: An answer MUST name the block of the ledger that it is of, that
// block's time, and how its content is proven; it is UTF-8.
func (s *Server) headOf(v *View) []byte {
	b := append([]byte(nil), "% WHOIS of the address registry "+clean(s.ChainID)+", in RPSL and UTF-8.\n"...)
	b = append(b, "% What is said is of block "+strconv.FormatUint(v.Height, 10)+", "+light.Clock(v.Time)+", and proves nothing by itself:\n"...)
	b = append(b, "% \"proof\" is a path of the node's HTTP interface, and ipledger lookup NUMBERS --proof FILE gets and checks it.\n"...)
	if v.Behind {
		b = append(b, "% This node is not in step with its network: others may know more.\n"...)
	}
	return append(b, '\n')
}

// about is what the server says of itself.
func (s *Server) about(what string, v *View) []byte {
	text := clean(s.Version)
	switch what {
	case "sources":
		text = Source + ":3:N:0-" + strconv.FormatUint(v.Height, 10)
	case "types":
		text = strings.Join(classes, "\n")
	}
	return append(s.head(v), text+"\n\n\n"...)
}
