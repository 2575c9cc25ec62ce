package interop_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/inr"
	"ipledger/ledger/tx"
)

// tryMost is how long a try may take that is made again.
const tryMost = 10 * time.Second

// patience is how long a program may take to connect and read all.
const patience = 90 * time.Second

// TestRTRClient_v1: the reference client of rtrlib prints what the ledger says.
func TestRTRClient_v1(t *testing.T) {
	host, port := routers(t)
	if got, want := clientRows(t, host, port), served(t); !slices.Equal(got, want) {
		t.Errorf("it has %v, the ledger says %v", got, want)
	}
}

// clientRows is what rtrclient has of a server.
func clientRows(t *testing.T, host, port string) []payload {
	t.Helper()
	var got []payload
	eventually(t, "rtrclient to have all", patience, func() (ok bool) {
		var err error
		got, err = triedRows(t, host, port, tryMost)
		return err == nil
	})
	return got
}

// triedRows is clientRows of a server that may have nothing to tell yet: the client
// then waits for minutes before it asks again, and is asked to end.
func triedRows(t *testing.T, host, port string, most time.Duration) (got []payload, err error) {
	t.Helper()
	client := tool(t, "rtrclient")
	out := filepath.Join(t.TempDir(), "out.csv")
	ctx, cancel := context.WithTimeout(t.Context(), most)
	defer cancel()
	if said, err := exec.CommandContext(ctx, client, "-e", "-t", "csv", "-o", out, "tcp", host, port).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, said)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(strings.NewReader(string(raw)))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if len(row) == 4 && strings.ContainsAny(row[0], ".:") {
			got = append(got, parsed(t, row[0]+"/"+strings.TrimSpace(row[1]), row[2], row[3]))
		}
	}
	return sorted(got), nil
}

// bird is a BIRD that reads the node.
type bird struct {
	t              *testing.T
	client, socket string
}

func startBIRD(t *testing.T) bird {
	host, port := routers(t)
	return birdAt(t, bird2, host, port)
}

// release is a BIRD by what its programs' names end in, and what its configuration
// says beside what all say.
type release struct{ suffix, tables, options string }

var bird2 = release{}

// birdAt is a BIRD that reads some server.
func birdAt(t *testing.T, of release, host, port string) bird {
	tool(t, "birdc"+of.suffix)
	name, dir := tool(t, "bird"+of.suffix), t.TempDir()
	conf := filepath.Join(dir, "bird.conf")
	text := fmt.Sprintf(`router id 192.0.2.1;
roa4 table r4;
roa6 table r6;
%s
protocol rpki x { roa4 { table r4; }; roa6 { table r6; }; remote %s port %s; retry keep 5; refresh keep 600; expire keep 6000; %s }
`, of.tables, host, port, of.options)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b := bird{t, "birdc" + of.suffix, filepath.Join(dir, "ctl")}
	daemon(t, name, "-c", conf, "-s", b.socket, "-P", filepath.Join(dir, "pid"), "-f")
	eventually(t, "BIRD to establish the session", patience, func() bool {
		return strings.Contains(b.says("show", "protocols", "all", "x"), "Established")
	})
	return b
}

func (b bird) says(args ...string) string {
	return run(b.t, b.client, append([]string{"-s", b.socket}, args...)...)
}

// check is what BIRD makes of an announcement: 0 unknown, 1 valid, 2 invalid.
func (b bird) check(prefix string, as int) string {
	out := b.says("eval", fmt.Sprintf("roa_check(r4, %s, %d)", prefix, as))
	return strings.TrimSpace(out[strings.LastIndex(out, ")")+1:])
}

