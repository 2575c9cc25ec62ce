package files_test

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"
	"time"

	"ipledger/ledger/genesis"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
	"ipledger/node/serve/files"
)

// holding is a state in which accounts hold blocks and state geofeeds at them.
func holding(holder map[string]byte, feeds map[string]string) tree.State {
	e := tree.State{}.Edit()
	for prefix, who := range holder {
		source := record.Source{Registry: "ripencc", Handle: "x", Status: "allocated", Date: 20120601, Country: "SE", Class: record.Extended}
		title := record.Title{Rules: 1, State: record.Held, Holder: wire.Address{who}, Grade: record.GradeT, Source: source}
		f := &record.Folio{Title: title.Bytes()}
		if feed := feeds[prefix]; feed != "" {
			f.Contacts = wire.Encode(&record.Services{Rules: 1, Holder: wire.Address{who}, Geofeed: feed})
		}
		e.Put(record.FolioLeaf(at(prefix), f))
	}
	return e.Freeze()
}

// TestStatistics_FILE15: one file a minute, with the digests of its bytes beside it.
func TestStatistics_FILE15(t *testing.T) {
	now := time.Unix(1796025600, 0)
	x := told{now: now, view: files.View{Height: 7, Time: 1796025600, State: holding(map[string]byte{"5.44.0.0/22": 1, "5.44.4.0/22": 1}, nil)}}
	s := x.server(t)
	path := "/" + files.StatisticsName
	first := get(t, s, path).Body.String()
	if !strings.Contains(first, "|ipv4|5.44.0.0|2048|20120601|allocated|0x01") || !strings.HasPrefix(first, "2.3|ipledger|7|1|20120601|20261130|+0000\n") {
		t.Errorf("got %s", first)
	}
	strong, plain := sha256.Sum256([]byte(first)), md5.Sum([]byte(first))
	if got := get(t, s, path+".sha256").Body.String(); got != "SHA256 (delegated-ipledger-extended-latest) = "+hex.EncodeToString(strong[:])+"\n" {
		t.Errorf("got %s", got)
	}
	if got := get(t, s, path+".md5").Body.String(); got != "MD5 (delegated-ipledger-extended-latest) = "+hex.EncodeToString(plain[:])+"\n" {
		t.Errorf("got %s", got)
	}
	x.view.Height, x.view.State = 8, holding(map[string]byte{"5.44.0.0/22": 2}, nil)
	x.now = now.Add(59 * time.Second)
	if got := get(t, s, path).Body.String(); got != first {
		t.Errorf("a second one within the minute: %s", got)
	}
	x.now = now.Add(60 * time.Second)
	if got := get(t, s, path).Body.String(); got == first {
		t.Error("none after the minute")
	}
	stats := []genesis.Stats{{Name: files.StatisticsName, Raw: []byte(first)}}
	if rows, report, err := genesis.Rows(stats); err != nil || len(rows) != 1 || report.Files[0].Rejected != 0 {
		t.Errorf("got %v, %+v, %v", rows, report, err)
	}
}

// TestGeofeeds_FILE16 lists each feed with its block.
func TestGeofeeds_FILE16(t *testing.T) {
	x := told{view: files.View{Height: 7, Time: 1796025600, State: holding(
		map[string]byte{"5.44.4.0/22": 2, "5.44.0.0/22": 1, "2a00:f100::/32": 1, "5.44.8.0/22": 3},
		map[string]string{"5.44.4.0/22": "https://b.example/f.csv?a,b", "5.44.0.0/22": "https://a.example/f.csv", "2a00:f100::/32": "https://a.example/f.csv"})}}
	want := "IP Prefix,Geofeed,Possessor\n" +
		"5.44.0.0/22,https://a.example/f.csv," + wire.Address{1}.String() + "\n" +
		"5.44.4.0/22,\"https://b.example/f.csv?a,b\"," + wire.Address{2}.String() + "\n" +
		"2a00:f100::/32,https://a.example/f.csv," + wire.Address{1}.String() + "\n"
	if got := get(t, x.server(t), "/geofeeds.csv").Body.String(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
