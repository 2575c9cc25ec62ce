package serve

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

// ErrConfig reports a Config that cannot be served; its message names the field.
var ErrConfig = errors.New("serve: configuration")

// Config is the limits of what a node serves. Default gives values for a node
// that only this machine reaches.
type Config struct {
	// HTTP is where the HTTP interface listens, host:port; port 0 takes any.
	HTTP string `mapstructure:"http_listen"`
	// RTR is where routers are served, host:port; empty serves none.
	RTR string `mapstructure:"rtr_listen"`
	// RTRGrade is the weakest grade that routers are served: A, B, or empty for
	// whatever is settled.
	RTRGrade string `mapstructure:"rtr_min_grade"`
	// RTRVersion is the highest version that routers are served, 1 or 2.
	RTRVersion int `mapstructure:"rtr_max_version"`
	// IRR is where tools that build route filters are served, host:port; empty serves
	// none.
	IRR string `mapstructure:"irr_listen"`
	// Whois is where WHOIS is served, host:port; empty serves none.
	Whois string `mapstructure:"whois_listen"`
	// ConnectionsMax bounds the connections of one listener.
	ConnectionsMax int `mapstructure:"connections_max"`
	// ConnectionsPerAddress bounds those of one address (an IPv6 /64; a /48 has four times
	// as many).
	ConnectionsPerAddress int `mapstructure:"connections_per_address"`
	// RequestsPerSecond and Burst bound the requests of one address (an IPv6 /64; a /48 has
	// four times as many).
	RequestsPerSecond float64 `mapstructure:"requests_per_second"`
	Burst             int     `mapstructure:"requests_burst"`
	// LimitLoopback holds this machine's own programs to the same limits.
	LimitLoopback bool `mapstructure:"limit_loopback"`
}

// Limits that are not an operator's to set: a client that needs longer than
// these is broken or hostile.
const (
	HeaderTimeout  = 5 * time.Second  // for the header of a request to arrive
	ReadTimeout    = 15 * time.Second // for the whole request
	WriteTimeout   = 60 * time.Second // for an answer; waiting for an act takes up to 40 s of it
	IdleTimeout    = 60 * time.Second // between requests
	StopTimeout    = 5 * time.Second  // for requests to end when the node stops
	HeaderBytesMax = 8 << 10
)

// Default is the values for a node that only this machine reaches.
func Default() Config {
	return Config{
		HTTP: "127.0.0.1:8440", RTR: "127.0.0.1:8282", IRR: "127.0.0.1:4344", Whois: "127.0.0.1:4343", RTRVersion: 2, ConnectionsMax: 1024, ConnectionsPerAddress: 64,
		RequestsPerSecond: 20, Burst: 100,
	}
}

// Validate reports every field that cannot be served.
func (c Config) Validate() error {
	var errs []error
	if c.HTTP == "" {
		errs = append(errs, errors.New("http_listen: missing; want host:port"))
	}
	rooms := []struct{ key, addr string }{{"http_listen", c.HTTP}, {"rtr_listen", c.RTR}, {"irr_listen", c.IRR}, {"whois_listen", c.Whois}}
	for i, x := range rooms {
		if err := listenable(x.addr); err != nil && x.addr != "" {
			errs = append(errs, fmt.Errorf("%s: %w; want host:port", x.key, err))
		}
		for _, y := range rooms[:i] {
			if x.addr == y.addr && x.addr != "" && !strings.HasSuffix(x.addr, ":0") {
				errs = append(errs, fmt.Errorf("%s and %s are both %s", y.key, x.key, x.addr))
			}
		}
	}
	if c.RTRGrade != "" && c.RTRGrade != "A" && c.RTRGrade != "B" {
		errs = append(errs, fmt.Errorf("rtr_min_grade is %q, want A, B or nothing", c.RTRGrade))
	}
	if c.RTRVersion != 1 && c.RTRVersion != 2 {
		errs = append(errs, fmt.Errorf("rtr_max_version is %d, want 1 or 2", c.RTRVersion))
	}
	for name, n := range map[string]int{
		"connections_max": c.ConnectionsMax, "connections_per_address": c.ConnectionsPerAddress, "requests_burst": c.Burst,
	} {
		if n < 1 {
			errs = append(errs, fmt.Errorf("%s is %d, want at least 1", name, n))
		}
	}
	if !(c.RequestsPerSecond > 0) {
		errs = append(errs, fmt.Errorf("requests_per_second is %v, want more than 0", c.RequestsPerSecond))
	}
	if len(errs) > 0 {
		return fmt.Errorf("%w: %w", ErrConfig, errors.Join(errs...))
	}
	return nil
}

// listenable reports what makes an address none to listen on.
func listenable(addr string) error {
	_, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	return err
}
