// Package plain makes text from elsewhere fit to show: whatever a node, a file or a
// name says, it cannot make a terminal do anything, and hides nothing.
package plain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Text escapes every character that a terminal may act upon or hide, but for line ends
// where lines are asked for. The form is that of JSON, so JSON stays JSON.
func Text(text string, lines bool) string {
	shown := func(r rune) bool { return unicode.IsPrint(r) || lines && r == '\n' }
	// A byte that is no UTF-8 is a control character to a terminal of eight bits; it
	// reads as U+FFFD below.
	if utf8.ValidString(text) && strings.IndexFunc(text, func(r rune) bool { return !shown(r) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case shown(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