// TestBIRD_v1 has as many rows as the ledger, and judges announcements by them.
func TestBIRD_v1(t *testing.T) {
	b := startBIRD(t)
	want := served(t)
	eventually(t, "BIRD to have all rows", patience, func() bool {
		return strings.Count(b.says("show", "route", "table", "r4"), "AS")+strings.Count(b.says("show", "route", "table", "r6"), "AS") >= len(want)
	})
	for _, c := range []struct {
		prefix string
		as     int
		want   string
	}{
		{"5.44.0.0/23", 2121, "1"}, {"5.44.0.0/24", 3333, "1"}, {"5.44.0.0/23", 3333, "2"}, {"5.44.0.0/25", 2121, "2"},
		{"5.44.8.0/21", 2121, "2"}, {"8.8.8.0/24", 2121, "0"},
	} {
		if got := b.check(c.prefix, c.as); got != c.want {
			t.Errorf("roa_check of %s by AS%d: got %q, want %q", c.prefix, c.as, got, c.want)
		}
	}
}

// TestBIRD_follows: a withdrawal reaches BIRD within the minute that notices keep,
// and what follows a quiet minute at once; each as a difference.
func TestBIRD_follows(t *testing.T) {
	b := startBIRD(t)
	const prefix, as = "5.44.1.0/24", 2121
	eventually(t, "BIRD to find it valid", patience, func() bool { return b.check(prefix, as) == "1" })
	at, err := inr.Parse("5.44.0.0/22")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, _, err := network.Do(ctx, full, "nordlicht", 3, &tx.OriginWithdraw{Resource: at, MaxLength: 24, AS: as}); err != nil {
		t.Fatal(err)
	}
	took := eventually(t, "BIRD to lose it", patience, func() bool { return b.check(prefix, as) != "1" })
	t.Logf("withdrawn from BIRD %v after the act was final", took.Round(time.Millisecond))
	time.Sleep(62 * time.Second) // a quiet minute
	if err := authorise(network, authorised[0]); err != nil {
		t.Fatal(err)
	}
	// Half a minute tells a notice at once from one that waits.
	took = eventually(t, "BIRD to have it again", 30*time.Second, func() bool { return b.check(prefix, as) == "1" })
	t.Logf("back in BIRD %v after the act was final", took.Round(time.Millisecond))
	if text := b.says("show", "protocols", "all", "x"); !strings.Contains(text, "Established") {
		t.Errorf("the session was not kept:\n%s", text)
	}
}

// gobgpAt is a GoBGP that reads a server, by the port of its own interface.
func gobgpAt(t *testing.T, host, port string) (api string) {
	name := tool(t, "gobgpd")
	tool(t, "gobgp")
	conf := filepath.Join(t.TempDir(), "g.toml")
	text := fmt.Sprintf("[global.config]\n as = 64512\n router-id = \"192.0.2.1\"\n port = -1\n[[rpki-servers]]\n [rpki-servers.config]\n address = %q\n port = %s\n", host, port)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	api = free(t)
	daemon(t, name, "-f", conf, "--api-hosts", "127.0.0.1:"+api)
	return api
}

// TestGoBGP_v0: a client of version 0 alone.
func TestGoBGP_v0(t *testing.T) {
	host, port := routers(t)
	api := gobgpAt(t, host, port)
	four, six := families(t)
	eventually(t, "GoBGP to have all rows", patience, func() bool {
		said := run(t, "gobgp", "-p", api, "rpki", "server")
		return strings.Contains(said, "Up") && strings.Contains(said, fmt.Sprintf(" %d/%d", four, six))
	})
}

// openBGPD is an OpenBGPD that reads a server.
type openBGPD struct {
	t              *testing.T
	client, socket string
}

// openBGPD7 and openBGPD8 are releases by their daemon and their client.
var openBGPD7, openBGPD8 = [2]string{"/usr/sbin/bgpd", "bgpctl"}, [2]string{"openbgpd8", "bgpctl8"}

