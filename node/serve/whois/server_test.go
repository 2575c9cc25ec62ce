package whois

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"ipledger/ledger/audit/mint"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/serve/servetest"
)

// TestAnswer_WHOIS4_WHOIS5_WHOIS7 reads an answer whole.
func TestAnswer_WHOIS4_WHOIS5_WHOIS7(t *testing.T) {
	c := world(t)
	got := asked(t, started(t, config(c)), "60.0.1.0/24\r\n")
	ann, bob := c.ID("ann").String(), c.ID("bob").String()
	want := `% WHOIS of the address registry minted, in RPSL and UTF-8.
% What is said is of block 7, 2027-01-15T08:01:00Z, and proves nothing by itself:
% "proof" is a path of the node's HTTP interface, and ipledger lookup NUMBERS --proof FILE gets and checks it.

% Information related to '60.0.1.0 - 60.0.1.255'

% Abuse contact for '60.0.1.0 - 60.0.1.255' is 'https://cat.example/abuse'

inetnum:        60.0.1.0 - 60.0.1.255
netname:        NET-60-0-1-0-24
descr:          bob
country:        JP
org:            ` + bob + `
status:         LEASE
remarks:        state: held, active
remarks:        grade: T, proved 2027-01-15T08:00:00Z
remarks:        holder: ` + ann + ` ann (self-declared), of 60.0.0.0/22
remarks:        source row: apnic, handle unknown, allocated, 20200101
remarks:        lessee: ` + bob + ` bob (attested), until 2027-04-15T08:00:20Z
remarks:        operator of record: Cat Net "South"
remarks:        abuse contact: https://cat.example/abuse
remarks:        divergence: none
remarks:        proof: /v1/resources/60.0.1.0/24?proof=1&at=7
created:        2027-01-15T08:00:30Z
source:         LEDGER

organisation:   ` + ann + `
org-name:       ann
country:        NL
remarks:        name and jurisdiction: self-declared
remarks:        proof: /v1/accounts/` + ann + `?proof=1&at=7
created:        2027-01-15T08:00:00Z
source:         LEDGER

organisation:   ` + bob + `
org-name:       bob
country:        NL
remarks:        name and jurisdiction: attested by 0xf100000000000000000000000000000000000000 at 2027-01-15T08:00:00Z
remarks:        proof: /v1/accounts/` + bob + `?proof=1&at=7
created:        2027-01-15T08:00:00Z
source:         LEDGER

% Block 7 of the ledger, served by ipledgerd 9.9.


`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestState_WHOIS4 tells how a title stands in words, each once.
func TestState_WHOIS4(t *testing.T) {
	addr := started(t, config(world(t)))
	for query, want := range map[string]string{
		"AS131072": "reserved", "61.0.0.0": "available, inactive", "62.0.0.0": "held, active, locked", "60.0.1.1": "held, active",
	} {
		if got := asked(t, addr, query+"\n"); !strings.Contains(got, "\nremarks:        state: "+want+"\n") {
			t.Errorf("%s: no %q in:\n%s", query, want, got)
		}
	}
}

// TestHostile_WHOIS5: no text of anybody ends its line or turns others round.
func TestHostile_WHOIS5(t *testing.T) {
	got := asked(t, started(t, config(world(t))), "62.0.0.1\n")
	const shown = "x?source: RIPE???% end??[31m??end?"
	for _, line := range []string{"remarks:        source row: ripencc, " + shown + ", assigned\n", "remarks:        divergence: since 2027-01-15T08:00:20Z, source says " + shown + "\n", "remarks:        restriction: frozen until 2027-01-15T08:02:00Z\n"} {
		if !strings.Contains(got, line) {
			t.Errorf("no %q in:\n%s", line, got)
		}
	}
	if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return r != '\n' && unsafe(r) }) || strings.Contains(got, "\nsource: RIPE") {
		t.Errorf("got %q", got)
	}
}

