package engine

import (
	"testing"
	"time"

	"ipledger/ledger"
)

// TestPace_ENG7 slows a proposer down by half at most, and lets it recover.
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
		{"a fifth too slow", 5000, paceTime * 5 / 4, 4000},
		{"four times too slow", 4000, 4 * paceTime, 2000},
		{"four times too slow again", 2000, 4 * paceTime, paceActsMin},
		{"as slow as can be", 1000, time.Hour, paceActsMin},
		{"too few to tell", 3, time.Hour, 2 * paceActsMin},
		{"an empty pool", 0, 0, 4 * paceActsMin},
		{"fast", 4000, paceTime / 100, ledger.BlockActsMax},
	} {
		p.took(step.acts, step.took)
		if got := p.most(); got != step.want {
			t.Errorf("%s: %d acts, want %d", step.name, got, step.want)
		}
	}
}