func openBGPDAt(t *testing.T, of [2]string, host, port, options string) openBGPD {
	tool(t, of[1])
	name := tool(t, of[0])
	if out := run(t, name, "-V"); strings.Contains(out, "FRRouting") {
		t.Skip("bgpd of this machine is not OpenBGPD")
	}
	dir := t.TempDir()
	conf, socket := filepath.Join(dir, "bgpd.conf"), filepath.Join(dir, "sock")
	text := fmt.Sprintf("AS 64512\nrouter-id 192.0.2.1\nlisten on 127.0.0.1 port %s\nsocket %q\nrtr %s {\n port %s\n %s\n}\n", free(t), socket, host, port, options)
	if err := errors.Join(os.WriteFile(conf, []byte(text), 0o600), os.MkdirAll("/run/openbgpd", 0o755)); err != nil {
		t.Fatal(err)
	}
	daemon(t, name, "-d", "-v", "-f", conf)
	return openBGPD{t, of[1], socket}
}

func (o openBGPD) says(what string) string {
	return run(o.t, o.client, "-s", o.socket, "show", what)
}

// TestOpenBGPD_v1 reads the set whole.
func TestOpenBGPD_v1(t *testing.T) {
	host, port := routers(t)
	o := openBGPDAt(t, openBGPD7, host, port, "")
	four, six := families(t)
	eventually(t, "OpenBGPD to have all rows", patience, func() bool {
		row := strings.Fields(o.says("sets"))
		at := slices.Index(row, fmt.Sprint(four))
		return at >= 0 && at+1 < len(row) && row[at+1] == fmt.Sprint(six)
	})
}

// startFRR is an FRR that reads the node, and the folder of its socket.
func startFRR(t *testing.T) (dir string) {
	host, port := routers(t)
	return frrAt(t, host, port)
}

// frrAt is an FRR that reads a server.
func frrAt(t *testing.T, host, port string) (dir string) {
	const name = "/usr/lib/frr/bgpd"
	if _, err := os.Stat(name); err != nil {
		t.Skip("FRR is not on this machine")
	}
	dir, err := os.MkdirTemp("", "frr-*") // FRR's own user has to reach it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	conf := filepath.Join(dir, "bgpd.conf")
	text := fmt.Sprintf("rpki\n rpki polling_period 60\n rpki cache %s %s preference 1\nexit\n", host, port)
	if err := errors.Join(os.WriteFile(conf, []byte(text), 0o640), os.Chmod(dir, 0o755)); err != nil {
		t.Fatal(err)
	}
	run(t, "chown", "-R", "frr:frr", dir)
	daemon(t, name, "-M", "rpki", "-f", conf, "-i", filepath.Join(dir, "pid"), "--vty_socket", dir, "-p", "0", "-Z", "-n", "-A", "127.0.0.1", "-P", "0", "-S")
	return dir
}

// TestFRR_v1: FRR by rtrlib, whose table has the ledger's rows.
func TestFRR_v1(t *testing.T) {
	dir := startFRR(t)
	want := served(t)
	eventually(t, "FRR to have all rows", patience, func() bool {
		text := run(t, "vtysh", "--vty_socket", dir, "-c", "show rpki prefix-table")
		for _, p := range want {
			if !strings.Contains(text, p.prefix.Addr().String()) {
				return false
			}
		}
		return true
	})
	if text := run(t, "vtysh", "--vty_socket", dir, "-c", "show rpki cache-connection"); !strings.Contains(text, "(connected)") {
		t.Errorf("got %s", text)
	}
}

// stayRTRs are the releases of StayRTR, by their server and their client.
var stayRTRs = map[string]string{"stayrtr": "rtrdump", "stayrtr6": "rtrdump6"}

// TestStayRTR_file takes the list as a validator's export.
func TestStayRTR_file(t *testing.T) {
	for name := range stayRTRs {
		t.Run(name, func(t *testing.T) {
			tool(t, name)
			said := daemon(t, name, "-cache", network.HTTP(full)+"/vrps.json", "-bind", "127.0.0.1:"+free(t), "-metrics.addr", "127.0.0.1:"+free(t), "-checktime=false", "-refresh", "10")
			want := fmt.Sprintf("%d uniques", len(served(t)))
			eventually(t, "StayRTR to say "+want, patience, func() bool {
				text, err := os.ReadFile(said)
				return err == nil && strings.Contains(string(text), want)
			})
		})
	}
}
