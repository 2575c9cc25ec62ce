package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
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

// TestWatch_proven: with a trust file both sides of a change are verified; a stream that
// breaks is begun anew, and --count ends it.
func TestWatch_proven(t *testing.T) {
	t.Chdir(t.TempDir())
	n, now := newHeaders(1, 40), uint64(time.Now().Unix())
	at, err := inr.Parse("8.8.8.0/24")
	if err != nil {
		t.Fatal(err)
	}
	e := tree.State{}.Edit()
	e.Put(record.FolioLeaf(at, &record.Folio{Title: (&record.Title{Rules: 1, State: record.Unclaimed}).Bytes()}))
	before, after := n.proof(t, 49, now-75, tree.State{}), n.proof(t, 50, now-60, e.Freeze())
	streams := 0
	node := answers{
		"/v1/status": text(http.StatusOK, `{"height":"48","genesis_hash":"0300000000000000000000000000000000000000000000000000000000000000"}`),
		"/v1/events": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, ": alive\n\n")
			_ = http.NewResponseController(w).Flush()
			if streams++; streams == 1 {
				panic(http.ErrAbortHandler) // as a connection that breaks
			}
			_, _ = io.WriteString(w, "event: head\nid: 50\ndata: {\"height\":\"50\"}\n\n")
		},
		"/v1/changes":  text(http.StatusOK, `{"changes":[{"height":"50","kind":"resource","resource":"8.8.8.0/24"}],"next":""}`),
		"/v1/headers/": n.ServeHTTP,
		"/v1/resources/8.8.8.0/24": func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write(map[string][]byte{"49": before, "50": after}[r.URL.Query().Get("at")])
		},
	}
	args := []string{"watch", "8.8.8.0/24", "--count", "1", "--json", "--trust", n.trust(t, 7)}
	code, out, errs := typed(t, node, args...)
	if code != 0 || streams != 2 || strings.Count(out, "\n") != 1 || !strings.Contains(out, `"verified":true`) || !strings.Contains(out, "unclaimed") ||
		!strings.Contains(errs, "the connection broke") {
		t.Errorf("exit code %d after %d streams\n%s%s", code, streams, out, errs)
	}
	before[len(before)/2] ^= 1
	if code, out, errs = typed(t, node, args...); code != exitUnverified || out != "" {
		t.Errorf("a proof that was altered: exit code %d\n%s%s", code, out, errs)
	}
}
