package node

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestSupplied_FILE6: what cannot be read does not take the place of what could.
func TestSupplied_FILE6(t *testing.T) {
	s := supplied{path: filepath.Join(t.TempDir(), "vrps.json"), most: time.Hour}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(s.path+".new", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(s.path+".new", s.path); err != nil {
			t.Fatal(err)
		}
	}
	// FILE-7: until the first is read there is no set, and that is not the same as none.
	if _, ok := s.set(); ok || s.look() == nil {
		t.Error("a file that is not there was read")
	}
	write(`{"roas": [{"asn": 1, "prefix": "193.0.4.0/22", "maxLength": 24}]}`)
	if err := s.look(); err != nil {
		t.Fatal(err)
	}
	first, ok := s.set()
	if !ok || len(first.Payloads) != 1 {
		t.Fatalf("got %v", first)
	}
	for name, text := range map[string]string{
		"half a file":   `{"roas": [{"asn": 1, "pre`,
		"a wrong row":   `{"roas": [{"asn": 1, "prefix": "193.0.4.1/22"}]}`,
		"an empty list": `{"roas": []}`,
	} {
		write(text)
		for range 2 { // it is told of as long as it is there
			if err := s.look(); err == nil {
				t.Errorf("%s was taken", name)
			}
		}
		if now, ok := s.set(); !ok || now != first || s.err.Load() == nil {
			t.Errorf("%s took the place of the first", name)
		}
	}
	if err := os.Remove(s.path); err != nil {
		t.Fatal(err)
	}
	if now, ok := s.set(); s.look() == nil || !ok || now != first {
		t.Error("what is gone took the place of the first")
	}
	write(`{"metadata": {"generated": 1000}, "roas": [{"asn": 1, "prefix": "193.0.4.0/22"}, {"asn": 2, "prefix": "193.0.4.0/22"}]}`)
	if err := s.look(); err != nil {
		t.Fatal(err)
	}
	if now, _ := s.set(); len(now.Payloads) != 2 || s.err.Load() != nil {
		t.Errorf("got %v", now)
	}
	if age, old := s.old(time.Unix(1000, 0).Add(61 * time.Minute)); !old || age != 61*time.Minute {
		t.Errorf("it is %v old: %v", age, old)
	}
	if _, old := s.old(time.Unix(1000, 0).Add(59 * time.Minute)); old {
		t.Error("it is old too early")
	}
}

// TestSupplied_none_FILE7: where no file is named, nothing is waited for.
func TestSupplied_none_FILE7(t *testing.T) {
	var s supplied
	if set, ok := s.set(); set != nil || !ok {
		t.Errorf("got %v, %v", set, ok)
	}
}
