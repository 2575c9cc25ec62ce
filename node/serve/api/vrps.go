package api

import (
	"fmt"

	payloads "ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// vrp is one validated route payload, as previews compare it.
type vrp struct {
	AS        string
	MaxLength uint64

	at wire.Resource
	as uint64
}

// appendVRPs adds what is authorised at exactly this block.
func appendVRPs(list []vrp, v View, at wire.Resource) ([]vrp, error) {
	found, err := payloads.Append(nil, v.State, at, v.moment())
	for _, p := range found {
		list = append(list, vrp{fmt.Sprintf("AS%d", p.AS), p.MaxLength, p.Prefix, p.AS})
	}
	return list, err
}
