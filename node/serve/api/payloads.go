package api

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"

	"ipledger/ledger/light"
	payloads "ipledger/ledger/vrp"
)

// PayloadsMax is how many lists of payloads are made and written at once: each
// takes some 50 bytes of memory a payload.
const PayloadsMax = 2

// payloads writes all route payloads of a state: of the newest, or of that of at.
//
// specs/31 DRIFT-12: ... whatever its operator leaves out of exports.
func (a *API) payloads(w http.ResponseWriter, r *http.Request) error {
	leave, err := a.lists.enter(r.Context())
	if err != nil {
		return ErrBusy
	}
	defer leave()
	v, err := a.view(r)
	if err != nil {
		return err
	}
	list, err := payloads.List(v.State, v.moment())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	out := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(out, `{"chain_id":%s,"height":"%d","time":%s,"count":%d,"payloads":[`,
		quoted(a.ChainID), v.Height, quoted(light.Clock(v.Time)), len(list))
	line := make([]byte, 0, 128)
	for i, p := range list {
		if line = line[:0]; i > 0 {
			line = append(line, ',')
		}
		if _, err := out.Write(p.AppendJSON(append(line, '\n'))); err != nil {
			return nil // the reader is gone
		}
	}
	out.WriteString("]}\n")
	_ = out.Flush() // its error is a reader that is gone
	return nil
}

func quoted(text string) string {
	raw, _ := json.Marshal(text) // text is always JSON
	return string(raw)
}
