package record

import "ipledger/ledger/wire"

// Terms are what a lease says beyond what every estate says (specs/15).
type Terms struct {
	Renew        uint64       // seconds; 0 for a fixed term
	Clause       uint64       // who ends it inside its term: tx.Clause
	ClauseNotice uint64       // seconds
	Agent        wire.Address // of an agent's clause
	Suspend      bool         // there is an abuse clause
	Reversion    bool
	Operator     string
	Abuse        string
	Price        string
	Origins      string       // first authorisations that enter at a start to come; empty once they did
	Suspended    uint64       // header time until which exports leave the lessee's authorisations out
	Spent        uint64       // seconds of suspension so far, the one that runs counted to its end
	Answer       wire.Hash    // the lessee's last answer, an act; zero for none
	Lessor       wire.Address // to whom Back comes back; zero for none
	Back         []Ref        // authorisations that the start displaced, at most BackMax
}

// BackMax is how many of a lessor's authorisations come back at a lease's end.
const BackMax = 16

func appendTerms(w *wire.Writer, list []Terms) {
	all := w.List()
	for i := range list {
		list[i].Append(w)
	}
	w.End(all)
}

func readTerms(r *wire.Reader) (out []Terms) {
	list := r.List()
	for list.More() {
		var t Terms
		t.Read(&list)
		out = append(out, t)
	}
	r.Leave(&list)
	return out
}

// Append writes the terms' canonical bytes.
func (t *Terms) Append(w *wire.Writer) {
	all := w.List()
	w.Uint(t.Renew)
	w.Uint(t.Clause)
	w.Uint(t.ClauseNotice)
	w.String(t.Agent[:])
	w.Bool(t.Suspend)
	w.Bool(t.Reversion)
	w.Text(t.Operator)
	w.Text(t.Abuse)
	w.Text(t.Price)
	w.Text(t.Origins)
	w.Uint(t.Suspended)
	w.Uint(t.Spent)
	w.String(t.Answer[:])
	w.String(t.Lessor[:])
	appendRefs(w, t.Back)
	w.End(all)
}

// Read reads terms that Append wrote.
func (t *Terms) Read(r *wire.Reader) {
	all := r.List()
	t.Renew, t.Clause, t.ClauseNotice = all.Uint(), all.Uint(), all.Uint()
	all.Fill(t.Agent[:])
	t.Suspend, t.Reversion = all.Bool(), all.Bool()
	t.Operator, t.Abuse, t.Price, t.Origins = all.Text(), all.Text(), all.Text(), all.Text()
	t.Suspended, t.Spent = all.Uint(), all.Uint()
	all.Fill(t.Answer[:])
	all.Fill(t.Lessor[:])
	t.Back = readRefs(&all)
	r.Leave(&all)
}
