package observed_test

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"ipledger/ledger/inr"
	"ipledger/ledger/observed"
	"ipledger/ledger/wire"
)

func at(prefix string) wire.Resource { return inr.FromPrefix(netip.MustParsePrefix(prefix)) }

func read(t *testing.T, text string) *observed.Export {
	t.Helper()
	e, err := observed.ReadExport(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return e
}

var (
	four = observed.Payload{Prefix: at("193.0.4.0/22"), MaxLength: 24, AS: 64500}
	six  = observed.Payload{Prefix: at("2001:67c::/32"), MaxLength: 32, AS: 0}
)

func expiring(p observed.Payload, at uint64) observed.Payload {
	p.Expires = at
	return p
}

// TestReadExport_FILE2 reads each of the forms that validators write.
func TestReadExport_FILE2(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		want  []observed.Payload
		built uint64
		aspas []observed.Providers
	}{
		"rpki-client": {`{"metadata": {"buildmachine": "x", "buildtime": "2026-11-30T08:00:00Z", "roas": 2},
			"roas": [{"asn": 64500, "prefix": "193.0.4.0/22", "maxLength": 24, "ta": "ripe", "expires": 1796000000},
			{"asn": 0, "prefix": "2001:67c::/32", "maxLength": 32, "ta": "ripe", "expires": 1796000001}],
			"bgpsec_keys": [{"asn": 1, "ski": "AB", "pubkey": "x"}],
			"aspas": [{"customer_asid": 64500, "expires": 5, "providers": [64502, 64501]}]}`,
			[]observed.Payload{expiring(four, 1796000000), expiring(six, 1796000001)}, 1796025600,
			[]observed.Providers{{64500, []uint64{64501, 64502}, 5}}},
		"Routinator": {`{"metadata": {"generated": 1796025600, "generatedTime": "2026-11-30T08:00:00Z"},
			"roas": [{"asn": "AS64500", "prefix": "193.0.4.0/22", "maxLength": 24, "ta": "ripe"}, {"asn": "AS0", "prefix": "2001:67c::/32", "maxLength": 32, "ta": "ripe"}],
			"routerKeys": [], "aspas": [{"customer": "AS64500", "providers": ["AS64501"], "ta": "ripe"}, {"customer": "AS64500", "providers": ["AS64502", "AS64501"], "ta": "ripe"}]}`,
			[]observed.Payload{four, six}, 1796025600, []observed.Providers{{64500, []uint64{64501, 64502}, 0}}},
		"Routinator, extended": {`{"metadata": {"generated": 7}, "roas": [{"asn": "AS64500", "prefix": "193.0.4.0/22", "maxLength": 24,
			"source": [{"type": "roa", "uri": "rsync://x", "validity": {"notBefore": "y"}}]}]}`, []observed.Payload{four}, 7, nil},
		"no longest length": {`{"roas": [{"asn": 0, "prefix": "2001:67C::/32"}]}`, []observed.Payload{six}, 0, nil},
		"CSV":               {"ASN,IP Prefix,Max Length,Trust Anchor\nAS64500,193.0.4.0/22,24,ripe\nAS0,2001:67c::/32,32,ripe\n", []observed.Payload{four, six}, 0, nil},
		"CSV of rpki-client": {"ASN,IP Prefix,Max Length,Trust Anchor,Expires\r\nAS64500,193.0.4.0/22,24,ripe,1796000000\r\n",
			[]observed.Payload{expiring(four, 1796000000)}, 0, nil},
		"CSV in quotes": {"\"ASN\",\"IP Prefix\",\"Max Length\",\"Trust Anchor\"\n\"64500\",\"193.0.4.0/22\",\"24\",\"a, b\"\n", []observed.Payload{four}, 0, nil},
		"CSV, extended": {"URI,ASN,IP Prefix,Max Length,Not Before,Not After\n\"rsync://a,b\",AS64500,193.0.4.0/22,24,2026-11-01 00:00:00,2026-11-30 08:00:00\nrsync://c,AS0,2001:67c::/32,,,",
			[]observed.Payload{expiring(four, 1796025600), six}, 0, nil},
	} {
		e := read(t, c.text)
		if !slices.Equal(e.Payloads, c.want) || e.Built != c.built || !reflect.DeepEqual(e.Providers, c.aspas) {
			t.Errorf("%s: got %+v", name, e)
		}
	}
}

