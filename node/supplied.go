package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"ipledger/ledger/light"
	"ipledger/ledger/observed"
	"ipledger/node/serve/api"
)

const (
	// suppliedEvery is the pause between two looks whether an export has changed.
	suppliedEvery = 2 * time.Second
	// suppliedToldEvery is the pause between two lines about the same fault.
	suppliedToldEvery = time.Minute
)

// supplied is what the operator's validator exports: the newest file of it that
// could be read.
type supplied struct {
	path string
	most time.Duration // age beyond which it is told to be old
	last atomic.Pointer[suppliedSet]
	err  atomic.Pointer[string] // why the newest file was not taken; nil if it was
	bad  atomic.Uint64          // files that were not taken
	left atomic.Int64           // what the last export left out
	seen fs.FileInfo            // of the file that was read last; nil for none
	told time.Time              // when a fault was last said
}

// suppliedSet is one export that was taken.
type suppliedSet struct {
	*observed.Export
	made time.Time // by its own word, or else by the file's
}

// named reports whether the operator named an export.
func (s *supplied) named() bool { return s.path != "" }

// set is the supplied set, nil where none was named. ok is false while the first
// was not read yet.
//
// specs/30 FILE-7: Before a node has read the export that it was told of, it MUST NOT
// export anything: routers are answered error 2, readers of files 503.
func (s *supplied) set() (set *observed.Export, ok bool) {
	if !s.named() {
		return nil, true
	}
	if last := s.last.Load(); last != nil {
		return last.Export, true
	}
	return nil, false
}

// old reports whether the set is older than its operator wants, and how old it is.
func (s *supplied) old(now time.Time) (age time.Duration, old bool) {
	last := s.last.Load()
	if last == nil {
		return 0, false
	}
	age = now.Sub(last.made)
	return age, age > s.most
}

// followSupplied reads the export again when it changes.
//
// specs/30 FILE-6: An export that changed MUST be read again. One that cannot be read,
// or has no payload, MUST NOT take the place of the one before, which stands however
// old it gets; the node tells of both.
func (n *Node) followSupplied(ctx context.Context) error {
	s := &n.supplied
	for {
		if err := s.look(); err != nil {
			n.sayFault(s, "the RPKI payloads that were supplied could not be read; those read before stand", err)
		} else if age, old := s.old(time.Now()); old {
			n.sayFault(s, "the RPKI payloads that were supplied are old; they stand", fmt.Errorf("made %v ago, rpki_vrps_max_age is %v", age.Round(time.Second), s.most))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(suppliedEvery):
		}
	}
}

// sayFault says a fault, and the same again only after a while.
func (n *Node) sayFault(s *supplied, what string, err error) {
	if now := time.Now(); now.Sub(s.told) >= suppliedToldEvery {
		s.told = now
		n.log.Error(what, "file", s.path, "err", err)
	}
}

// look reads the file if it is another than the last, and says what is wrong with
// the newest.
func (s *supplied) look() error {
	info, err := os.Stat(s.path)
	if err != nil {
		return s.fault(err)
	}
	if s.seen != nil && os.SameFile(info, s.seen) && info.ModTime().Equal(s.seen.ModTime()) && info.Size() == s.seen.Size() {
		if why := s.err.Load(); why != nil {
			return errors.New(*why)
		}
		return nil
	}
	export, err := readSupplied(s.path)
	s.seen = info // of before it was read: a file that was being written is read again
	if err != nil {
		return s.fault(err)
	}
	made := info.ModTime()
	if export.Built != 0 {
		made = time.Unix(int64(export.Built), 0)
	}
	s.err.Store(nil)
	s.told = time.Time{}
	s.last.Store(&suppliedSet{export, made})
	return nil
}

func readSupplied(path string) (*observed.Export, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	export, err := observed.ReadExport(file)
	if err == nil && len(export.Payloads) == 0 {
		err = fmt.Errorf("%w: it has no payload, as validators write it when they failed (FILE-6)", observed.ErrExport)
	}
	return export, err
}

// fault notes a file that was not taken.
func (s *supplied) fault(err error) error {
	text := unplaced(err, s.path)
	s.bad.Add(1)
	s.err.Store(&text)
	return err
}

// unplaced is the text of an error about a file of the operator's, without its folder.
//
// specs/13 API-25: An error of the node's files that an answer tells MUST name a file by
// its name alone.
func unplaced(err error, path string) string {
	return strings.ReplaceAll(err.Error(), path, filepath.Base(path))
}

// suppliedStatus is what the node says of the set, nil where none was named.
func (n *Node) suppliedStatus() *api.Supplied {
	s := &n.supplied
	if !s.named() {
		return nil
	}
	out := &api.Supplied{Left: s.left.Load(), Over: n.cfg.OverRPKI}
	if last := s.last.Load(); last != nil {
		out.Payloads, out.Made = len(last.Payloads), light.Instant(last.made.Unix())
	}
	_, out.Old = s.old(time.Now())
	if why := s.err.Load(); why != nil {
		out.Fault = *why
	}
	return out
}

// suppliedVitals is the set as measurements; there are none where no export is named.
type suppliedVitals struct{ n *Node }

var (
	suppliedPayloads = suppliedVital("payloads", "Route payloads of the supplied set.")
	suppliedAge      = suppliedVital("age_seconds", "Age of the supplied set.")
	suppliedOld      = suppliedVital("old", "1 if the supplied set is older than rpki_vrps_max_age.")
	suppliedFaulty   = suppliedVital("faulty", "1 if the newest file was not taken and the one before stands.")
	suppliedFaults   = suppliedVital("faults", "Looks at the file that found it missing or wrong.")
	suppliedLeft     = suppliedVital("left_out", "Payloads and provider authorisations of the ledger that contradict the supplied set.")
)

func suppliedVital(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("ipledger_rpki_"+name, help, nil, nil)
}

// Describe names nothing beforehand, so that a registry asks at each gathering.
func (v suppliedVitals) Describe(chan<- *prometheus.Desc) {}

// Collect takes one look.
func (v suppliedVitals) Collect(out chan<- prometheus.Metric) {
	said := v.n.suppliedStatus()
	if said == nil {
		return
	}
	age, _ := v.n.supplied.old(time.Now())
	for d, value := range map[*prometheus.Desc]float64{
		suppliedPayloads: float64(said.Payloads), suppliedAge: age.Seconds(), suppliedOld: oneIf(said.Old),
		suppliedFaulty: oneIf(said.Fault != ""), suppliedFaults: float64(v.n.supplied.bad.Load()), suppliedLeft: float64(said.Left),
	} {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
	}
}
