package api

import (
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
	"ipledger/specs"
)

// parseResource reads a prefix, a block of AS numbers or a single address, in
// canonical text.
//
// specs/13 API-1: A resource MUST be asked for in its canonical text (RES-2),
// its slash as it is; a single address stands for the block of that address.
func parseResource(text string) (wire.Resource, error) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" && !addr.Is4In6() && addr.String() == text {
		return inr.FromPrefix(netip.PrefixFrom(addr, addr.BitLen())), nil
	}
	r, err := inr.Parse(text)
	if err != nil {
		p := problem(http.StatusBadRequest, "bad_resource", "%v", err)
		p.Rule = "RES-2"
		p.Sentence, _ = specs.Rule(p.Rule)
		return r, p
	}
	return r, nil
}

// number reads a decimal number in its one form.
func number(name, text string, most uint64) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || strconv.FormatUint(n, 10) != text || n > most {
		return 0, problem(http.StatusBadRequest, "bad_parameter", "%s is a decimal number of at most %d, not %q", name, most, text)
	}
	return n, nil
}

// optional reads a number that may be left out.
func optional(r *http.Request, name string, most, usual uint64) (uint64, error) {
	text := r.URL.Query().Get(name)
	if !r.URL.Query().Has(name) {
		return usual, nil
	}
	return number(name, text, most)
}

// asked reports whether a switch such as proof=1 is on; it is 1 or left out.
func asked(r *http.Request, name string) (bool, error) {
	q := r.URL.Query()
	if q.Has(name) && q.Get(name) != "1" {
		return false, problem(http.StatusBadRequest, "bad_parameter", "%s is 1 or left out", name)
	}
	return q.Has(name), nil
}

// limit is the size of the page that is asked for.
func limit(r *http.Request) (int, error) {
	n, err := optional(r, "limit", PageMax, PageUsual)
	if err == nil && n == 0 {
		err = problem(http.StatusBadRequest, "bad_parameter", "limit is at least 1")
	}
	return int(n), err
}

// height reads at, which is a height or a time as RFC 3339 writes it; ok is
// false where it is left out.
func (a *API) height(r *http.Request) (height uint64, ok bool, err error) {
	text := r.URL.Query().Get("at")
	if !r.URL.Query().Has("at") {
		return 0, false, nil
	}
	head := a.Ledger.View()
	if when, timeErr := time.Parse(time.RFC3339, text); timeErr == nil {
		height, err = a.heightAt(head, when)
		return height, true, err
	}
	height, err = number("at", text, 1<<63-1)
	if err == nil && (height == 0 || height > head.Height) {
		err = problem(http.StatusNotFound, "unknown_height", "there is no block %d; the last is %d", height, head.Height)
	}
	if err == nil {
		err = a.kept(height)
	}
	return height, true, err
}

// heightAt finds the last block whose header's time is not after when.
func (a *API) heightAt(head View, when time.Time) (uint64, error) {
	low, high := a.Pruned, head.Height // low is not after when, so far as is known
	for low < high {
		middle := high - (high-low)/2
		h, _, _, err := a.Ledger.Certified(middle)
		if err != nil {
			return 0, err
		}
		if int64(h.Time.Seconds) <= when.Unix() {
			low = middle
		} else {
			high = middle - 1
		}
	}
	if err := a.kept(low); err != nil {
		return 0, err
	}
	if low == 0 {
		return 0, problem(http.StatusNotFound, "unknown_height", "no block is as old as %s", when.UTC().Format(time.RFC3339))
	}
	return low, nil
}
