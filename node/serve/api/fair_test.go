package api

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"testing"
)

// TestFair_API11: nobody holds every place at which lists of acts are read.
func TestFair_API11(t *testing.T) {
	_, a, _, _ := busy(t)
	let := func(remote string, i int) (func(), error) {
		r := httptest.NewRequest("POST", "/v1/acts", nil)
		r.RemoteAddr = fmt.Sprintf(remote, i)
		return a.bundlers.enter(r)
	}
	var leaves []func()
	for remote, want := range map[string]int{"192.0.2.1:%d": BundlesEach, "[2001:db8:1:%x::1]:9": BundlesEach, "127.0.0.1:%d": 40, "[::1]:%d": 40} {
		got := 0
		for i := range 40 {
			leave, err := let(remote, i+1)
			if err == nil {
				got++
				leaves = append(leaves, leave)
			} else if !errors.Is(err, ErrBusy) {
				t.Fatal(err)
			}
		}
		if got != want {
			t.Errorf("%s has %d places, want %d", remote, got, want)
		}
	}
	for _, leave := range leaves {
		leave()
	}
	if len(a.bundlers.by) != 0 {
		t.Errorf("held after all have left: %v", a.bundlers.by)
	}
	if _, err := let("192.0.2.1:%d", 7); err != nil {
		t.Errorf("a place that was given back: %v", err)
	}
}
