package audit

import (
	"fmt"
	"strings"

	"ipledger/ledger/light"
	"ipledger/ledger/wire"
)

// Format names this version of the report.
const Format = "ipledger-audit/1"

// Report is what an audit says in the end.
//
// specs/24 AUD-11: A report MUST say from where to where was audited, how many
// blocks, acts, certificates and signatures were checked, the roots at the end,
// the last height whose state a checked header carries, and the finding, if
// there is one.
type Report struct {
	Format       string        `json:"format"`
	Holds        bool          `json:"holds"`
	ChainID      string        `json:"chain_id"`
	GenesisHash  wire.Hash     `json:"genesis_hash"`
	After        light.Decimal `json:"after"`   // height of the state that it began from; 0 for genesis
	Resumed      bool          `json:"resumed"` // it began from a snapshot that an earlier audit wrote
	Height       light.Decimal `json:"height"`
	HeaderHash   wire.Hash     `json:"header_hash"`
	Blocks       light.Decimal `json:"blocks"`
	Acts         light.Decimal `json:"acts"`
	Signatures   light.Decimal `json:"signatures"` // of acts
	Certificates light.Decimal `json:"certificates"`
	Votes        light.Decimal `json:"votes"`
	Certified    light.Decimal `json:"certified_height"` // of the last state that a checked header carries
	StateRoot    wire.Hash     `json:"state_root"`       // after the block at Height
	LogRoot      wire.Hash     `json:"log_root"`
	LogSize      light.Decimal `json:"log_size"`
	Records      light.Decimal `json:"records"`
	TrustHeight  light.Decimal `json:"trust_height"` // of the trust file's header; 0 without one
	TrustHeader  string        `json:"trust_header"` // met, not reached, before what was audited, or empty
	Finding      *FindingShape `json:"finding"`
}

// FindingShape is a finding as JSON shows it.
type FindingShape struct {
	Height light.Decimal  `json:"height"`
	Act    *light.Decimal `json:"act"` // null where it is about no act
	ID     *wire.Hash     `json:"id"`
	Asked  string         `json:"asked"`
	Rule   string         `json:"rule"`
	Detail string         `json:"detail"`
	Signed bool           `json:"signed_by_members"`
}

// Report is what the audit says so far; f is the finding that ended it, or nil.
func (r *Replay) Report(f *Finding) *Report {
	out := &Report{
		Format: Format, Holds: f == nil, ChainID: r.chainID, GenesisHash: r.genesis, Height: light.Decimal(r.Height()),
		After:  light.Decimal(r.Height() - r.count.Blocks),
		Blocks: light.Decimal(r.count.Blocks), Acts: light.Decimal(r.count.Acts), Signatures: light.Decimal(r.count.Signatures),
		Certificates: light.Decimal(r.count.Certificates), Votes: light.Decimal(r.count.Votes),
		Certified: light.Decimal(max(r.Height(), 1) - 1),
		StateRoot: r.last.state.Root(), LogRoot: r.last.frontier.Root(), LogSize: light.Decimal(r.last.frontier.Size), Records: light.Decimal(r.last.state.Len()),
	}
	if r.trust != nil {
		out.TrustHeight, out.TrustHeader = light.Decimal(r.trust.Height), r.meeting()
	}
	if r.Height() > 0 {
		out.HeaderHash = r.last.header.Hash()
	}
	if f != nil {
		out.Finding = &FindingShape{Height: light.Decimal(f.Height), Asked: f.Asked, Rule: f.Rule, Detail: f.Detail, Signed: f.Signed}
		if f.Act >= 0 {
			place := light.Decimal(f.Act)
			out.Finding.Act = &place
		}
		if !f.ID.IsZero() {
			out.Finding.ID = &f.ID
		}
	}
	return out
}

// Text is the report in words.
func (r *Report) Text() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-14s%s\n", name, fmt.Sprintf(format, args...))
	}
	line("chain", "%s, genesis %v", r.ChainID, r.GenesisHash)
	if r.After == 0 {
		line("audited", "blocks 1 to %d, from genesis", r.Height)
	} else if r.Resumed {
		line("audited", "blocks %d to %d, going on where an earlier audit had come to", r.After+1, r.Height)
	} else {
		line("audited", "blocks %d to %d, from a snapshot after block %d", r.After+1, r.Height, r.After)
	}
	line("checked", "%d acts with %d signatures, %d certificates with %d votes", r.Acts, r.Signatures, r.Certificates, r.Votes)
	line("state root", "%v, %d records", r.StateRoot, r.Records)
	line("log root", "%v, %d blocks", r.LogRoot, r.LogSize)
	line("certified", "the state after block %d is in a checked header; that after block %d is computed", r.Certified, r.Height)
	if r.TrustHeader != "" {
		line("trust file", "its header %d: %s", r.TrustHeight, r.TrustHeader)
	}
	if f := r.Finding; f != nil {
		line("FINDING", "block %d%s", f.Height, f.place())
		line("", "%s", f.Detail)
		line("rule", "%s, asked by %s", f.Rule, f.Asked)
		if f.Signed {
			line("signed", "two thirds of the members' power signed this: keep the blocks, they are the evidence")
		} else {
			line("signed", "nothing shows that the members signed this: ask another source for these blocks")
		}
		line("result", "does not hold")
	} else {
		line("result", "holds")
	}
	return b.String()
}

func (f *FindingShape) place() string {
	if f.Act == nil {
		return ""
	}
	if f.ID == nil {
		return fmt.Sprintf(", act %d", *f.Act)
	}
	return fmt.Sprintf(", act %d, %v", *f.Act, *f.ID)
}
