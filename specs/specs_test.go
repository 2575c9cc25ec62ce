package specs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ipledger/specs"
)

const module = "ipledger/"

// layers is the policy of layers.txt.
type layers struct {
	rooms      map[string][]string
	allow, ban []string
}

func readLayers(t *testing.T) layers {
	raw, err := fs.ReadFile(specs.Files, "layers.txt")
	if err != nil {
		t.Fatal(err)
	}
	l := layers{rooms: map[string][]string{}}
	for line := range strings.SplitSeq(string(raw), "\n") {
		name, rest, ok := strings.Cut(line, ":")
		switch {
		case strings.HasPrefix(line, "#") || line == "":
		case !ok:
			t.Errorf("layers.txt: %q is neither a room with what it may import nor a list", line)
		case name == "allow ledger":
			l.allow = append(l.allow, strings.Fields(rest)...)
		case name == "ban ledger":
			l.ban = append(l.ban, strings.Fields(rest)...)
		default:
			if info, err := os.Stat(filepath.Join("..", name)); err != nil || !info.IsDir() || l.rooms[name] != nil {
				t.Errorf("layers.txt: %q is no folder, or stands there twice", name)
			}
			l.rooms[name] = strings.Fields(rest)
		}
	}
	return l
}

// goFiles visits every Go file of the module, with its room.
func goFiles(t *testing.T, visit func(room, path string)) {
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			room, _ := filepath.Rel("..", filepath.Dir(path))
			visit(filepath.ToSlash(room), path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func imports(t *testing.T, path string) []string {
	f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, spec := range f.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		out = append(out, name)
	}
	return out
}

func (l layers) permits(room, asked string) bool {
	for _, may := range l.rooms[room] {
		base, deep := strings.CutSuffix(may, "/**")
		if asked == base || deep && strings.HasPrefix(asked, base+"/") {
			return true
		}
	}
	return false
}

// TestLayers holds the direction of imports, and the lists for ledger/**.
func TestLayers(t *testing.T) {
	l := readLayers(t)
	goFiles(t, func(room, path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		if _, ok := l.rooms[room]; !ok {
			t.Errorf("%s: room %s is not in layers.txt", path, room)
		}
		pure := room == "ledger" || strings.HasPrefix(room, "ledger/")
		for _, name := range imports(t, path) {
			own, inside := strings.CutPrefix(name, module)
			if inside && !l.permits(room, own) {
				t.Errorf("%s: %s may not import %s", path, room, own)
			}
			if pure && !inside && (!slices.Contains(l.allow, name) || slices.Contains(l.ban, name)) {
				t.Errorf("%s: ledger may not import %s", path, name)
			}
		}
	})
}

// TestTopLevel holds the shape of the repository.
func TestTopLevel(t *testing.T) {
	agreed := strings.Fields("node ledger p2p cmd specs testnet")
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !slices.Contains(agreed, e.Name()) {
			t.Errorf("folder %s is not of the agreed layout", e.Name())
		}
	}
}

// ruleLine is a numbered sentence, such as TITLE-2, or an invariant, such as R1.
var ruleLine = regexp.MustCompile(`(?m)^\*\*([A-Z0-9]+-[0-9]+|R[0-9]+)\*\*:`)

// TestRulesAreNamed fails when a numbered sentence is named by no test, or is
// numbered twice.
func TestRulesAreNamed(t *testing.T) {
	tests := testNames(t)
	seen := map[string]string{}
	chapters, err := fs.Glob(specs.Files, "*.md")
	if err != nil || len(chapters) == 0 {
		t.Fatalf("no chapters: %v", err)
	}
	for _, chapter := range chapters {
		raw, _ := fs.ReadFile(specs.Files, chapter)
		for _, m := range ruleLine.FindAllStringSubmatch(string(raw), -1) {
			if seen[m[1]] != "" {
				t.Errorf("%s is numbered in %s and in %s", m[1], seen[m[1]], chapter)
			}
			seen[m[1]] = chapter
			if name := strings.Replace(m[1], "-", "", 1); !named(tests, name) {
				t.Errorf("%s: %s is named by no test", chapter, m[1])
			}
		}
	}
	for _, id := range []string{"RES-1", "R1", "REC-1"} {
		if seen[id] == "" {
			t.Errorf("%s was not found: the chapters are not read as they should be", id)
		}
	}
}

