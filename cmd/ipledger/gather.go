package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ipledger/ledger/rpki"
)

// objectsMax bounds the certificates and CRLs that are read in search of a path:
// ten times what all registries together publish.
const objectsMax = 1_000_000

// gather makes evidence of a checklist and of what is found above it.
func gather(checklist string, places []string) (*rpki.Evidence, error) {
	raw, err := readSmall(checklist, rpki.EvidenceBytesMax)
	if err != nil {
		return nil, err
	}
	shelf := rpki.NewShelf()
	found := 0
	for _, place := range places {
		err := filepath.WalkDir(place, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			taken, err := shelve(shelf, path, d)
			if taken {
				found++
			}
			if err == nil && found > objectsMax {
				return fail(exitFailed, "there are more than %d certificates and CRLs; name the folders of the CAs above yours", objectsMax)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if found == 0 {
		return nil, usage("no certificate or CRL (*.cer, *.crl) of a CA is in %s", strings.Join(places, ", "))
	}
	return shelf.Evidence(raw, uint64(max(time.Now().Unix(), 0)))
}

// shelve puts a file on the shelf if its name says that it is a certificate or a
// CRL, and it can be part of evidence.
func shelve(shelf *rpki.Shelf, path string, d fs.DirEntry) (taken bool, err error) {
	add := map[string]func([]byte) bool{".cer": shelf.AddCertificate, ".crl": shelf.AddCRL}[strings.ToLower(filepath.Ext(path))]
	if add == nil || !d.Type().IsRegular() {
		return false, nil
	}
	info, err := d.Info()
	if err != nil || info.Size() > rpki.EvidenceBytesMax {
		return false, err
	}
	raw, err := os.ReadFile(path)
	return err == nil && add(raw), err
}
