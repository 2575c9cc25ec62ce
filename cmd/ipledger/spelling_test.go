package main

import "testing"

// TestUsual tries the spellings in use, and what is refused rather than guessed.
func TestUsual(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"193.0.8.1", "193.0.8.1/32"},
		{"193.0.8.0/24", "193.0.8.0/24"},
		{" 193.0.8.0/24 ", "193.0.8.0/24"},
		{"193.0.8.0 / 24", "193.0.8.0/24"},
		{"193.0/16", "193.0.0.0/16"},
		{"193/8", "193.0.0.0/8"},
		{"193.0.8.0 255.255.255.0", "193.0.8.0/24"},
		{"193.0.8.0/255.255.255.0", "193.0.8.0/24"},
		{"193.0.8.0-193.0.8.255", "193.0.8.0/24"},
		{"193.0.8.0 - 193.0.9.255", "193.0.8.0/23"},
		{"193.0.8.7-193.0.8.7", "193.0.8.7/32"},
		{"0.0.0.0/0", "0.0.0.0/0"},
		{"2001:67c:2e8::/48", "2001:67c:2e8::/48"},
		{"2001:67C:2E8::/48", "2001:67c:2e8::/48"},
		{"2001:067c:02e8:0000:0000:0000:0000:0000/48", "2001:67c:2e8::/48"},
		{"2001:67c:2e8:0:0:0:0:1", "2001:67c:2e8::1/128"},
		{"[2001:67c:2e8::1]", "2001:67c:2e8::1/128"},
		{"2001:67c:2e8:: - 2001:67c:2e8:ffff:ffff:ffff:ffff:ffff", "2001:67c:2e8::/48"},
		{"::/0", "::/0"},
		{"AS3333", "AS3333"},
		{"as3333", "AS3333"},
		{"As 3333", "AS3333"},
		{"ASN3333", "AS3333"},
		{"asn 3333", "AS3333"},
		{"3333", "AS3333"},
		{"AS3.10", "AS196618"},
		{"3.10", "AS196618"},
		{"AS0", "AS0"},
		{"AS4294967295", "AS4294967295"},
		{"AS3328-AS3343", "AS3328-AS3343"},
		{"as3328 - as3343", "AS3328-AS3343"},
		{"AS3328-3343", "AS3328-AS3343"},
		{"AS3333-AS3333", "AS3333"},
		{"193.0.8.1/24", ""},
		{"193.0.8.0/33", ""},
		{"193.0.8.0/", ""},
		{"193.0.8.0/024", ""},
		{"193.000.8.0", ""},
		{"193.0.8", ""},
		{"193.0.8.0-193.0.8.254", ""},
		{"193.0.9.0-193.0.8.0", ""},
		{"193.0.8.0 255.0.255.0", ""},
		{"::ffff:193.0.8.1", ""},
		{"::ffff:193.0.8.0/120", ""},
		{"fe80::1%eth0", ""},
		{"AS4294967296", ""},
		{"AS-1", ""},
		{"AS3.65536", ""},
		{"AS3329-AS3344", ""},
		{"AS", ""},
		{"", ""},
		{"example.net", ""},
		{"193.0.8.1\u202e", ""},
	} {
		r, err := usual(c.text)
		switch {
		case c.want == "" && err == nil:
			t.Errorf("usual(%q) = %v, want an error", c.text, r)
		case c.want == "":
			if codeOf(err) != exitUsage {
				t.Errorf("usual(%q) exits %d, want %d", c.text, codeOf(err), exitUsage)
			}
		case err != nil:
			t.Errorf("usual(%q): %v", c.text, err)
		case r.String() != c.want:
			t.Errorf("usual(%q) = %v, want %s", c.text, r, c.want)
		}
	}
}

// TestStrict takes canonical text alone.
func TestStrict(t *testing.T) {
	for _, text := range []string{"193.0.8.0/24", "2001:67c:2e8::/48", "AS3333", "AS3328-AS3343"} {
		if r, err := strict(text); err != nil || r.String() != text {
			t.Errorf("strict(%q) = %v, %v", text, r, err)
		}
	}
	for _, text := range []string{"193.0.8.1", "193.0.8.1/24", "as3333", "3333", "2001:67C::/32", "193.0/16"} {
		if r, err := strict(text); err == nil {
			t.Errorf("strict(%q) = %v, want an error", text, r)
		}
	}
}
