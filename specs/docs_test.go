package specs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
	"testing"

	"ipledger/specs"
)

// TestDocs fails when a package has no comment, or a function, method or type
// that others can name has none.
func TestDocs(t *testing.T) {
	rooms := map[string]bool{}
	goFiles(t, func(room, file string) {
		if strings.HasSuffix(file, "_test.go") {
			return
		}
		files := token.NewFileSet()
		f, err := parser.ParseFile(files, file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		rooms[room] = rooms[room] || f.Doc != nil
		for _, d := range f.Decls {
			for _, name := range undocumented(d) {
				t.Errorf("%v: %s has no comment", files.Position(d.Pos()), name)
			}
		}
	})
	for room, said := range rooms {
		if !said {
			t.Errorf("package %s does not say what it is", room)
		}
	}
}

// undocumented is the exported names of a declaration that stand without comment.
func undocumented(d ast.Decl) (names []string) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && ast.IsExported(receiver(d)) {
			names = append(names, d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			if s, ok := s.(*ast.TypeSpec); ok && d.Doc == nil && s.Doc == nil && s.Name.IsExported() {
				names = append(names, s.Name.Name)
			}
		}
	}
	return names
}

// receiver is the name of a method's type, of a function its own name.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	of := d.Recv.List[0].Type
	for {
		switch x := of.(type) {
		case *ast.StarExpr:
			of = x.X
		case *ast.IndexExpr:
			of = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// TestSections fails when a chapter leaves out a part that every chapter has.
func TestSections(t *testing.T) {
	chapters, err := fs.Glob(specs.Files, "[0-9]*.md")
	if err != nil || len(chapters) == 0 {
		t.Fatalf("no chapters: %v", err)
	}
	for _, chapter := range chapters {
		raw, _ := fs.ReadFile(specs.Files, chapter)
		for _, part := range []string{"Scope", "Worked example", "Vectors", "Security considerations", "Changes"} {
			if n := strings.Count(string(raw), "\n## "+part+"\n"); n != 1 {
				t.Errorf("%s has the part %q %d times, want once", chapter, part, n)
			}
		}
		if !strings.Contains(string(raw), "BCP 14 (RFC 2119, RFC 8174)") {
			t.Errorf("%s does not say how its words are to be read", chapter)
		}
	}
}

// TestVectorsAreIndexed fails when the index leaves out a file of vectors.
func TestVectorsAreIndexed(t *testing.T) {
	index, _ := fs.ReadFile(specs.Files, "README.md")
	files, err := fs.Glob(specs.Files, "vectors/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(path.Base(file), ".json"); !strings.Contains(string(index), "`"+name+"` (") {
			t.Errorf("the index leaves out %s", file)
		}
	}
}
