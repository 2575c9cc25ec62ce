package ledger_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"ipledger/ledger/tx"
)

// memberNames has the members of each kind's typed data, once they were asked for.
var memberNames sync.Map

// fieldOf reports a refusal whose field is no member of the typed data of the act that
// it refused (specs/14, "Receipts").
func fieldOf(body tx.Body, field string) error {
	names, ok := memberNames.Load(body.Kind())
	if !ok {
		var data struct {
			Types map[string][]struct{ Name string }
		}
		file := &tx.File{Act: &tx.Act{Body: body}}
		if err := json.Unmarshal(file.TypedData(), &data); err != nil {
			return err
		}
		var list []string
		for _, m := range data.Types[body.Kind().String()] {
			list = append(list, m.Name)
		}
		names, _ = memberNames.LoadOrStore(body.Kind(), list)
	}
	if list := names.([]string); !slices.Contains(list, field) {
		return fmt.Errorf("%v was refused for its field %q, and has %q", body.Kind(), field, list)
	}
	return nil
}
