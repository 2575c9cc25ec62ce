package main

import "testing"

func TestParseSpan(t *testing.T) {
	for text, want := range map[string]uint64{"30d": 30 * 86400, "24h": 86400, "1d12h": 129600, "90m": 5400, "0s": 0, "1h0m5s": 3605} {
		if got, err := parseSpan(text); err != nil || got != want {
			t.Errorf("%s: got %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "30", "d", "-1d", "1s30m", "1.5h", "30 d", "9999999999999d", "500ms", "+3d", "1d1d"} {
		if got, err := parseSpan(text); err == nil {
			t.Errorf("%q: got %d, want an error", text, got)
		}
	}
}

func TestSpan_readsWhatItWrites(t *testing.T) {
	for _, n := range []uint64{0, 1, 59, 3600, 86399, 86400, 30 * 86400, 3600*25 + 61} {
		d := span(n)
		var again span
		if err := again.Set(d.String()); err != nil || again != d {
			t.Errorf("%d: %s reads as %d, %v", n, d.String(), again, err)
		}
	}
}

func TestParseWhen(t *testing.T) {
	const now = 1_800_000_000
	for text, want := range map[string]uint64{"72h": now + 72*3600, "+90d": now + 90*86400, "2027-01-31": 1801353600, "2027-01-31T12:00:00Z": 1801396800} {
		if got, err := parseWhen("end", text, now); err != nil || got != want {
			t.Errorf("%s: got %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "tomorrow", "-3d", "2027-13-01"} {
		if got, err := parseWhen("end", text, now); err == nil {
			t.Errorf("%q: got %d, want an error", text, got)
		}
	}
}
