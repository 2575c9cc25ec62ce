package node

import (
	"testing"
	"time"
)

// TestMetrics_vitals finds height, readiness, memory and goroutines among a
// running node's measurements, before the first block and after it.
func TestMetrics_vitals(t *testing.T) {
	n := newTestnet(t, 1, 0, 1, 1).startAll()
	value := func(name string) float64 {
		t.Helper()
		families, err := n.nodes[0].node.Metrics().Gather()
		n.must(err)
		for _, f := range families {
			if f.GetName() == name {
				return f.GetMetric()[0].GetGauge().GetValue()
			}
		}
		t.Fatalf("no measurement %s", name)
		return 0
	}
	value("ipledger_node_height")
	n.eventually(20*time.Second, "the first blocks", func() bool {
		return value("ipledger_node_height") >= 2 && value("ipledger_node_ready") == 1
	})
	for name, least := range map[string]float64{
		"go_goroutines": 10, "process_resident_memory_bytes": 1 << 20, "ipledger_node_free_bytes": 1, "ipledger_node_head_age_seconds": 0,
	} {
		if got := value(name); got < least {
			t.Errorf("%s is %v, want %v or more", name, got, least)
		}
	}
}
