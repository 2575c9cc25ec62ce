package node

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"ipledger/ledger/drift"
)

// driftVitals is the newest comparison as measurements; there are none before the
// first.
type driftVitals struct{ of func() *drifting }

var (
	driftFindings = prometheus.NewDesc("ipledger_drift_findings", "Routes and payloads by what the last comparison calls them.", []string{"category"}, nil)
	driftRoutes   = prometheus.NewDesc("ipledger_drift_routes", "Routes of the table that was compared.", nil, nil)
	driftAge      = prometheus.NewDesc("ipledger_drift_table_age_seconds", "Time since the table that was compared was read.", nil, nil)
	driftFaulty   = prometheus.NewDesc("ipledger_drift_faulty", "1 if the newest table could not be read and the last comparison stands.", nil, nil)
)

// Describe names nothing beforehand, so that a registry asks at each gathering.
func (v driftVitals) Describe(chan<- *prometheus.Desc) {}

// Collect takes one look.
func (v driftVitals) Collect(out chan<- prometheus.Metric) {
	d := v.of()
	if d.path == "" {
		return
	}
	gauge := func(desc *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, labels...)
	}
	now := d.Drift()
	gauge(driftFaulty, oneIf(now.Fault != ""))
	if now.Report == nil {
		return
	}
	gauge(driftRoutes, float64(now.Report.Routes))
	gauge(driftAge, time.Since(time.Unix(int64(now.TableRead), 0)).Seconds())
	for c := range drift.Category(drift.Categories) {
		gauge(driftFindings, float64(now.Report.Found[c]), c.String())
	}
}
