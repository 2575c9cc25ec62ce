package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ipledger/ledger/wire"
)

// TestLookup_hands_SVC14 shows an AS number that came to another holder after an
// authorisation named it, and one that did not.
func TestLookup_hands_SVC14(t *testing.T) {
	t.Chdir(t.TempDir())
	act := wire.Hash{7}
	origin := func(as int) string {
		return fmt.Sprintf(`{"at":"193.0.8.0/24","max_length":24,"as":"%d","act":"%v","holder":null,"since":"2026-11-21T07:00:00Z"}`, as, act)
	}
	title := func(since string) string {
		return `{"resource":"x","height":"5","title":{"at":"x","holder":"0x0100000000000000000000000000000000000000","since":` + since + `}}`
	}
	_, out, errs := typed(t, answers{
		"/v1/resources/193.0.8.0/24": text(http.StatusOK, `{"resource":"193.0.8.0/24","height":"5","time":"2026-11-21T09:00:00Z","origins":[`+origin(1)+","+origin(2)+","+origin(3)+`]}`),
		"/v1/resources/AS1":          text(http.StatusOK, title(`"2026-11-21T08:00:00Z"`)),
		"/v1/resources/AS2":          text(http.StatusOK, title(`"2026-11-21T06:00:00Z"`)),
		"/v1/resources/AS3":          text(http.StatusOK, title(`null`)),
	}, "lookup", "193.0.8.0/24")
	if !strings.Contains(out, "AS1, named as origin, came to") || strings.Contains(out, "AS2, named") || strings.Contains(out, "AS3, named") {
		t.Errorf("got\n%s%s", out, errs)
	}
}
