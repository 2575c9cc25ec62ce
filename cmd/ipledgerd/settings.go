package main

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"ipledger/node"
	"ipledger/node/serve"
)

// settings is all that a node is told: what it runs, what it serves, how it
// writes its log.
type settings struct {
	Node  node.Config  `mapstructure:",squash"`
	Serve serve.Config `mapstructure:",squash"`
	// LogFormat is text or json.
	LogFormat string `mapstructure:"log_format"`
}

func defaults() settings {
	return settings{Node: node.Default(), Serve: serve.Default(), LogFormat: "text"}
}

// Validate reports every setting that cannot be run.
func (s settings) Validate() error {
	if s.LogFormat != "text" && s.LogFormat != "json" {
		return fmt.Errorf("%w: log_format %q: want text or json", node.ErrConfig, s.LogFormat)
	}
	if err := s.Node.Validate(); err != nil {
		return err
	}
	return s.Serve.Validate()
}

// setting is one key: its name in the file, its default, and what it means.
type setting struct {
	key   string
	value any    // the default
	kind  string // type and unit, in words
	help  string
}

// env is the environment variable of the key.
func (s setting) env() string { return "IPLEDGERD_" + strings.ToUpper(s.key) }

// flag is the flag of the key.
func (s setting) flag() string {
	if short := flags[s.key]; short != "" {
		return short
	}
	return strings.ReplaceAll(s.key, "_", "-")
}

// flags are those that are not named as their keys are: it is more than routers that
// are told.
var flags = map[string]string{"rtr_over_rpki": "over-rpki"}

// manual says what each key means; a test compares it with the structs.
var manual = map[string]string{
	"home":                    "directory that `ipledgerd init` made; data, keys and this file are in it",
	"genesis":                 "genesis file; empty is genesis.json in home. The state file it names stands beside it",
	"genesis_hash":            "hash that the genesis file must have, 64 hexadecimal digits; empty trusts the file",
	"name":                    "name shown to consensus peers; it means nothing",
	"engine_listen":           "address for consensus peers, host:port",
	"engine_external":         "address that consensus peers should dial, host:port, if it is not engine_listen",
	"engine_peers":            "consensus peers to dial for ever: id@host:port",
	"engine_peers_max":        "most consensus peers that dial in",
	"engine_exchange":         "let consensus peers tell each other of further ones",
	"p2p_listen":              "multiaddresses for peers that carry acts; none is to dial only",
	"p2p_peers":               "peers that carry acts, dialled for ever: multiaddresses that end in /p2p/ID",
	"p2p_peers_max":           "most peers that carry acts",
	"p2p_acts_per_second":     "acts a second that a peer may send before it is held back",
	"p2p_acts_burst":          "acts that a peer may send at once",
	"republish":               "pause between two publications of an act that was submitted here and is not final",
	"contacts_for":            "accounts whose contact files are taken from anywhere: 0x and 40 digits; those of others from this machine alone",
	"witnesses":               "witnesses that cosign the block log: verifier key, space, URL; at most 15",
	"rpki_vrps":               "file that an RPKI validator exports its payloads to, JSON or CSV, read again when it changes; what contradicts it is not exported",
	"rpki_vrps_max_age":       "age of the supplied RPKI payloads beyond which the node tells of it; they stand however old they get",
	"drift_table":             "routing table to compare with the ledger and rpki_vrps, text or MRT TABLE_DUMP_V2, plain, .gz, .bz2 or .xz, read again when it changes: replace it by renaming another; empty compares nothing",
	"rtr_over_rpki":           "export also what contradicts the supplied RPKI payloads",
	"free_bytes_min":          "free space on the disk below which the node ends itself in good order",
	"ballast":                 "keep a file of 64 MiB that can be deleted when the disk is full",
	"log_level":               "debug, info, warn or error",
	"log_format":              "text or json",
	"http_listen":             "address of the HTTP interface, host:port; port 0 takes any",
	"rtr_listen":              "address for routers (RPKI to Router protocol), host:port; empty serves none",
	"rtr_min_grade":           "weakest grade of titles that routers are told of: A, B, or empty for whatever is settled",
	"rtr_max_version":         "highest version that routers are served, 1 or 2; 2 adds providers by a draft that some routers read otherwise",
	"irr_listen":              "address for tools that build route filters (IRRd protocol), host:port; empty serves none",
	"whois_listen":            "address for WHOIS (RFC 3912), host:port; empty serves none",
	"connections_max":         "most connections of one listener",
	"connections_per_address": "most connections of one address (an IPv6 /64; a /48 has four times as many)",
	"requests_per_second":     "requests a second of one address (an IPv6 /64; a /48 has four times as many)",
	"requests_burst":          "requests that one address may send at once",
	"limit_loopback":          "hold this machine's own programs to the same limits",
}

// units are those of the keys that have one.
var units = map[string]string{"free_bytes_min": "bytes", "requests_per_second": "1/s"}

// allSettings is every key, in the order of the structs.
func allSettings() []setting { return settingsOf(reflect.ValueOf(defaults())) }

func settingsOf(v reflect.Value) (out []setting) {
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag.Get("mapstructure")
		if tag == ",squash" {
			out = append(out, settingsOf(v.Field(i))...)
			continue
		}
		value := v.Field(i).Interface()
		out = append(out, setting{tag, value, kindOf(tag, value), manual[tag]})
	}
	return out
}

func kindOf(key string, value any) string {
	kind := "text"
	switch value.(type) {
	case bool:
		kind = "true or false"
	case int, uint64:
		kind = "whole number"
	case float64:
		kind = "number"
	case time.Duration:
		kind = "duration such as 3s or 500ms"
	case []string:
		kind = "list of texts; in the environment and flags comma-separated"
	}
	if u := units[key]; u != "" {
		kind += ", " + u
	}
	return kind
}
