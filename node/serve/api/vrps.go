package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/ethereum/go-ethereum/rlp"

	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
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

// vrpList is the settled authorisations of a view.
//
// specs/13 API-8: A list of route payloads MUST have every authorisation that
// rests on settled titles alone, held or qualified, and is not suspended
// (LEASE-18), and no other, each with its grade, in order of prefix, AS number and
// length, each once.
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

func makeVRPs(v View) (list []vrp, err error) {
	list = []vrp{}
	for _, s := range []tree.Subtree{tree.IPv4, tree.IPv6} {
		v.State.Walk(tree.RootKey(s), func(l tree.Leaf) bool {
			if authorises(l.Data) {
				list, err = appendVRPs(list, v, l.Key.Resource())
			}
			return err == nil
		})
	}
	return list, err
}

// authorisationsSlot is the place of authorisations in a folio's encoding.
const authorisationsSlot = 4

// authorises reports whether a folio has authorisations, without decoding it:
// of a million folios few have.
func authorises(folio []byte) bool {
	rest, _, err := rlp.SplitList(folio)
	for range authorisationsSlot {
		if err == nil {
			_, _, rest, err = rlp.Split(rest)
		}
	}
	if err != nil {
		return true // let the decoder say what is wrong
	}
	slot, _, err := rlp.SplitString(rest)
	return err != nil || len(slot) > 0
}

// appendVRPs adds what is authorised at exactly this block.
func appendVRPs(list []vrp, v View, at wire.Resource) ([]vrp, error) {
	answer, err := light.Read(v.State, at, v.moment())
	if err != nil {
		return list, err
	}
	grade, ok, err := settled(v.State, answer)
	if err != nil || !ok {
		return list, err
	}
	for _, o := range answer.Origins {
		if o.Suspended != 0 {
			continue // specs/15 LEASE-18: they are left out of every export
		}
		one := vrp{fmt.Sprintf("AS%d", o.AS), at.String(), o.MaxLength, "ipledger", grade.String(), at, o.AS}
		if o.At == at && !slices.Contains(list[max(0, len(list)-2*record.OriginsMax):], one) {
			list = append(list, one)
		}
	}
	return list, nil
}

// settled is the weakest grade of the titles under a block, and whether each is
// settled and the block is not all contested.
//
// specs/20 CLAIM-30: exports serve what lies in titles of a settled grade, and not
// inside a contested block.
func settled(s tree.State, a *light.Answer) (grade record.Grade, ok bool, err error) {
	if a.Title != nil {
		return a.Grade, sound(&a.Title.Title) && !a.Contested(), nil
	}
	ok = true
	s.Walk(tree.ResourceKey(a.Resource), func(l tree.Leaf) bool {
		var f *record.Folio
		if f, err = record.FolioFromBytes(l.Data); err != nil || len(f.Title) == 0 {
			return err == nil
		}
		var t *record.Title
		if t, err = record.TitleFromBytes(f.Title); err != nil {
			return false
		}
		whole, e := light.Read(s, l.Key.Resource(), a.Moment)
		if err = e; err != nil {
			return false
		}
		grade, ok = max(grade, t.Grade), ok && sound(t) && !whole.Contested()
		return ok
	})
	return grade, ok && grade != record.GradeNone, err
}

func sound(t *record.Title) bool {
	return t.Grade.Settled() && (t.State == record.Held || t.State == record.Qualified)
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
