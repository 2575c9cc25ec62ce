package rpki

import (
	"encoding/hex"
	"fmt"
)

// pieceMatch is how many bytes two runs share before one is told by the other.
const pieceMatch = 16

// pieces tells a run of bytes by a base: "@from+n" is n bytes of the base,
// anything else is bytes in hexadecimal.
func pieces(base, to []byte) (out []string) {
	at := map[string][]int{}
	for i := 0; i+pieceMatch <= len(base); i++ {
		at[string(base[i:i+pieceMatch])] = append(at[string(base[i:i+pieceMatch])], i)
	}
	told := 0
	tell := func(t int) {
		if told < t {
			out = append(out, hex.EncodeToString(to[told:t]))
		}
	}
	for t := 0; t < len(to); {
		place, n := longest(base, to[t:], at)
		if n == 0 {
			t++
			continue
		}
		tell(t)
		out = append(out, fmt.Sprintf("@%d+%d", place, n))
		t += n
		told = t
	}
	tell(len(to))
	return out
}

// longest is where in the base the longest run stands with which rest begins;
// the first of several.
func longest(base, rest []byte, at map[string][]int) (place, n int) {
	if len(rest) < pieceMatch {
		return 0, 0
	}
	for _, i := range at[string(rest[:pieceMatch])] {
		k := pieceMatch
		for i+k < len(base) && k < len(rest) && base[i+k] == rest[k] {
			k++
		}
		if k > n {
			place, n = i, k
		}
	}
	return place, n
}

// joined is the bytes that pieces tell.
func joined(base []byte, pieces []string) (out []byte, err error) {
	for _, p := range pieces {
		var from, n int
		if _, err := fmt.Sscanf(p, "@%d+%d", &from, &n); err == nil {
			if from < 0 || n < 0 || from+n > len(base) {
				return nil, fmt.Errorf("%q is not in the base", p)
			}
			out = append(out, base[from:from+n]...)
			continue
		}
		put, err := hex.DecodeString(p)
		if err != nil {
			return nil, err
		}
		out = append(out, put...)
	}
	return out, nil
}
