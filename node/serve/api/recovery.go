package api

import (
	"net/http"

	"ipledger/ledger"
	"ipledger/ledger/account"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// careShape is what waits for an account: changes of its own, and its recovery.
type careShape struct {
	ID       light.Party    `json:"id"`
	Height   light.Decimal  `json:"height"`
	Time     light.Instant  `json:"time"`
	Waiting  []waitingShape `json:"waiting"`
	Recovery *recoveryShape `json:"recovery"`
}

// waitingShape is a change of an account that has not taken effect.
type waitingShape struct {
	Sort       string        `json:"sort"` // policy, delay, guardians
	Act        wire.Hash     `json:"act"`
	At         light.Instant `json:"at"`
	Title      roleShape     `json:"title_role"`
	Routing    roleShape     `json:"routing_role"`
	Delay      light.Decimal `json:"delay_seconds"`
	Guardians  []light.Party `json:"guardians"`
	GuardianK  light.Decimal `json:"guardian_threshold"`
	StallStart light.Decimal `json:"stalled_seconds"` // of the chain when it was set
}

// recoveryShape is what guardians propose.
type recoveryShape struct {
	Stage string        `json:"stage"` // proposed, running, vetoed
	Began light.Instant `json:"began"`
	At    light.Instant `json:"at"`   // when its window is over, or the proposals are dropped
	Ripe  bool          `json:"ripe"` // vetoed, its window is over, and a guardian may finish it
	// Name is what stands in the place of the account in a statement that proves it
	// (RCV-9); null while it is proposed alone.
	Name light.Party `json:"name"`
	// Proved is the act of the evidence by which it was proved, or null.
	Proved    *wire.Hash      `json:"proved"`
	Proposals []proposalShape `json:"proposals"`
}

type proposalShape struct {
	Act     wire.Hash     `json:"act"`
	Title   roleShape     `json:"title_role"`
	Routing roleShape     `json:"routing_role"`
	By      []light.Party `json:"by"`
}

type roleShape struct {
	Keys []string      `json:"keys"`
	K    light.Decimal `json:"threshold"`
}

// care answers with what waits for an account.
func (a *API) care(w http.ResponseWriter, r *http.Request) error {
	id, err := accountID(r)
	if err != nil {
		return err
	}
	v := a.Ledger.View()
	if err := a.begun(v); err != nil {
		return err
	}
	answer, err := light.ReadAccount(v.State, id, v.moment())
	if err != nil {
		return err
	}
	if answer.Account == nil {
		return problem(http.StatusNotFound, "unknown_account", "%s", answer.Statement())
	}
	out := careShape{ID: light.Party(id), Height: light.Decimal(v.Height), Time: light.Instant(v.Time), Waiting: []waitingShape{}}
	if out.Waiting, err = waitingOf(v.State, id); err != nil {
		return err
	}
	if out.Recovery, err = recoveryOf(v.State, id); err != nil {
		return err
	}
	return writeJSON(w, out)
}

func waitingOf(s tree.State, id wire.Address) ([]waitingShape, error) {
	out := []waitingShape{}
	for sort, name := range []string{"policy", "delay", "guardians"} {
		leaf, ok := s.Get(record.WaitingKeyOf(id, record.Sort(sort+1)))
		if !ok {
			continue
		}
		x, err := record.WaitingFromBytes(leaf.Data)
		if err != nil {
			return nil, err
		}
		out = append(out, waitingShape{
			Sort: name, Act: x.Act, At: light.Instant(x.At), Title: shapeRole(x.TitleKeys, x.TitleK), Routing: shapeRole(x.RoutingKeys, x.RoutingK),
			Delay: light.Decimal(x.Delay), Guardians: parts(x.Guardians), GuardianK: light.Decimal(x.GuardianK), StallStart: light.Decimal(x.Stalled),
		})
	}
	return out, nil
}

func recoveryOf(s tree.State, id wire.Address) (*recoveryShape, error) {
	leaf, ok := s.Get(record.RecoveryKey(id))
	if !ok {
		return nil, nil
	}
	x, err := record.RecoveryFromBytes(leaf.Data)
	if err != nil {
		return nil, err
	}
	out := &recoveryShape{Stage: stage(x), Began: light.Instant(x.Began), At: light.Instant(x.At), Ripe: x.Ripe, Proposals: []proposalShape{}}
	if x.Began != 0 {
		out.Name = light.Party(ledger.RecoveryName(x.Proposals[0].Act))
	}
	if !x.Proved.IsZero() {
		out.Proved = &x.Proved
	}
	for _, p := range x.Proposals {
		out.Proposals = append(out.Proposals, proposalShape{
			p.Act, shapeRole(p.TitleKeys, p.TitleK), shapeRole(p.RoutingKeys, p.RoutingK), parts(p.By),
		})
	}
	return out, nil
}

func stage(x *record.Recovery) string {
	switch {
	case x.Vetoed:
		return "vetoed"
	case x.Began != 0:
		return "running"
	}
	return "proposed"
}

func shapeRole(keys []record.WaitingKey, k uint64) roleShape {
	out := roleShape{Keys: []string{}, K: light.Decimal(k)}
	for _, x := range keys {
		out.Keys = append(out.Keys, account.Key{Alg: x.Alg, Addr: x.Addr}.String())
	}
	return out
}

func parts(list []wire.Address) []light.Party {
	out := []light.Party{}
	for _, id := range list {
		out = append(out, light.Party(id))
	}
	return out
}
