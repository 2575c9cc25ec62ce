package light

import "testing"

// BenchmarkVerify is what a verifier does with one file: form, four signatures,
// proof, records, statement. It reports the file's size.
func BenchmarkVerify(b *testing.B) {
	files, trust := samples(b)
	for _, name := range []string{"resource", "unregistered", "account", "act"} {
		raw := files[name].Bytes()
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Verify(raw, trust); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(raw)), "file-bytes")
		})
	}
}

// BenchmarkMake is what a node does for one proof file.
func BenchmarkMake(b *testing.B) {
	s := source(newCommittee(1, 4), world(b), nil)
	r := parse(b, "193.0.8.1/32")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Resource(r); err != nil {
			b.Fatal(err)
		}
	}
}
