package api

import (
	"bufio"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestEvents_slowReadersAreDropped_API7 fills a reader's buffer and sees it go.
func TestEvents_slowReadersAreDropped_API7(t *testing.T) {
	h := newHub()
	slow, _ := h.join()
	for i := range StreamBuffer + 1 {
		h.publish(View{Height: uint64(i)})
	}
	n := 0
	for range slow {
		n++
	}
	if n != StreamBuffer || h.size() != 0 {
		t.Errorf("got %d heads and %d readers left, want %d and none", n, h.size(), StreamBuffer)
	}
	h.close()
	if late, leave := h.join(); true {
		if _, open := <-late; open {
			t.Error("a reader joined a closed hub")
		}
		leave()
	}
}

func TestEvents_tellOfNewHeads(t *testing.T) {
	w, a, _, _ := busy(t)
	server := httptest.NewServer(a)
	defer server.Close()
	r, err := server.Client().Get(server.URL + "/v1/events")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	lines := bufio.NewScanner(r.Body)
	next := func(prefix string) string {
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), prefix); ok {
				return text
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return ""
	}
	if id := next("id: "); id != "4" {
		t.Errorf("got head %s first, want 4", id)
	}
	w.block()
	for next("id: ") != "5" {
	}
	var head struct {
		Height  string
		Changed bool
	}
	if err := json.Unmarshal([]byte(next("data: ")), &head); err != nil || head.Height != "5" || head.Changed {
		t.Errorf("got %+v, %v", head, err)
	}
}