func named(tests []string, rule string) bool {
	return slices.ContainsFunc(tests, func(name string) bool {
		return slices.Contains(strings.Split(name, "_"), rule)
	})
}

func testNames(t *testing.T) []string {
	var out []string
	goFiles(t, func(_, path string) {
		if !strings.HasSuffix(path, "_test.go") {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				out = append(out, fn.Name.Name)
			}
		}
	})
	return out
}

var quoted = regexp.MustCompile(`specs/([0-9]+) ([A-Z0-9]+-[0-9]+|R[0-9]+)\b`)

// TestQuotesExist fails when code quotes a rule that the chapter it names does
// not state.
func TestQuotesExist(t *testing.T) {
	goFiles(t, func(_, path string) {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(string(raw), -1) {
			chapters, err := fs.Glob(specs.Files, m[1]+"-*.md")
			if err != nil || len(chapters) != 1 {
				t.Errorf("%s quotes %s, chapters %v", path, m[0], chapters)
				continue
			}
			text, _ := fs.ReadFile(specs.Files, chapters[0])
			if !strings.Contains(string(text), "\n**"+m[2]+"**: ") {
				t.Errorf("%s quotes %s, which %s does not state", path, m[2], chapters[0])
			}
		}
	})
}

// mentioned is a rule named in a sentence, or a chapter.
var mentioned = regexp.MustCompile(`\b(RES|WIRE|ACC|SIG|CRED|ACT|ADM|POL|TITLE|SPLIT|MERGE|DEAL|EST|ORIGIN|ROUTE|TREE|CHAIN|DUE|GEN|STO|P2P|ENG|RLY|PRF|API|REC|RPKI|ARCH|AUD|LOG)-[0-9]+\b`)

// TestMentionsExist fails when a chapter, a decision or a page at the top names
// a rule that no chapter states.
func TestMentionsExist(t *testing.T) {
	found := 0
	for _, pattern := range []string{"*.md", "decisions/*.md", "../*.md"} {
		pages, err := filepath.Glob(pattern)
		if err != nil || len(pages) == 0 {
			t.Fatalf("%s: no pages: %v", pattern, err)
		}
		for _, page := range pages {
			raw, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			for _, id := range mentioned.FindAllString(string(raw), -1) {
				found++
				if _, ok := specs.Rule(id); !ok {
					t.Errorf("%s names %s, which no chapter states", page, id)
				}
			}
		}
	}
	if found == 0 {
		t.Error("no rule is mentioned anywhere: the pattern is wrong")
	}
}

// TestIndex fails when specs/README.md leaves out a chapter or a family of rules.
func TestIndex(t *testing.T) {
	index, err := fs.ReadFile(specs.Files, "README.md")
	if err != nil {
		t.Fatal(err)
	}
	chapters, _ := fs.Glob(specs.Files, "[0-9]*.md")
	for _, chapter := range chapters {
		_, row, ok := strings.Cut(string(index), "| `"+chapter+"` |")
		if !ok {
			t.Errorf("the index leaves out %s", chapter)
			continue
		}
		row, _, _ = strings.Cut(row, "\n")
		raw, _ := fs.ReadFile(specs.Files, chapter)
		for _, m := range ruleLine.FindAllStringSubmatch(string(raw), -1) {
			family := strings.TrimRight(m[1], "-0123456789")
			if !regexp.MustCompile(`\b` + family + `\b`).MatchString(row) {
				t.Errorf("the index leaves out the rules %s of %s", family, chapter)
			}
		}
	}
}
