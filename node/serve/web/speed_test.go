package web

import (
	"fmt"
	"testing"
)

// BenchmarkVerifier prints what the second verifier takes for a proof file of four
// validators beside as many bare verifications of a signature, in one run of Node.
// The aim is a ratio of at most 1.5.
//
//	IPLEDGER_NODE_MODULES=FOLDER go test ./node/serve/web -run '^$' -bench Verifier -benchtime 1x
func BenchmarkVerifier(b *testing.B) {
	dir := runtime(b)
	var v struct {
		Trust string
		Valid []struct{ Name, File string }
	}
	vectors(b, "proofs", &v)
	const signatures = 4 // of the vectors' committee
	for _, c := range v.Valid {
		b.Run(c.Name, func(b *testing.B) {
			for b.Loop() {
				got := run(b, dir, []map[string]any{{"ask": "speed", "file": c.File, "trust": v.Trust}})[0]
				var one, file float64
				if got.Says == nil {
					b.Fatalf("%+v", got)
				}
				if _, err := fmt.Sscan(*got.Says, &one, &file); err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(one*signatures, "ms/signatures")
				b.ReportMetric(file, "ms/file")
				b.ReportMetric(file/(one*signatures), "ratio")
			}
		})
	}
}
