package files

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"ipledger/ledger/genesis"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tree"
	"ipledger/ledger/wire"
)

// StatisticsName is the delegated statistics, as registries name theirs.
const StatisticsName = "delegated-ipledger-extended-latest"

// registryEvery is the least time between two files of all titles: each looks at a
// million of them.
const registryEvery = time.Minute

// standing is the state that a file was made of, and when.
type standing struct {
	root wire.Hash
	day  uint64 // YYYYMMDD of its header
	at   time.Time
}

func (s *Server) statistics() {
	get := s.ofState(s.writeStatistics)
	path := "/" + StatisticsName
	s.handle(path, "text/plain; charset=utf-8", get)
	s.companion(path+".md5", get, func(d *document) string { return sum("MD5", d.md5) })
	s.companion(path+".sha256", get, func(d *document) string { return sum("SHA256", d.sha256) })
}

// writeStatistics writes the lines into a file of their own, and what sums them up
// before them.
func (s *Server) writeStatistics(w io.Writer, v View) error {
	lines, err := nameless(s.Dir)
	if err != nil {
		return err
	}
	defer lines.Close()
	out := bufio.NewWriterSize(lines, writeBytes)
	sum, err := genesis.StatisticsLines(out, v.State)
	if err = errors.Join(err, out.Flush()); err != nil {
		return err
	}
	if _, err := io.WriteString(w, sum.Head(v.Height, dayOf(v.Time))); err != nil {
		return err
	}
	if _, err := lines.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(w, lines)
	return err
}

// sum is a line as the programs that check such files read it.
func sum(kind, digits string) string {
	return fmt.Sprintf("%s (%s) = %s\n", kind, StatisticsName, digits)
}

func dayOf(seconds uint64) uint64 {
	y, m, d := time.Unix(int64(seconds), 0).UTC().Date()
	return uint64(y*10000 + int(m)*100 + d)
}

// ofState gives a document of the newest state: another when that has changed or a day
// has begun, and at most one a minute.
//
// specs/30 FILE-15: A file of all titles MUST be of one state. A node makes one at most
// once a minute, and gives the one it has meanwhile.
func (s *Server) ofState(write func(io.Writer, View) error) func(context.Context) (*document, error) {
	k := newKeeper(s.Dir)
	return func(ctx context.Context) (*document, error) {
		v, err := s.View()
		if err != nil {
			return nil, err
		}
		now := standing{v.State.Root(), dayOf(v.Time), s.Now()}
		next := func(old any) (any, bool) {
			was, ok := old.(standing)
			return now, !ok || (was.root != now.root || was.day != now.day) && now.at.Sub(was.at) >= registryEvery
		}
		return k.get(ctx, next, func(w io.Writer) (time.Time, error) { return time.Unix(int64(v.Time), 0), write(w, v) })
	}
}

func (s *Server) geofeeds() {
	s.handle("/geofeeds.csv", "text/csv; charset=utf-8", s.ofState(writeGeofeeds))
}

// writeGeofeeds writes where the geofeed of each block is that has one.
//
// specs/30 FILE-16: The index of geofeeds MUST have each that a possessor states, with
// the block it is stated at, ascending, and who states it.
func writeGeofeeds(w io.Writer, v View) (err error) {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"IP Prefix", "Geofeed", "Possessor"}); err != nil {
		return err
	}
	for _, sub := range []tree.Subtree{tree.IPv4, tree.IPv6} {
		v.State.Walk(tree.RootKey(sub), func(l tree.Leaf) bool {
			err = writeGeofeed(out, v, l)
			return err == nil
		})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func writeGeofeed(out *csv.Writer, v View, l tree.Leaf) error {
	f, err := record.FolioFromBytes(l.Data)
	if err != nil || len(f.Contacts) == 0 {
		return err
	}
	at := l.Key.Resource()
	answer, err := light.Read(v.State, at, light.Moment{Height: v.Height, Time: v.Time})
	if err != nil {
		return err
	}
	for _, x := range answer.Services {
		if x.At == at && strings.HasPrefix(x.Geofeed, "https://") {
			return out.Write([]string{at.String(), x.Geofeed, x.Holder.String()})
		}
	}
	return nil
}
