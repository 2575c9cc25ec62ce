package serve

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics is what an operator can watch of the listeners.
type metrics struct {
	requests    *prometheus.CounterVec // by room and class of status
	seconds     prometheus.Histogram   // of HTTP requests
	limited     prometheus.Counter
	connections *prometheus.GaugeVec   // by room
	refused     *prometheus.CounterVec // by room
}

// newMetrics registers everything with r; nil registers nothing.
func newMetrics(r prometheus.Registerer) (*metrics, error) {
	opts := func(name, help string) prometheus.Opts {
		return prometheus.Opts{Namespace: "ipledger", Subsystem: "serve", Name: name, Help: help}
	}
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts(opts("requests_total", "HTTP requests answered, by class of status.")), []string{"class"}),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "ipledger", Subsystem: "serve", Name: "request_seconds", Help: "Time to answer an HTTP request, streams left out.",
			Buckets: []float64{.0005, .001, .005, .01, .05, .1, .5, 1, 5, 30},
		}),
		limited:     prometheus.NewCounter(prometheus.CounterOpts(opts("requests_limited_total", "Requests refused because their address sent too many."))),
		connections: prometheus.NewGaugeVec(prometheus.GaugeOpts(opts("connections", "Connections open.")), []string{"room"}),
		refused:     prometheus.NewCounterVec(prometheus.CounterOpts(opts("connections_refused_total", "Connections closed at once because there were too many.")), []string{"room"}),
	}
	if r == nil || r == (*prometheus.Registry)(nil) {
		return m, nil
	}
	var errs []error
	for _, c := range []prometheus.Collector{m.requests, m.seconds, m.limited, m.connections, m.refused} {
		errs = append(errs, r.Register(c))
	}
	return m, errors.Join(errs...)
}
