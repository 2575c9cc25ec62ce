package engine

import (
	"testing"
	"time"

	"ipledger/ledger"
)

// TestPace slows a proposer down at once, and lets it recover.
func TestPace_ENG7(t *testing.T) {
	var p pace
	for _, step := range []struct {
		name string
		acts int
		took time.Duration
		want int
	}{
		{"in time", 5000, paceTime / 2, ledger.BlockActsMax},
		{"exactly in time", 5000, paceTime, ledger.BlockActsMax},
		{"four times too slow", 5000, 4 * paceTime, 1250},
		{"in half the time", 1250, paceTime / 2, 2500},
		{"as slow as can be", 2500, time.Hour, paceActsMin},
		{"too few to tell", 3, time.Hour, 2 * paceActsMin},
		{"an empty pool", 0, 0, 4 * paceActsMin},
		{"fast", 2000, paceTime / 100, 8 * paceActsMin},
		{"fast again", 4000, paceTime / 100, ledger.BlockActsMax},
	} {
		p.took(step.acts, step.took)
		if got := p.most(); got != step.want {
			t.Errorf("%s: %d acts, want %d", step.name, got, step.want)
		}
	}
}
