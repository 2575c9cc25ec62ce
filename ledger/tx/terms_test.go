package tx

import (
	"encoding/json"
	"slices"
	"testing"
)

// TestTerms holds that the terms of a body are the body's part of the message.
func TestTerms(t *testing.T) {
	for _, b := range bodySamples() {
		var terms map[string]any
		if err := json.Unmarshal(Terms(b), &terms); err != nil {
			t.Fatalf("%v: %v", b.Kind(), err)
		}
		var file struct{ Message map[string]any }
		if err := json.Unmarshal((&File{Act: New(Header{}, b)}).TypedData(), &file); err != nil {
			t.Fatal(err)
		}
		header := len(schemas[b.Kind()].members) - len(terms)
		if len(terms) == 0 || header != 9 {
			t.Errorf("%v: %d terms, %d members more, want the nine of a header", b.Kind(), len(terms), header)
		}
		for name, v := range terms {
			if file.Message[name] != v {
				t.Errorf("%v: %s is %v, in the message %v", b.Kind(), name, v, file.Message[name])
			}
		}
		if words := Words(b); len(words) == 0 || words[0] != New(Header{}, b).Text(salt)[0] {
			t.Errorf("%v: got %q", b.Kind(), words)
		}
	}
}

func TestFirstOrigins_ACT27(t *testing.T) {
	const want = "192.0.2.0/24-24=64496 192.0.2.0/24-25=64496 2001:db8::/32-48=0"
	list, err := ParseOrigins(want)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(list)
	if got := FirstOrigins(append(list, list[0])); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := FirstOrigins(nil); got != "" {
		t.Errorf("none: got %q", got)
	}
}

// TestText_revocation: what is kept for a day to come binds itself to no policy
// and no time, and says so.
func TestText_revocation(t *testing.T) {
	for _, line := range byKey(t).Text(salt) {
		if slices.Contains([]string{"Void unless it is applied before 1970-01-01T00:00:00Z."}, line) || len(line) > 200 {
			t.Errorf("it says %q", line)
		}
	}
	if got, want := byKey(t).Text(salt)[3], "By account "+address(9).String()+"."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
