package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ipledger/cmd/plain"
)

const (
	usualURL        = "http://127.0.0.1:8440"
	statusBytesMax  = 64 << 10
	statusPatience  = 5 * time.Second
	statusEvery     = time.Second
	heightUnset     = ""
	waitPollsEvery  = 250 * time.Millisecond
	waitTimeUsual   = 10 * time.Minute
	unreachableHint = "is the node running? --node names its HTTP address (IPLEDGERD_NODE), the node's http_listen"
)

// status is what a node says of itself.
type status struct {
	ChainID     string          `json:"chain_id"`
	GenesisHash string          `json:"genesis_hash"`
	Height      string          `json:"height"`
	HeaderHash  string          `json:"header_hash"`
	AppHash     string          `json:"app_hash"`
	Time        json.RawMessage `json:"time"`
	Synced      bool            `json:"synced"`
	Phase       string          `json:"phase"`
	Peers       int             `json:"peers"`
	Test        bool            `json:"test"`
	Records     string          `json:"records"`
	Version     string          `json:"version"`
	Rules       string          `json:"rules_version"`
	Cures       []cure          `json:"cures"`
	Supplied    *supplied       `json:"rpki"`
	Reason      string          `json:"reason,omitempty"` // why it is not ready
}

// supplied is what a node says of the RPKI payloads that it was given.
type supplied struct {
	Payloads int             `json:"payloads"`
	Made     json.RawMessage `json:"made"`
	Old      bool            `json:"old"`
	Left     int64           `json:"left_out"`
	Over     bool            `json:"over_rpki"`
	Fault    string          `json:"fault"`
}

// cure is an organisation, jurisdiction or host above its cap among the members.
type cure struct {
	Scope   string          `json:"scope"`
	Name    string          `json:"name"`
	Since   json.RawMessage `json:"since"`
	Until   json.RawMessage `json:"until"`
	Overdue bool            `json:"overdue"`
}

// ask fetches what a node says of itself, as it said it and understood.
func ask(ctx context.Context, base string) (raw []byte, s status, err error) {
	ctx, cancel := context.WithTimeout(ctx, statusPatience)
	defer cancel()
	base = strings.TrimSuffix(base, "/")
	if raw, err = fetch(ctx, base+"/v1/status"); err != nil {
		return nil, s, fail(exitUnreachable, fmt.Errorf("the node at %s cannot be reached: %w", base, err), unreachableHint)
	}
	if err := json.Unmarshal(raw, &s); err != nil || s.Height == heightUnset {
		return nil, s, fail(exitUnreachable, fmt.Errorf("what answers at %s is no node", base), unreachableHint)
	}
	if why, err := fetch(ctx, base+"/readyz"); err == nil && !s.Synced {
		s.Reason = strings.TrimSpace(strings.TrimPrefix(string(why), "not ready: "))
	}
	return raw, s, nil
}

func fetch(ctx context.Context, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return io.ReadAll(io.LimitReader(res.Body, statusBytesMax))
}

func nodeFlag(c *cobra.Command, url *string) {
	usual := os.Getenv("IPLEDGERD_NODE")
	if usual == "" {
		usual = usualURL
	}
	c.Flags().StringVar(url, "node", usual, "URL of the node (IPLEDGERD_NODE)")
}

func statusCommand() *cobra.Command {
	var url string
	var asJSON, watch bool
	c := &cobra.Command{
		Use: "status", Short: "Show height, phase, peers and readiness of a node", Args: cobra.NoArgs,
		Example: "  ipledgerd status\n  ipledgerd status --json --node http://127.0.0.1:8440\n  ipledgerd status --watch",
		RunE: func(cmd *cobra.Command, _ []string) error {
			for {
				raw, s, err := ask(cmd.Context(), url)
				if err != nil && (!watch || cmd.Context().Err() != nil) {
					return err
				}
				switch {
				case err != nil:
					report(cmd.ErrOrStderr(), err)
				case asJSON:
					fmt.Fprintln(cmd.OutOrStdout(), plain.Text(strings.TrimSpace(string(raw)), true))
				default:
					fmt.Fprint(cmd.OutOrStdout(), plain.Text(statusText(s)+driftText(askDrift(cmd.Context(), url)), true))
				}
				if !watch || !rest(cmd.Context(), statusEvery) {
					return nil
				}
			}
		},
	}
	nodeFlag(c, &url)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON, as the node says it")
	c.Flags().BoolVar(&watch, "watch", false, "go on, once a second, until interrupted")
	return c
}

