package light

import "encoding/hex"

// Hex is bytes that a file shows as lower-case hexadecimal digits.
type Hex []byte

// MarshalText writes the digits.
func (h Hex) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h)), nil }

// UnmarshalText reads digits of either case: a file with others than
// MarshalText writes is refused as a whole by PRF-2.
func (h *Hex) UnmarshalText(text []byte) error {
	raw, err := hex.DecodeString(string(text))
	*h = raw
	return err
}
