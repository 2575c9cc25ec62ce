package p2p

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

func TestValidate_namesTheField(t *testing.T) {
	if err := testConfig(1).Validate(); err != nil {
		t.Fatalf("the test's own configuration: %v", err)
	}
	cases := []struct {
		name string
		set  func(*Config)
		want string
	}{
		{"no chain id", func(c *Config) { c.ChainID = "" }, "ChainID"},
		{"a chain id that is a path", func(c *Config) { c.ChainID = "a/b" }, "ChainID"},
		{"no genesis", func(c *Config) { c.Genesis = [32]byte{} }, "Genesis"},
		{"no identity", func(c *Config) { c.Identity = nil }, "Identity"},
		{"no room", func(c *Config) { c.PeersMax = 0 }, "PeersMax"},
		{"a burst below one message", func(c *Config) { c.ActsBurst = ActsPerMessageMax - 1 }, "ActsBurst"},
		{"no pause", func(c *Config) { c.ReconcilePeriod = 0 }, "ReconcilePeriod"},
		{"no patience", func(c *Config) { c.GreetingTimeout = -time.Second }, "GreetingTimeout"},
		{"no logger", func(c *Config) { c.Logger = nil }, "Logger"},
		{"an address that is none", func(c *Config) { c.Listen = []string{"0.0.0.0:4001"} }, "Listen"},
		{"a peer without id", func(c *Config) { c.Peers = []string{"/ip4/192.0.2.1/tcp/4001"} }, "Peers"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			config := testConfig(1)
			c.set(&config)
			err := config.Validate()
			if !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %v naming %s", err, ErrConfig, c.want)
			}
			if _, err := New(config, newShelf(), newShelf(), nil); !errors.Is(err, ErrConfig) {
				t.Errorf("New: got %v", err)
			}
		})
	}
}

func TestNew_reportsEveryAddressItCannotListenOn(t *testing.T) {
	c := testConfig(2)
	c.Listen = append(c.Listen, "/ip4/192.0.2.1/tcp/4001") // an address of no machine
	if h, err := New(c, newShelf(), newShelf(), nil); err == nil {
		_ = h.Close()
		t.Error("an address that cannot be listened on went unnoticed")
	}
}

func TestMetrics_countAndLeaveWithTheHost(t *testing.T) {
	registry := prometheus.NewRegistry()
	shelf := newShelf()
	h, err := New(testConfig(1), shelf, shelf, registry)
	if err != nil {
		t.Fatal(err)
	}
	other := start(t, testConfig(2), newShelf())
	link(t, other, h)
	meshed(t, 1, h, other)
	publish(t, other, "act")
	eventually(t, "delivery", func() bool { return shelf.holds("act") })
	eventually(t, "the figures", func() bool {
		got := gathered(t, registry)
		return got["ipledger_p2p_peers"] == 1 && got["ipledger_p2p_topic_peers"] == 1 &&
			got["ipledger_p2p_messages_total accept"] == 1 && got["ipledger_p2p_acts_total accept"] == 1 &&
			got["ipledger_p2p_greetings_total done"] == 1
	})
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if left := gathered(t, registry); len(left) != 0 {
		t.Errorf("a closed host still shows %v", left)
	}
}

func gathered(t *testing.T, r *prometheus.Registry) map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, l := range m.GetLabel() {
				name += " " + l.GetValue()
			}
			out[name] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	return out
}