// TestKeys_WHOIS3_WHOIS9_WHOIS10 asks by each sort of key, with each flag that says
// which blocks are meant.
func TestKeys_WHOIS3_WHOIS9_WHOIS10(t *testing.T) {
	c := world(t)
	addr := started(t, config(c))
	ann, bob, cat := " organisation "+c.ID("ann").String()+";", " organisation "+c.ID("bob").String()+";", " organisation "+c.ID("cat").String()+";"
	const (
		whole = "inetnum 60.0.0.0 - 60.0.3.255;"
		part  = " inetnum 60.0.1.0 - 60.0.1.255;"
		inner = " inetnum 60.0.1.128 - 60.0.1.255;"
		low   = " route 60.0.0.0/24AS4608;"
		high  = " route 60.0.2.0/23AS4608;"
		lent  = " route 60.0.1.0/25AS7;"
		six   = "inet6num 2400:100::/32;"
		six6  = " route6 2400:100::/32AS4608;"
		zone  = "domain 0.0.60.in-addr.arpa;"
		next  = " "
	)
	for query, want := range map[string]string{
		"60.0.0.1": whole + ann + low, "60.0.2.0/24": whole + ann + high, "60.0.0.0/22": whole + ann, "60.0.1.77": part + ann + bob + lent, "60.0.1.200": inner + ann + bob + cat,
		"60.0.0.0 - 60.0.0.255": whole + ann + low, "60.0.0.9-60.0.0.9": whole + ann + low, "60.0.1.0 - 60.0.2.3": whole + ann, "60.0.1.128-60.0.1.255": inner + ann + bob + cat,
		"NET-60-0-1-0-24": part + ann + bob, "net-60-0-0-0-23": whole + ann,
		"2400:100::1": six + ann + six6, "2400:0100::/33": six + ann + six6, "2400:100:: - 2400:100::7": six + ann + six6,
		"AS4608": "aut-num AS4608;" + ann, "as4608": "aut-num AS4608;" + ann, "aS131073": "as-block AS131072 - AS131075;", "AS131072 - AS131073": "as-block AS131072 - AS131075;", "AS131072-AS131075": "as-block AS131072 - AS131075;",
		"8.8.8.8": "101", "AS1": "101", "AS4608 - AS4609": "101", "::/0": "101",
		"0.0.60.in-addr.arpa": zone + ann + next + whole, "9.0.0.60.IN-ADDR.ARPA.": zone + ann + next + whole, "0.0.1.0.0.0.4.2.ip6.arpa": six + ann, "8.8.in-addr.arpa": "101", "62.in-addr.arpa": "101",
		"ann": ann, "ANN": ann, "Nobody At All": "101", c.ID("cat").String(): cat, strings.ToUpper(c.ID("cat").String()): cat, (wire.Address{9}).String(): "101",

		"-x 60.0.0.0/22": whole + ann, "-x 60.0.0.0/24": low, "-x 60.0.0.0 - 60.0.0.255": low, "-x 60.0.0.0/23": "101", "-x 60.0.0.1": "101", "-x 60.0.1.0 - 60.0.2.3": "101", "-x AS131072-AS131075": "as-block AS131072 - AS131075;", "-x AS131072": "101",
		"-l 60.0.1.128/25": part + ann + bob, "-l 60.0.1.200": inner + ann + bob + cat, "-l 60.0.0.0/22": "101", "-l 60.0.1.0/25": part + ann + bob, "-l 60.0.0.0/24": whole + ann,
		"-L 60.0.1.129": whole + ann + part + bob + inner + cat, "-L 60.0.0.0/24": whole + ann + low, "-L 60.0.1.0/26": whole + ann + part + bob + lent, "-L 61.0.0.0/8": "101",
		"-m 60.0.0.0/22": part + ann + bob + low + lent + high, "-m 60.0.1.0/24": inner + ann + bob + cat + lent, "-m 60.0.1.128/25": "101", "-m 60.0.0.0/21": whole + ann + " inetnum 60.0.4.0 - 60.0.7.255;" + low + lent + high,
		"-M 60.0.0.0/22": part + ann + bob + inner + cat + low + lent + high, "-M 60.0.0.0/21": whole + ann + part + bob + inner + cat + " inetnum 60.0.4.0 - 60.0.7.255;" + low + lent + high, "-M AS131072 - AS140000": "as-block AS131072 - AS131075;", "-M AS1-AS5000": "aut-num AS4608;" + ann,
		"-M 60.0.1.0 - 60.0.2.255": part + ann + bob + inner + cat + lent, "-m 60.0.1.0 - 60.0.2.255": part + ann + bob + lent, "-M 60.0.1.0-60.0.3.255": part + ann + bob + inner + cat + lent + high,

		"-r 60.0.1.77": part + lent, "-rx 60.0.0.0/22": whole, "-T inetnum 60.0.0.1": whole, "-Troute 60.0.0.1": low, "-T route,organisation 60.0.0.1": low, "-T route6 60.0.0.1": "101", "-T inetnum,route -rM 60.0.0.0/22": part + inner + low + lent + high,
		"-T domain 60.0.0.1": zone, "-d -r 60.0.0.1": zone + next + whole + low, "-d 60.0.0.0/22": whole + ann, "-T inetnum 0.0.60.in-addr.arpa": whole, "-T inetnum AS4608": "101", "-T organisation 60.0.0.1": "101", "-T organisation ann": ann, "-T inetnum ann": "101",
		"-G 60.0.1.200": inner + ann + bob + cat, "-G -L 60.0.1.0/26": whole + part + lent + ann + bob, "-B 60.0.0.1": whole + ann + low, "-K 60.0.0.1": whole + ann + low, "-a -s LEDGER -V Md5.5 60.0.0.1": whole + ann + low, "--resource 60.0.0.1": whole + ann, "--exact --no-referenced 60.0.0.0/22": whole, "--select-types inetnum 60.0.0.1": whole,
		"-F 60.0.0.1": strings.NewReplacer("inetnum", "in", "organisation", "oa", "route", "rt").Replace(whole + ann + low[:len(low)-7] + ";"),

		"-i org " + c.ID("ann").String(): whole + ann + " inet6num 2400:100::/32; aut-num AS4608;", "-i org bob": part + ann + bob, "-r -i org cat": inner, "-r -T inet6num -i org ann": " inet6num 2400:100::/32;", "-i org nobody": "101",
		"-i origin AS4608": low + high + six6, "-i origin as7": lent, "-i origin AS0": "101", "-i org,origin AS7": lent, "-i origin,org cat": inner + ann + bob + cat, "-i origin cat": "115", "-i origin AS7-AS8": "115",

		"60.0.0.1/22": "115", "60.0.0.0/33": "115", "300.0.0.1": "115", "60.0.0": "115", "::ffff:60.0.0.1": "115", "60.0.0.9 - 60.0.0.1": "115", "60.0.0.1 - ::1": "115", "AS4294967296": "115", "AS4294967295": "101", "2400:zz::": "101", "2400:::1": "115", "fe80::1%eth0": "101",
	} {
		want = strings.TrimSuffix(strings.TrimSpace(want), ";") // each ends with one
		if strings.HasPrefix(query, "-F") {
			want = strings.TrimSuffix(want, "AS4608")
		}
		if got := keys(asked(t, addr, query+"\r\n")); got != want {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
}

// TestErrors_WHOIS2 is each error that a line can get.
func TestErrors_WHOIS2(t *testing.T) {
	addr := started(t, config(world(t)))
	for line, want := range map[string]string{
		"8.8.8.8": "101: no entries found", "-s RADB 60.0.0.1": "102: unknown source", "-s LEDGER,RIPE 60.0.0.1": "102: unknown source",
		"-T person 60.0.0.1": "103: unknown object type", "-T inetnum,x 60.0.0.1": "103: unknown object type",
		"-i mnt-by X": "104: unknown attribute", "-i org,x X": "104: unknown attribute",
		"": "106: no search key specified", "   ": "106: no search key specified", "-x": "106: no search key specified", "-T inetnum": "106: no search key specified",
		strings.Repeat("x", 1025): "107: input line too long", strings.Repeat("x", 8192): "107: input line too long",
		"-x -L 60.0.0.1": "109: invalid combination of flags passed", "-lm 60.0.0.1": "109: invalid combination of flags passed", "-i org -x 60.0.0.1": "109: invalid combination of flags passed",
		"-x -x 60.0.0.1": "110: multiple use of flag", "-rr 60.0.0.1": "110: multiple use of flag", "-T route -T inetnum 1.1.1.1": "110: multiple use of flag", "--exact -x 60.0.0.1": "110: multiple use of flag",
		"-z 60.0.0.1": "111: invalid option supplied", "--z 60.0.0.1": "111: invalid option supplied", "-- 60.0.0.1": "111: invalid option supplied", "-T": "111: invalid option supplied", "-q x": "111: invalid option supplied", "-xz 60.0.0.1": "111: invalid option supplied",
		"60.0.0.1/22": "115: invalid search key", "60.0.0.\x001": "115: invalid search key", "a\x1b[31mb": "115: invalid search key", "b\xffc": "115: invalid search key", "a\rb": "115: invalid search key",
	} {
		got := asked(t, addr, line+"\n")
		if n := strings.Count(got, "%ERROR:"); n != 1 && len(line) < 1024 || !strings.Contains(got, "%ERROR:"+want+"\n") {
			t.Errorf("%.40q: got %q, want %q", line, got, want)
		}
		if !strings.HasSuffix(got, "\n\n\n") || strings.ContainsAny(got, "\x00\x1b\r") || !utf8.ValidString(got) {
			t.Errorf("%.40q: got %q", line, got)
		}
	}
}

// TestAbout_WHOIS2 asks for the server itself.
func TestAbout_WHOIS2(t *testing.T) {
	addr := started(t, config(world(t)))
	for line, want := range map[string]string{"-q version": "ipledgerd 9.9\n", "-q sources": "LEDGER:3:N:0-7\n", "-q types": strings.Join(classes, "\n") + "\n"} {
		if got := asked(t, addr, line+"\n"); !strings.HasSuffix(got, "\n\n"+want+"\n\n") {
			t.Errorf("%q: got %q", line, got)
		}
	}
}

// TestPersists_WHOIS1 answers one line, or with -k all up to -k alone.
func TestPersists_WHOIS1(t *testing.T) {
	addr := started(t, config(world(t)))
	for sent, want := range map[string]string{
		"AS1\nAS2\n":                                  "101",
		"-k AS1\nAS2\n\n-z\n-k\nAS3\n":                "101; 101; 106; 111",
		"-k\nAS1\n-k AS2\n-k\n":                       "101; 101",
		"-k -q version\n-k\n":                         "ipledgerd 9.9 ",
		"-k AS1\n" + strings.Repeat("x", 2000) + "\n": "101; 107",
	} {
		if got := keys(asked(t, addr, sent)); got != want {
			t.Errorf("%.40q: got %q, want %q", sent, got, want)
		}
	}
}

// TestAccess_WHOIS6 refuses who asks too much, and says where there is nothing yet.
func TestAccess_WHOIS6(t *testing.T) {
	c, left := config(world(t)), 3
	c.Allow = func(net.Addr) bool { left--; return left >= 0 }
	addr := started(t, c)
	if got := asked(t, addr, "-k AS1\nAS2\nAS3\nAS4\nAS5\n"); keys(got) != "101; 101; 101; 201" || !strings.Contains(got, "%ERROR:201: access denied for 127.0.0.1\n") {
		t.Errorf("got %q", got)
	}
	addr = started(t, Config{View: func() View { return View{} }})
	if got := keys(asked(t, addr, "AS1\n")); got != "301" {
		t.Errorf("without a state: got %q", got)
	}
}

// TestBehind_WHOIS7 says that others may know more.
func TestBehind_WHOIS7(t *testing.T) {
	c := config(world(t))
	view := c.View
	c.View = func() View { v := view(); v.Behind = true; return v }
	if got := asked(t, started(t, c), "AS4608\n"); !strings.Contains(got, "% This node is not in step with its network") || !strings.Contains(got, "aut-num:") {
		t.Errorf("got %q", got)
	}
}

// crowded is the world with one entry more in 63.0.0.0/8 than an answer lists.
func crowded(t testing.TB) *mint.Chain {
	c := world(t)
	e := c.State.Edit()
	leaf, _ := e.Get(tree.ResourceKey(parsed(t, "62.0.0.0/16")))
	for i := range objectsMax + 1 {
		leaf.Key = tree.ResourceKey(parsed(t, fmt.Sprintf("63.%d.%d.0/24", i>>8, i&255)))
		e.Put(leaf)
	}
	c.State = e.Freeze()
	return c
}

// TestMany_WHOIS8 cuts a long answer short, and says so.
func TestMany_WHOIS8(t *testing.T) {
	c := crowded(t)
	addr := started(t, config(c))
	for query, want := range map[string]int{"-M 63.0.0.0/8": objectsMax, "-m 63.0.0.0/8": objectsMax, "-M 63.0.0.0/16": objectsMax, "-M 63.0.0.0/17": 128, "-i org 0xd400000000000000000000000000000000000000": objectsMax} {
		got := asked(t, addr, query+"\n")
		cut := strings.Contains(got, "% There are more objects than the 256 that are listed")
		if n := strings.Count(got, "inetnum:"); n != want || cut != (query != "-M 63.0.0.0/16" && want == objectsMax) {
			t.Errorf("%s: %d objects, cut short %v", query, n, cut)
		}
	}
}

// TestNames_WHOIS11 finds a new name within a time, and none that has gone.
func TestNames_WHOIS11(t *testing.T) {
	c := world(t)
	s := New(config(c))
	v := s.View()
	if list, err := s.names.of(&v, "Ann"); err != nil || len(list) != 1 || list[0] != c.ID("ann") {
		t.Fatalf("got %v, %v", list, err)
	}
	e := c.State.Edit()
	leaf, _ := e.Get(tree.AccountKey(c.ID("ann")))
	leaf.Key = tree.AccountKey(wire.Address{1})
	e.Put(leaf)
	v.State = e.Freeze()
	if list, _ := s.names.of(&v, "ann"); len(list) != 1 {
		t.Errorf("the index was made again at once: %v", list)
	}
	s.names.took = time.Hour // to make it: it has to be good for longer
	s.names.made = time.Now().Add(-namesEvery - time.Second)
	if list, _ := s.names.of(&v, "ann"); len(list) != 1 {
		t.Errorf("an index that takes an hour was made again: %v", list)
	}
	s.names.took = 0
	if list, _ := s.names.of(&v, "ann"); len(list) != 2 {
		t.Errorf("got %v", list)
	}
	c.State = c.State.Edit().Freeze()
	delete(s.names.ids, "ann")
	s.names.ids["zoe"] = []wire.Address{c.ID("ann"), {2}} // as if they had been called so
	b, _ := s.answer(t.Context(), new(net.TCPAddr), "zoe", false)
	if got := keys(string(b)); got != "101" {
		t.Errorf("got %q", got)
	}
}

// TestIdle_WHOIS6: 1,000 idle connections and 50 that take no answer delay nobody.
func TestIdle_WHOIS6(t *testing.T) {
	addr := started(t, config(crowded(t)))
	for i := range 1050 {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		if i >= 1000 {
			_, _ = io.WriteString(c, "-k\n"+strings.Repeat("-M 63.0.0.0/8\n", 60))
		}
	}
	worst := time.Duration(0)
	for range 200 {
		begun := time.Now()
		if got := keys(asked(t, addr, "-r AS4608\n")); got != "aut-num AS4608" {
			t.Fatalf("got %q", got)
		}
		worst = max(worst, time.Since(begun))
	}
	t.Logf("the slowest of 200 queries beside them took %v", worst)
	if worst > servetest.Patience/4 {
		t.Errorf("a query took %v", worst)
	}
}

func BenchmarkAnswer(b *testing.B) {
	s := New(config(crowded(b)))
	for _, query := range []string{"60.0.0.1", "60.0.1.200", "AS4608", "-M 60.0.0.0/8", "-M 63.0.0.0/8"} {
		b.Run(query, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.answer(b.Context(), new(net.TCPAddr), query, false)
			}
		})
	}
}
