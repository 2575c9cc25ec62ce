package rib_test

import (
	"compress/gzip"
	"os"
	"testing"

	"ipledger/ledger/rib"
)

// dataFile is a real table of 2015, beside the repository.
const dataFile = "../../../shared/data/dfz/ipasn6_20151101.dat.gz"

// TestRead_real_DRIFT1 reads the Internet's table of a day, whose header says how
// much it holds. It is skipped where the data are not beside the repository.
func TestRead_real_DRIFT1(t *testing.T) {
	file, err := os.Open(dataFile)
	if err != nil {
		t.Skipf("a real routing table is not beside the repository: %v", err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := rib.Read(plain)
	if err != nil || len(got.Routes) != 606_138+27_693 || got.Unreadable != 0 {
		t.Errorf("got %d routes, %d unreadable (%v), %v", len(got.Routes), got.Unreadable, got.Shown, err)
	}
}