// TestReadExport_refuses_FILE2: one row that is wrong refuses the file.
func TestReadExport_refuses_FILE2(t *testing.T) {
	const good = `{"asn": 1, "prefix": "193.0.4.0/22", "maxLength": 24}`
	for name, text := range map[string]string{
		"nothing":            "",
		"neither list":       `{"metadata": {}}`,
		"an end too early":   `{"roas": [` + good,
		"two objects":        `{"roas": []} {"roas": []}`,
		"a key twice":        `{"roas": [], "roas": []}`,
		"host bits":          `{"roas": [` + good + `, {"asn": 1, "prefix": "193.0.4.1/22", "maxLength": 24}]}`,
		"no prefix":          `{"roas": [{"asn": 1}]}`,
		"no AS number":       `{"roas": [{"prefix": "193.0.4.0/22"}]}`,
		"33 bits":            `{"roas": [{"asn": 4294967296, "prefix": "193.0.4.0/22"}]}`,
		"a signed number":    `{"roas": [{"asn": "+1", "prefix": "193.0.4.0/22"}]}`,
		"shorter":            `{"roas": [{"asn": 1, "prefix": "193.0.4.0/22", "maxLength": 21}]}`,
		"longer":             `{"roas": [{"asn": 1, "prefix": "193.0.4.0/22", "maxLength": 33}]}`,
		"mapped":             `{"roas": [{"asn": 1, "prefix": "::ffff:193.0.4.0/118"}]}`,
		"roas no list":       `{"roas": {}}`,
		"aspas of nobody":    `{"roas": [], "aspas": [{"providers": [1]}]}`,
		"columns of others":  "a,b\n1,2\n",
		"a row without":      "ASN,IP Prefix\nAS1\n",
		"an open quote":      "ASN,IP Prefix\n\"AS1,193.0.4.0/22\n",
		"an expiry of words": "ASN,IP Prefix,Expires\nAS1,193.0.4.0/22,soon\n",
		"a page of HTML":     "<html>\n<body>503</body>\n",
	} {
		if e, err := observed.ReadExport(strings.NewReader(text)); !errors.Is(err, observed.ErrExport) {
			t.Errorf("%s: got %v, %v", name, e, err)
		}
	}
}

// endless is a file that goes on.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(p []byte) (n int, err error) {
	n = copy(p, e.text[e.at:])
	e.at = (e.at + n) % len(e.text)
	return n, nil
}

// TestReadExport_bounded_FILE1: a file without an end is refused at the bounds.
func TestReadExport_bounded_FILE1(t *testing.T) {
	if _, err := observed.ReadWithin(strings.NewReader(`{"roas": [ ]}`), 12); !errors.Is(err, observed.ErrExport) {
		t.Errorf("one byte too many: got %v", err)
	}
	if _, err := observed.ReadWithin(strings.NewReader(`{"roas": [ ]}`), 13); err != nil {
		t.Errorf("as many bytes as may be: got %v", err)
	}
	for name, r := range map[string]io.Reader{
		"a line":   io.LimitReader(&endless{text: strings.Repeat("A", 512)}, 8192),
		"the rows": io.MultiReader(strings.NewReader(`{"aspas":[`), &endless{text: `{"customer":1,"providers":[` + strings.Repeat("2,", 3000) + `2]},`}),
	} {
		if _, err := observed.ReadExport(r); !errors.Is(err, observed.ErrExport) || !strings.Contains(err.Error(), "FILE-1") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestReadExport_order_FILE3: order and repetition change nothing.
func TestReadExport_order_FILE3(t *testing.T) {
	rows := []string{
		`{"asn": 2, "prefix": "193.0.4.0/22", "expires": 9}`, `{"asn": 2, "prefix": "193.0.4.0/22", "expires": 11}`,
		`{"asn": 1, "prefix": "193.0.4.0/22", "maxLength": 24}`, `{"asn": 1, "prefix": "193.0.4.0/23"}`, `{"asn": 1, "prefix": "2001:67c::/32"}`,
		`{"asn": 1, "prefix": "193.0.4.0/22", "maxLength": 24, "expires": 3}`,
	}
	want := read(t, `{"roas": [`+strings.Join(rows, ",")+`]}`)
	if len(want.Payloads) != 4 || want.Payloads[1].Expires != 11 || want.Payloads[0].Expires != 0 {
		t.Errorf("got %+v", want.Payloads)
	}
	slices.Reverse(rows)
	if got := read(t, `{"roas": [`+strings.Join(rows, ",")+`]}`); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// FuzzReadExport_FILE2 wants what is read to be read again from this form.
func FuzzReadExport_FILE2(f *testing.F) {
	f.Add([]byte(`{"metadata": {"buildtime": "2026-11-30T08:00:00Z"}, "roas": [{"asn": "AS1", "prefix": "193.0.4.0/22", "maxLength": 24, "expires": 3}], "aspas": [{"customer_asid": 2, "providers": [3]}]}`))
	f.Add([]byte("ASN,IP Prefix,Max Length,Expires\nAS1,193.0.4.0/22,24,2026-11-30 08:00:00\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		e, err := observed.ReadExport(strings.NewReader(string(raw)))
		if err != nil {
			return
		}
		var b strings.Builder
		b.WriteString("ASN,IP Prefix,Max Length,Expires\n")
		for _, p := range e.Payloads {
			fmt.Fprintf(&b, "AS%d,%v,%d,", p.AS, p.Prefix, p.MaxLength)
			if p.Expires != 0 {
				fmt.Fprint(&b, p.Expires)
			}
			b.WriteString("\n")
		}
		again := read(t, b.String())
		if !slices.Equal(again.Payloads, e.Payloads) {
			t.Fatalf("got %+v, want %+v", again.Payloads, e.Payloads)
		}
	})
}
