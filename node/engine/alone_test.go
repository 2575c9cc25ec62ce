package engine

import (
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/privval"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
)

// TestAlone_ENG24 ends a node whose validator key signs somewhere else too, before it
// applies a block or votes again.
func TestAlone_ENG24(t *testing.T) {
	dir := t.TempDir()
	keys, err := MakeKeys(KeyFiles{filepath.Join(dir, "node"), filepath.Join(dir, "validator"), filepath.Join(dir, "state")})
	if err != nil {
		t.Fatal(err)
	}
	own := keys.validator.(*privval.FilePV)
	commit := func(flag cmtproto.BlockIDFlag, address []byte) abci.CommitInfo {
		return abci.CommitInfo{Votes: []abci.VoteInfo{
			{Validator: abci.Validator{Address: make([]byte, 20), Power: 1}, BlockIdFlag: cmtproto.BlockIDFlagCommit},
			{Validator: abci.Validator{Address: address, Power: 1}, BlockIdFlag: flag},
		}}
	}
	for name, c := range map[string]struct {
		commit abci.CommitInfo
		signed int64 // by the state
		ends   bool
	}{
		"a vote of this key beyond the state":     {commit(cmtproto.BlockIDFlagCommit, own.Key.Address), 6, true},
		"a vote for nothing beyond the state":     {commit(cmtproto.BlockIDFlagNil, own.Key.Address), 6, true},
		"a state of nothing, as of a new disk":    {commit(cmtproto.BlockIDFlagCommit, own.Key.Address), 0, true},
		"a vote that the state knows":             {commit(cmtproto.BlockIDFlagCommit, own.Key.Address), 7, false},
		"one that it is beyond":                   {commit(cmtproto.BlockIDFlagCommit, own.Key.Address), 9, false},
		"no vote of this key":                     {commit(cmtproto.BlockIDFlagAbsent, own.Key.Address), 6, false},
		"votes of others, as a full node sees it": {commit(cmtproto.BlockIDFlagCommit, []byte("twenty other bytes..")), 0, false},
	} {
		own.LastSignState.Height = c.signed
		if err := keys.alone(&c.commit, 7); (err != nil) != c.ends || c.ends && (!errors.Is(err, ErrKeys) || !strings.Contains(err.Error(), "raise height in priv_validator_state.json to 7")) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	b := newBench(t, 1)
	b.o.Keys, b.o.CrashDir = keys, t.TempDir()
	fatal := make(chan error, 1)
	b.o.Fatal = func(err error) { fatal <- err }
	own.LastSignState.Height = 0
	if _, err := b.FinalizeBlock(t.Context(), &abci.RequestFinalizeBlock{
		Height: 2, Time: time.Unix(int64(b.world.Genesis.Time)+5, 0), Hash: make([]byte, 32), DecidedLastCommit: commit(cmtproto.BlockIDFlagCommit, own.Key.Address),
	}); !errors.Is(err, ErrKeys) || b.final != nil {
		t.Errorf("the block was taken: %v", err)
	}
	if files, _ := os.ReadDir(b.o.CrashDir); len(files) != 1 {
		t.Errorf("it left %d reports", len(files))
	}
}

// TestTwin_ENG24 ends a node over what the engine itself would go on after.
func TestTwin_ENG24(t *testing.T) {
	var where []string
	l := newLogger(slog.New(slog.DiscardHandler), func(w string, cause any, _ string) {
		if err, ok := cause.(error); !ok || !errors.Is(err, ErrKeys) || !strings.Contains(err.Error(), "height 7 round 0") {
			t.Errorf("got %v", cause)
		}
		where = append(where, w)
	}).With("module", "consensus")
	l.Error("failed to process message", "err", "conflicting votes")
	if l.Error(engineTwin, "height", 7, "round", 0); len(where) != 1 || where[0] != "signing" {
		t.Errorf("ended by %v", where)
	}
}

// TestTwin_words: what ends the node is what the engine says.
func TestTwin_words(t *testing.T) {
	raw, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/cometbft/cometbft").Output()
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(raw)), "consensus", "state.go"))
	if err != nil || !strings.Contains(string(source), `"`+engineTwin+`"`) || !strings.Contains(string(source), `"`+engineFailure+`"`) {
		t.Errorf("the engine has other words: %v", err)
	}
}
