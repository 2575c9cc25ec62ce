package engine

import (
	"bytes"
	"fmt"
	"strings"

	abci "github.com/cometbft/cometbft/abci/types"
	"github.com/cometbft/cometbft/privval"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
)

// alone reports a vote of this node's key, in the commit of a height, that its signing
// state knows nothing of: another machine signs with the key, or the state was set back.
// Going on would sign two votes of one height sooner or later. The engine signs and
// finalises on one goroutine, so the state is not changing meanwhile.
//
// specs/11 ENG-24: A node MUST end itself, before it votes again, where a certificate has a
// vote of its key for a height above the last one that its signing state names.
func (k Keys) alone(commit *abci.CommitInfo, height int64) error {
	own, ok := k.validator.(*privval.FilePV)
	if !ok || own.LastSignState.Height >= height {
		return nil
	}
	for _, v := range commit.Votes {
		if v.BlockIdFlag != cmtproto.BlockIDFlagAbsent && bytes.Equal(v.Validator.Address, own.Key.Address) {
			return fmt.Errorf("%w: block %d has a vote of this node's validator key, and its signing state names height %d as the last (ENG-24): "+
				"the key signs on another machine too, or this home is an old copy. Find that machine and end it for good; then raise height in priv_validator_state.json to %d or above, and start again",
				ErrKeys, height, own.LastSignState.Height, height)
		}
	}
	return nil
}

// twin is the error of two votes of this node's key that contradict each other.
func twin(said []any) error {
	return fmt.Errorf("%w: this node's validator key has given two votes that contradict each other (%s; ENG-24): it signs on another machine too, or this home is an old copy. "+
		"Find that machine and end it for good; then raise height in priv_validator_state.json to that of the newest block, and start again",
		ErrKeys, strings.TrimSpace(fmt.Sprintln(said...)))
}
