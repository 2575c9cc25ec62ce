package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// watched is a node of four blocks: the second moves a part of what is watched, the
// third something else, the fourth starts a recovery of the holder of what is charged.
func watchedNode() answers {
	statement := func(before, after string, at int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			says := before
			if r.URL.Query().Get("at") == fmt.Sprint(at) {
				says = after
			}
			_, _ = fmt.Fprintf(w, `{"statement":"After block 1, at noon, 193.0.0.0/24 stands. %s"}`, says)
		}
	}
	ann := "0x0100000000000000000000000000000000000000"
	return answers{
		"/v1/status": text(http.StatusOK, `{"height":"4"}`),
		"/v1/changes": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("after") == "1" {
				_, _ = w.Write([]byte(`{"changes":[{"height":"2","kind":"resource","resource":"193.0.0.0/24"},{"height":"2","kind":"due","key":"00"}],"next":"2"}`))
				return
			}
			_, _ = w.Write([]byte(`{"changes":[{"height":"3","kind":"resource","resource":"194.0.0.0/24"},{"height":"4","kind":"account","account":"` + ann + `"}],"next":""}`))
		},
		"/v1/resources/193.0.0.0/24": statement("Held by ann.", "Held by bob. A caution stands.", 2),
		"/v1/accounts/" + ann:        statement("It has one key.", "It has one key. A recovery of it: running.", 4),
		"/v1/accounts/0x0200000000000000000000000000000000000000/charges": text(http.StatusOK,
			`{"charges":[{"at":"193.0.0.0/16","holder":"`+ann+`","charge":{"rank":1,"longest_lease_seconds":"0"}}],"next":""}`),
	}
}

// TestWatch tells what changed at what is watched, and of nothing else; a lender is
// told of the holder's recovery too.
func TestWatch(t *testing.T) {
	moved := "block        2, 193.0.0.0/24\n  - Held by ann.\n  + Held by bob.\n  + A caution stands.\n"
	code, out, errs := typed(t, watchedNode(), "watch", "193.0.0.0/16", "--from", "2", "--once")
	if code != 0 || strings.Join(strings.Fields(out), " ") != strings.Join(strings.Fields(moved), " ") {
		t.Errorf("got %d %s%s, want %s", code, out, errs, moved)
	}
	code, out, errs = typed(t, watchedNode(), "watch", "--lender", "0x0200000000000000000000000000000000000000", "--from", "2", "--once")
	if code != 0 || !strings.Contains(out, "Held by bob.") || !strings.Contains(out, "  + A recovery of it: running.") {
		t.Errorf("got %d %s%s", code, out, errs)
	}
	if code, out, errs = typed(t, watchedNode(), "watch", "10.9.0.0/16", "--once"); code != 0 || out != "" {
		t.Errorf("got %d %s%s", code, out, errs)
	}
	if code, _, errs = typed(t, watchedNode(), "watch"); code != exitUsage || !strings.Contains(errs, "--lender") {
		t.Errorf("got %d %s", code, errs)
	}
}
