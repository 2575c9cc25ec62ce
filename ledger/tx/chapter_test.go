package tx

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// row is the walker that writes fields as the tables of chapter 04 do.
type row struct{ fields []string }

func (r *row) add(name, kind string) { r.fields = append(r.fields, "`"+name+"` "+kind) }

func (r *row) number(name string, _ *uint64, most uint64) {
	if most == most64 {
		r.add(name, "number")
		return
	}
	r.add(name, fmt.Sprintf("number ≤ %d", most))
}

func (r *row) text(name string, _ *string, bytesMax int) {
	r.add(name, fmt.Sprintf("text ≤ %d bytes", bytesMax))
}

func (r *row) bytes(name string, _ *[]byte, most int) {
	r.add(name, fmt.Sprintf("bytes ≤ %d", most))
}

func (r *row) flag(name string, _ *bool)              { r.add(name, "flag") }
func (r *row) address(name string, _ *wire.Address)   { r.add(name, "address") }
func (r *row) hash(name string, _ *wire.Hash)         { r.add(name, "hash") }
func (r *row) resource(name string, _ *wire.Resource) { r.add(name, "resource") }
func (r *row) keys(name string, _ *[]account.Key) {
	r.add(name, fmt.Sprintf("keys ≤ %d", account.KeysMax))
}

// The tables of the chapter are those of the code.
func TestChapter_ACT2_ACT4(t *testing.T) {
	raw, err := os.ReadFile("../../specs/04-acts.md")
	if err != nil {
		t.Fatal(err)
	}
	has := func(line string) {
		if strings.Count(string(raw), "\n"+line+"\n") != 1 {
			t.Errorf("the chapter lacks the line %s", line)
		}
	}
	for kind, k := range kinds {
		r := new(row)
		k.empty().walk(r)
		has(fmt.Sprintf("| %d | `%s` | %s |", kind, k.name, strings.Join(r.fields, ", ")))
	}
	r := new(row)
	new(Header).walk(r)
	has("| header | " + strings.Join(r.fields, ", ") + " |")
}
