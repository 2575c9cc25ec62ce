package audit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"ipledger/ledger/archive"
	"ipledger/ledger/audit"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/wire"
)

// TestSnapshot_AUD12 interrupts an audit after each block and goes on from what
// it wrote: the end is the same, and what is wrong later is found all the same.
func TestSnapshot_AUD12(t *testing.T) {
	c, blocks := story(t, nil)
	whole, err := run(t, c, blocks)
	if err != nil {
		t.Fatal(err)
	}
	for n := range blocks {
		r, err := run(t, c, blocks[:n])
		if err != nil {
			t.Fatal(err)
		}
		head, state, err := r.Snapshot()
		if n < 3 {
			if !errors.Is(err, audit.ErrEarly) {
				t.Errorf("a snapshot after %d blocks: %v", n, err)
			}
			continue
		}
		var file bytes.Buffer
		if err := archive.WriteSnapshot(&file, head, state, nil); err != nil {
			t.Fatal(err)
		}
		again, read, err := archive.ReadSnapshot(&file, record.ValueOfData, audit.Own(c.Hash))
		if err != nil {
			t.Fatal(err)
		}
		on := audit.FromSnapshot(again, read)
		if on.Height() != uint64(n-2) {
			t.Fatalf("it stands at height %d after %d blocks", on.Height(), n)
		}
		if err := step(on, blocks[n-2:]); err != nil || on.State().Root() != whole.State().Root() {
			t.Errorf("after %d blocks it goes on with %v to root %v", n, err, on.State().Root())
		}
		altered := *blocks[len(blocks)-1]
		altered.Header.AppHash[0] ^= 1
		on = audit.FromSnapshot(again, read)
		if err := step(on, append(blocks[n-2:len(blocks)-1:len(blocks)-1], &altered)); !errors.Is(err, audit.ErrFinding) {
			t.Errorf("after %d blocks it takes an altered one: %v", n, err)
		}
	}
}

// TestTrusting_ARCH11 begins from no snapshot without a reason.
func TestTrusting_ARCH11(t *testing.T) {
	c, blocks := story(t, nil)
	r, err := run(t, c, blocks)
	if err != nil {
		t.Fatal(err)
	}
	head, _, err := r.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	after := &head.After.Header
	trust := light.Trust{ChainID: after.ChainID, GenesisHash: c.Hash, Height: after.Height, HeaderHash: after.Hash(), ValidatorsHash: after.ValidatorsHash}
	for why, change := range map[string]func(*light.Trust){
		"":                func(*light.Trust) {},
		"another genesis": func(t *light.Trust) { t.GenesisHash = wire.Hash{1} },
		"another chain":   func(t *light.Trust) { t.ChainID = "other" },
		"another header":  func(t *light.Trust) { t.HeaderHash = wire.Hash{1} },
		"another set":     func(t *light.Trust) { t.Height, t.ValidatorsHash = 1, wire.Hash{1} },
	} {
		changed := trust
		change(&changed)
		if err := audit.Trusting(&changed)(head); (err == nil) != (why == "") {
			t.Errorf("%q: %v", why, err)
		}
	}
	if err := audit.Own(wire.Hash{1})(head); !errors.Is(err, audit.ErrFinding) {
		t.Errorf("a snapshot of another genesis was taken as one's own: %v", err)
	}
}

// TestReport_AUD11 says how far an audit came, in words and in JSON.
func TestReport_AUD11(t *testing.T) {
	c, blocks := story(t, nil)
	r, err := run(t, c, blocks)
	if err != nil {
		t.Fatal(err)
	}
	report := r.Report(nil)
	raw, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"holds":true`, `"after":"0"`, `"height":"8"`, `"acts":"5"`, `"certified_height":"7"`, `"finding":null`, c.State.Root().String(), c.Frontier.Root().String()} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the report lacks %s: %s", want, raw)
		}
	}
	if text := report.Text(); !strings.Contains(text, "blocks 1 to 8, from genesis") || !strings.HasSuffix(text, "holds\n") {
		t.Errorf("the report reads\n%s", text)
	}
	blocks[1].Receipts[1] = blocks[1].Receipts[0]
	r, err = run(t, c, blocks)
	var f *audit.Finding
	if !errors.As(err, &f) {
		t.Fatal(err)
	}
	text := r.Report(f).Text()
	for _, want := range []string{"blocks 1 to 1", "block 2, act 1, ", "AUD-9", "does not hold"} {
		if !strings.Contains(text, want) {
			t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
}
