package engine

import (
	"fmt"
	"time"

	"github.com/cometbft/cometbft/config"

	"ipledger/ledger"
	"ipledger/ledger/tree"
)

// beat keeps the engine to the heartbeat that the state says.
type beat struct {
	// timing is the running engine's own. Its consensus routine reads it between
	// blocks, and calls Commit from the same goroutine; before that routine runs,
	// whoever replays or fetches blocks calls Commit.
	timing *config.ConsensusConfig
}

// follow takes the heartbeat from the state after a block.
//
// specs/11 ENG-21: Between blocks of an idle chain the engine MUST wait as long as
// heartbeat_seconds is in the state after the last of them.
func (b *beat) follow(s tree.State) error {
	length, err := heartbeatOf(s)
	if err == nil && b.timing != nil {
		b.timing.CreateEmptyBlocksInterval = length
	}
	return err
}

// heartbeatOf is the heartbeat in a state.
func heartbeatOf(s tree.State) (time.Duration, error) {
	p, err := ledger.Parameters(s)
	if err != nil {
		return 0, fmt.Errorf("heartbeat: %w", err)
	}
	return time.Duration(p.Heartbeat) * time.Second, nil
}

// Heartbeat is the time between blocks of an idle chain, as the newest state has it.
func (e *Engine) Heartbeat() (time.Duration, error) { return heartbeatOf(e.View().State) }
