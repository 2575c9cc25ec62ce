package chain

import (
	"errors"
	"testing"
)

// TestJudge_CHAIN10: a judge is asked of every vote, in the order of the slots, and
// one no refuses the certificate.
func TestJudge_CHAIN10(t *testing.T) {
	s := newScene(1, 1, 1, 1).vote("cc-n")
	var asked [][32]byte
	judge := func(no int) Judge {
		asked = nil
		return func(key [32]byte, message, sig []byte) bool {
			asked = append(asked, key)
			return len(asked) != no && Arithmetic(key, message, sig)
		}
	}
	if err := judge(9).VerifyTrusting(s.chainID, s.set, s.set, s.header, s.cert); !errors.Is(err, ErrPower) || len(asked) != 3 {
		t.Errorf("two of four signed: got %v after %d questions", err, len(asked))
	}
	if asked[0] != s.set[0].PubKey || asked[2] != s.set[3].PubKey {
		t.Error("the judge is asked of other keys than those of the slots")
	}
	if err := judge(2).Verify(s.chainID, s.set, s.header, s.cert); !errors.Is(err, ErrSignature) || len(asked) != 2 {
		t.Errorf("the second is no signature: got %v after %d questions", err, len(asked))
	}
}
