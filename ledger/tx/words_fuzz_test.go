package tx

import (
	"fmt"
	"strings"
	"testing"
)

// FuzzWords_ACT27_ACT28_ACT29_ACT33 reads the lists that acts carry as one text:
// what is read says itself again in the same letters.
func FuzzWords_ACT27_ACT28_ACT29_ACT33(f *testing.F) {
	for _, text := range []string{"192.0.2.0/24-24=64496 2001:db8::/32-48=0", "64497 64500", "0", guardians(2), "ns1.a.example ns2.a.example", "1 13 2 " + mark(5).String()} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		again := func(items []string) {
			if got := strings.Join(items, " "); got != text {
				t.Errorf("%q was read, and says %q", text, got)
			}
		}
		if list, err := ParseOrigins(text); err == nil {
			var items []string
			for _, o := range list {
				items = append(items, fmt.Sprintf("%v-%d=%d", o.Resource, o.MaxLength, o.AS))
			}
			again(items)
		}
		if list, err := ParseProviders(text); err == nil {
			var items []string
			for _, as := range list {
				items = append(items, fmt.Sprint(as))
			}
			again(items)
		}
		if list, err := ParseAccounts(text); err == nil {
			var items []string
			for _, id := range list {
				items = append(items, id.String())
			}
			again(items)
		}
		if list, err := ParseServers(text); err == nil {
			again(list)
		}
		if list, err := ParseDS(text); err == nil && strings.Join(list, "; ") != text {
			t.Errorf("%q was read as %q", text, list)
		}
	})
}
