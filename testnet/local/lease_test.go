package local_test

import (
	"encoding/json"
	"strings"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
)

// aLeaseEnds: while nobody does anything, a lease's end takes the lessee's
// authorisation out of what routers are given, within two heartbeats and five
// seconds of its end, by the time of the ledger blocks.
func (n net) aLeaseEnds() {
	const heartbeat, block, prefix = 2, "5.44.6.0/24", `"5.44.6.0/24"`
	res, err := inr.Parse(block)
	n.must(err)
	lessee, err := n.Account("sakura")
	n.must(err)
	value, err := n.Dealing(n.soon(), full, res)
	n.must(err)
	end := uint64(time.Now().Add(25 * time.Second).Unix()) // two acts are done before, on a busy machine too
	offer, _, err := n.Do(n.soon(), full, "nordlicht", 0, &tx.LeaseOffer{
		Resource: res, To: lessee.ID, End: end, Operator: "Sakura", Abuse: "abuse@sakura.example", Origins: block + "-24=219911",
		Value: value, Until: end,
	})
	n.must(err)
	_, _, err = n.Do(n.soon(), full, "sakura", 0, &tx.LeaseAccept{Offer: offer, Resource: res, Value: value})
	n.must(err)
	_, list := n.routes()
	if !strings.Contains(list, prefix) {
		n.t.Fatalf("the lessee's first authorisation is not served:\n%s", list)
	}
	last := uint64(0)
	n.eventually("the lease's end to reach readers", func() bool {
		at, list := n.routes()
		if !strings.Contains(list, prefix) {
			last = at
		}
		return last > 0
	})
	if last < end || last > end+2*heartbeat+5 {
		n.t.Errorf("gone in the block of %d, the lease ended at %d", last, end)
	}
}

// routes is what the full node serves to routers, and the time of the block it
// serves it by.
func (n net) routes() (at uint64, list string) {
	n.t.Helper()
	raw, err := n.Fetch(n.soon(), full, "/vrps.json")
	n.must(err)
	var file struct {
		Metadata struct {
			Time uint64 `json:"generated"`
		} `json:"metadata"`
	}
	n.must(json.Unmarshal(raw, &file))
	return file.Metadata.Time, string(raw)
}
