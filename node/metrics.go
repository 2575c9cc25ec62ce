package node

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// vitals are an operator's first questions as measurements: what Health says,
// taken when they are asked for. A stalled node is one whose ready is 0.
type vitals struct{ health func() Health }

var (
	vitalHeight  = vital("height", "Height of the last committed block.")
	vitalAge     = vital("head_age_seconds", "Age of the last block, by the time in its header.")
	vitalReady   = vital("ready", "1 if answers are those of the network, else 0: see /readyz.")
	vitalSyncing = vital("syncing", "1 while blocks are fetched that others have decided.")
	vitalEngine  = vital("engine_peers", "Consensus peers connected.")
	vitalActs    = vital("pool_acts", "Acts in the engine's pool.")
	vitalBytes   = vital("pool_bytes", "Bytes of the acts in the engine's pool.")
	vitalFree    = vital("free_bytes", "Free bytes on the disk of the databases.")
)

func vital(name, help string) *prometheus.Desc {
	return prometheus.NewDesc("ipledger_node_"+name, help, nil, nil)
}

// Describe names nothing beforehand, so that a registry asks at each gathering.
func (v vitals) Describe(chan<- *prometheus.Desc) {}

// Collect takes one look at the node.
func (v vitals) Collect(out chan<- prometheus.Metric) {
	h := v.health()
	gauge := func(d *prometheus.Desc, value float64) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value)
	}
	gauge(vitalHeight, float64(h.Height))
	gauge(vitalAge, h.HeadAge.Seconds())
	gauge(vitalReady, oneIf(h.Ready))
	gauge(vitalSyncing, oneIf(h.Syncing))
	gauge(vitalEngine, float64(h.EnginePeers))
	gauge(vitalActs, float64(h.PoolActs))
	gauge(vitalBytes, float64(h.PoolBytes))
	gauge(vitalFree, float64(h.FreeBytes))
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// measure registers the node's vitals, and those of its process: memory,
// goroutines, open files. It comes last of the assembly, since vitals need it all.
func (n *Node) measure() error {
	return errors.Join(
		n.metrics.Register(vitals{n.Health}),
		n.metrics.Register(suppliedVitals{n}),
		n.metrics.Register(driftVitals{func() *drifting { return &n.drift }}),
		n.metrics.Register(collectors.NewGoCollector()),
		n.metrics.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})),
	)
}
