package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"ipledger/ledger/light"
	payloads "ipledger/ledger/vrp"
	"ipledger/ledger/wire"
)

// vrp is one validated route payload, as validators write it, with the grade of
// the titles that it rests on.
type vrp struct {
	AS        string `json:"asn"`
	Prefix    string `json:"prefix"`
	MaxLength uint64 `json:"maxLength"`
	Source    string `json:"ta"`
	Grade     string `json:"grade"`

	at wire.Resource
	as uint64
}

// vrpFile is the JSON that validators' readers take.
type vrpFile struct {
	Metadata vrpMetadata `json:"metadata"`
	ROAs     []vrp       `json:"roas"`
}

type vrpMetadata struct {
	ChainID   string        `json:"chain_id"`
	Height    light.Decimal `json:"height"`
	Time      light.Instant `json:"generatedTime"`
	Generated uint64        `json:"generated"` // Unix seconds, as validators write it
	Count     int           `json:"vrps"`
}

// vrpCache holds the list of one state, made once however many ask. A list at a
// later time of the same state differs where a term has ended.
type vrpCache struct {
	mu   sync.Mutex
	root wire.Hash
	time uint64
	list []vrp
}

// vrpList is the settled authorisations of a view (API-8).
func (a *API) vrpList(v View) ([]vrp, error) {
	c := &a.vrps
	c.mu.Lock()
	defer c.mu.Unlock()
	if root := v.State.Root(); root != c.root || v.Time != c.time || c.list == nil {
		list, err := makeVRPs(v)
		if err != nil {
			return nil, err
		}
		c.root, c.time, c.list = root, v.Time, list
	}
	return c.list, nil
}

func makeVRPs(v View) ([]vrp, error) {
	list, err := payloads.List(v.State, v.moment())
	out := make([]vrp, len(list))
	for i, p := range list {
		out[i] = shapeVRP(p)
	}
	return out, err
}

func shapeVRP(p payloads.Payload) vrp {
	return vrp{fmt.Sprintf("AS%d", p.AS), p.Prefix.String(), p.MaxLength, "ipledger", p.Grade.String(), p.Prefix, p.AS}
}

// appendVRPs adds what is authorised at exactly this block.
func appendVRPs(list []vrp, v View, at wire.Resource) ([]vrp, error) {
	found, err := payloads.Append(nil, v.State, at, v.moment())
	for _, p := range found {
		list = append(list, shapeVRP(p))
	}
	return list, err
}

func (a *API) vrpsJSON(w http.ResponseWriter, _ *http.Request) error {
	v := a.Ledger.View()
	if err := a.begun(v); err != nil {
		return err
	}
	list, err := a.vrpList(v)
	if err != nil {
		return err
	}
	raw, err := json.MarshalIndent(vrpFile{vrpMetadata{a.ChainID, light.Decimal(v.Height), light.Instant(v.Time), v.Time, len(list)}, list}, "", " ")
	if err != nil {
		return err
	}
	return file(w, "application/json", append(raw, '\n'))
}

func (a *API) vrpsCSV(w http.ResponseWriter, _ *http.Request) error {
	v := a.Ledger.View()
	if err := a.begun(v); err != nil {
		return err
	}
	list, err := a.vrpList(v)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("ASN,IP Prefix,Max Length,Trust Anchor\n")
	for _, x := range list {
		fmt.Fprintf(&b, "%s,%s,%d,%s\n", x.AS, x.Prefix, x.MaxLength, x.Source)
	}
	return file(w, "text/csv; charset=utf-8", b.Bytes())
}
