package main

import (
	"bufio"
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"ipledger/testnet/world"
)

var (
	holdersLine = regexp.MustCompile(`(?m)^name = "([a-z-]+)"$`)
	laneFlag    = regexp.MustCompile(`--lane (\d)`)
)

// TestStories_lanes holds that no two stories of one network act for an account in
// the same lane: they run side by side, and one would take the number that the
// other has just drawn (specs/04 ADM-4). Who accepts an offer is not written down,
// so every account that an acting command names counts.
func TestStories_lanes(t *testing.T) {
	taken := map[string]string{} // account and lane: the story
	for _, path := range storiesOf(t, "testdata/network/*.txtar") {
		story, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, use := range lanesOf(story.Comment, accountsOfWorld()) {
			if first, ok := taken[use]; ok && first != path {
				t.Errorf("%s and %s both act in %s", first, path, use)
			}
			taken[use] = path
		}
	}
}

func storiesOf(t *testing.T, pattern string) []string {
	list, err := filepath.Glob(pattern)
	if err != nil || len(list) == 0 {
		t.Fatalf("no stories at %s: %v", pattern, err)
	}
	return list
}

func accountsOfWorld() (names []string) {
	for _, m := range holdersLine.FindAllSubmatch(world.Read(world.HoldingsFile), -1) {
		names = append(names, string(m[1]))
	}
	for _, b := range slices.Concat(world.Registrars, world.Adjudicators) {
		names = append(names, b.Name)
	}
	return names
}

// lanesOf is the accounts and lanes that a story's acting commands name.
func lanesOf(story []byte, accounts []string) (uses []string) {
	lines := bufio.NewScanner(bytes.NewReader(story))
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if !slices.Contains(words, "ipledger") || slices.Contains(words, "sign") || !slices.Contains(words, "--yes") && !slices.Contains(words, "--out") {
			continue
		}
		lane := "lane 0"
		if m := laneFlag.FindString(lines.Text()); m != "" {
			lane = strings.TrimPrefix(m, "--")
		}
		for _, word := range words {
			if slices.Contains(accounts, word) {
				uses = append(uses, lane+" of "+word)
			}
		}
	}
	return uses
}