// statusText is a status in words; those that the node chose are shown by plain.Text.
func statusText(s status) string {
	var b strings.Builder
	printStatus(&b, s)
	return b.String()
}

func printStatus(w io.Writer, s status) {
	kind := ""
	if s.Test {
		kind = " (test network)"
	}
	phase := s.Phase
	if s.Reason != "" {
		phase += ": " + s.Reason
	}
	fmt.Fprintf(w, "chain    %s%s\ngenesis  %s\nheight   %s\nheader   %s\nstate    %s, %s records\ntime     %s\nphase    %s\npeers    %d\nversion  %s, rules %s\n",
		s.ChainID, kind, s.GenesisHash, s.Height, s.HeaderHash, s.AppHash, s.Records, moment(s.Time), phase, s.Peers, s.Version, s.Rules)
	printSupplied(w, s.Supplied)
	printCures(w, s.Cures)
}

func printSupplied(w io.Writer, s *supplied) {
	if s == nil {
		return
	}
	did := "left out of exports"
	if s.Over {
		did = "exported all the same"
	}
	fmt.Fprintf(w, "rpki     %d payloads of %s supplied; %d of the ledger's contradict them, %s\n", s.Payloads, moment(s.Made), s.Left, did)
	if s.Old {
		fmt.Fprintln(w, "rpki     they are older than rpki_vrps_max_age; does the validator run?")
	}
	if s.Fault != "" {
		fmt.Fprintf(w, "rpki     the newest file was not taken: %s\n", s.Fault)
	}
}

// printCures keeps specs/23 GOV-18: a cure term is shown in every status, and as
// overdue after its end.
func printCures(w io.Writer, list []cure) {
	for _, c := range list {
		ends := "to be cured by"
		if c.Overdue {
			ends = "overdue since"
		}
		fmt.Fprintf(w, "cure     %s %q is above its cap among the members since %s, %s %s\n", c.Scope, c.Name, moment(c.Since), ends, moment(c.Until))
	}
}

// moment is a time as people read it; the node gives Unix seconds.
func moment(raw json.RawMessage) string {
	var seconds int64
	if _, err := fmt.Sscan(strings.Trim(string(raw), `"`), &seconds); err == nil && !strings.Contains(string(raw), "T") {
		return time.Unix(seconds, 0).UTC().Format(time.RFC3339)
	}
	return strings.Trim(string(raw), `"`)
}

// rest waits, and reports whether there is time left.
func rest(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

func waitCommand() *cobra.Command {
	var url string
	var synced bool
	var timeout time.Duration
	c := &cobra.Command{
		Use: "wait --synced", Short: "Wait until a node has what the network has", Args: cobra.NoArgs,
		Long:    "Exit 0 as soon as the node is synced, 8 if it is not within the timeout.",
		Example: "  ipledgerd wait --synced --timeout 10m",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !synced {
				return usage("say what to wait for: --synced")
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			return waitSynced(ctx, url, cmd.ErrOrStderr())
		},
	}
	nodeFlag(c, &url)
	c.Flags().BoolVar(&synced, "synced", false, "wait for the node to be synced")
	c.Flags().DurationVar(&timeout, "timeout", waitTimeUsual, "how long to wait")
	return c
}

// waitSynced tells each phase once.
func waitSynced(ctx context.Context, url string, progress io.Writer) error {
	last := ""
	for {
		_, s, err := ask(ctx, url)
		if err == nil && s.Synced {
			return nil
		}
		now := "not reachable yet"
		if err == nil {
			now = s.Phase
		}
		if now != last {
			fmt.Fprintln(progress, plain.Text(now, false))
			last = now
		}
		if !rest(ctx, waitPollsEvery) {
			break
		}
	}
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return ctx.Err()
	}
	return fail(exitTimeout, fmt.Errorf("the node at %s is not synced in time: %s", url, last), "`ipledgerd status --watch` shows its progress")
}
