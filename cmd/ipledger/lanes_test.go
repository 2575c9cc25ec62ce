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

	"ipledger/ledger/inr"
	"ipledger/ledger/wire"
	"ipledger/testnet/world"
)

var (
	holderLine = regexp.MustCompile(`^name = "([a-z-]+)"$`)
	quoted     = regexp.MustCompile(`"([^"]+)"`)
	laneFlag   = regexp.MustCompile(`--lane (\d)`)
)

// TestStories_lanes holds that no two stories of one network act for an account in
// the same lane: they run side by side, and one would take the number that the
// other has just drawn (specs/04 ADM-4). Who acts is often not written down, so
// every account that an acting command names counts, and the world's holder of
// every block.
func TestStories_lanes(t *testing.T) {
	taken := map[string]string{} // account and lane: the story
	w := readWorld()
	for _, path := range storiesOf(t, "testdata/network/*.txtar") {
		story, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, use := range w.lanesOf(story.Comment) {
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

// accounts is the names of the world's accounts and who holds what.
type accounts struct {
	names  []string
	titles map[wire.Resource]string
}

func readWorld() accounts {
	w := accounts{titles: map[wire.Resource]string{}}
	for line := range strings.Lines(string(world.Read(world.HoldingsFile))) {
		line = strings.TrimSpace(line)
		if m := holderLine.FindStringSubmatch(line); m != nil {
			w.names = append(w.names, m[1])
		}
		if !strings.HasPrefix(line, "holdings = ") {
			continue
		}
		for _, m := range quoted.FindAllStringSubmatch(line, -1) {
			if r, err := inr.Parse(m[1]); err == nil {
				w.titles[r] = w.names[len(w.names)-1]
			}
		}
	}
	for _, b := range slices.Concat(world.Registrars, world.Adjudicators) {
		w.names = append(w.names, b.Name)
	}
	return w
}

// lanesOf is the accounts and lanes that a story's acting commands use. What is
// signed and not submitted, a letter too, uses none.
func (w accounts) lanesOf(story []byte) (uses []string) {
	lines := bufio.NewScanner(bytes.NewReader(story))
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		if !slices.Contains(words, "ipledger") || slices.Contains(words, "sign") || slices.Contains(words, "letter") || !slices.Contains(words, "--yes") && !slices.Contains(words, "--out") {
			continue
		}
		lane := "lane 0"
		if m := laneFlag.FindString(lines.Text()); m != "" {
			lane = strings.TrimPrefix(m, "--")
		}
		for _, word := range words {
			if who := w.acting(word, slices.Contains(words, "--account")); who != "" {
				uses = append(uses, lane+" of "+who)
			}
		}
	}
	return uses
}

// acting is the account that a word of a command may let act: the one it names, or
// where none is named the holder of the block it names.
func (w accounts) acting(word string, named bool) string {
	if slices.Contains(w.names, word) {
		return word
	}
	r, err := inr.Parse(word)
	if err != nil || named {
		return ""
	}
	for title, holder := range w.titles {
		if inr.Covers(title, r) {
			return holder
		}
	}
	return ""
}
