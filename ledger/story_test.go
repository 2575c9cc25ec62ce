package ledger_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/light"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// story is a scenario of testdata under way: one line an act, a time that
// passes, or what must be so. The files' own comments say what they tell.
//
//	accounts ana ben            before anything else
//	holds ana 60.0.0.0/16       titles of genesis
//	registrar reg1 Org NL       a registrar, of an organisation, in a jurisdiction
//	adjudicator adj1 JP         an adjudicator, of a jurisdiction
//	member mem1                 the account of a member
//	member mem1 Org NL AS1      the same, of an organisation, in a jurisdiction, on a host
//	row 62.0.0.0/16             a title of genesis that nobody holds
//	row 62.0.0.0/16 available   one that its registry has yet to allocate
//	set vote_seconds 14d        a number of genesis
//	remove reg1                 a registrar is removed for cause
//	+3d                         time passes with the chain awake
//	halt 7d                     no ledger block is made for so long
//	ana: VERB …                 an act, done
//	refused RULE ana: VERB …    an act that this rule refuses
//	inadmissible RULE ana: …    an act that no ledger block may hold
//	takes ana new               a made-up holder's key signs for ana from now on
//	WORD …                      what must be so: see says
type story struct {
	*world
	last  map[string]wire.Hash // of each block: the offer made last, the last of each verb, the estate
	names []string
}

// TestStories_R1_R5_R6_R7_R9_R10 plays every scenario, with every invariant
// looked at after each ledger block.
func TestStories_R1_R5_R6_R7_R9_R10(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) < 9 {
		t.Fatalf("%d stories, %v", len(files), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { play(t, file, string(raw)) })
	}
}

func play(t *testing.T, file, text string) {
	var s *story
	held, names := map[string][]string{}, []string(nil)
	var before [][]string
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		f := strings.Fields(line)
		switch {
		case len(f) == 0:
		case f[0] == "accounts":
			names = f[1:]
		case f[0] == "holds":
			held[f[1]] = append(held[f[1]], f[2:]...)
		case slices.Contains([]string{"registrar", "row", "adjudicator", "member", "set"}, f[0]):
			before = append(before, f)
		default:
			if s == nil {
				s = &story{world: newWorld(t, names, held), last: map[string]wire.Hash{}, names: names}
				s.tune()
				s.found(before)
				s.appoint(before)
				s.ordain(before)
			}
			t.Logf("%s:%d: %s", file, i+1, strings.TrimSpace(line))
			s.line(f)
		}
	}
}

// tune sets the windows of a real network.
func (s *story) tune() {
	e := s.state.Edit()
	p := parameters(s.t, s.state)
	p.NoticeMin, p.ClauseMin, p.EnforceSeconds, p.RecoverySeconds = 86_400, 86_400, 30*86_400, 14*86_400
	for i := range record.ParameterTable {
		if x := &record.ParameterTable[i]; strings.HasSuffix(x.Name, "_seconds") && *x.In(p) == 0 && x.Name != "delay_seconds" {
			*x.In(p) = x.Value
		}
	}
	p.Attestations, p.AttestShare = 2, 1_000_000
	e.Put(record.Leaf(record.ParametersKey, wire.Encode(p)))
	s.state = e.Freeze()
}

func (s *story) line(f []string) {
	switch {
	case f[0][0] == '+':
		s.awake(seconds(s.t, f[0][1:]))
	case f[0] == "halt":
		s.block(seconds(s.t, f[1]))
	case f[0] == "refused":
		s.refused(f[1], strings.TrimSuffix(f[2], ":"), s.body(strings.TrimSuffix(f[2], ":"), f[3], f[4:]))
	case f[0] == "inadmissible":
		name := strings.TrimSuffix(f[2], ":")
		v := s.sign(name, s.body(name, f[3], f[4:]))
		s.lanes[who(name)]--
		s.inadmissible(f[1], v)
	case strings.HasSuffix(f[0], ":"):
		s.act(strings.TrimSuffix(f[0], ":"), f[1], f[2:])
	case f[0] == "remove":
		s.remove(f[1], wire.Hash{byte(len(s.last))})
	case f[0] == "takes":
		s.takes(f[1], f[2])
	default:
		s.says(f[0], f[1:])
	}
}

// act does an act, and remembers it as the last that spoke of its block.
func (s *story) act(name, verb string, args []string) {
	if verb == "revoke" {
		s.revoke(name)
		return
	}
	body := s.body(name, verb, args)
	if _, veto := body.(*tx.RecoveryVeto); veto {
		s.do(name, body)
		return
	}
	id := s.do(name, body)
	if slices.Contains([]string{"transfer", "lease", "renew", "end", "assign", "grant", "charge", "redeem", "surrender", "claim", "succession"}, verb) {
		s.last[args[0]], s.last[verb+" "+args[0]] = id, id
	}
	if verb == "propose" {
		s.last["proposal "+args[0]] = id
	}
	if verb == "caution" || verb == "order" {
		s.last["matter "+args[0]] = id
	}
	if verb == "accept" {
		s.last["estate "+args[0]] = id
	}
}

// revoke sends the revocation of the account's key, which the key itself signs.
func (s *story) revoke(name string) {
	key := s.keys[who(name)]
	v := s.signWith(tx.Header{Author: who(name), Rules: tx.RulesVersion}, &tx.KeyRevoke{Key: keysFrom(key)}, key)
	if r := s.block(1, v).Receipts[0]; r.Outcome != ledger.Done {
		s.t.Fatalf("revoke: %s %s", r.Rule, r.Detail)
	}
}

func seconds(t testing.TB, text string) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(text[:len(text)-1], 10, 32)
	unit, ok := map[byte]uint64{'s': 1, 'm': 60, 'h': 3600, 'd': 86_400}[text[len(text)-1]]
	if err != nil || !ok {
		t.Fatalf("%q is no time", text)
	}
	return n * unit
}

// args are the words of a line behind its block: name value pairs and flags.
type args []string

func (a args) has(word string) bool { return slices.Contains(a, word) }

func (a args) after(word string) string {
	if i := slices.Index(a, word); i >= 0 && i+1 < len(a) {
		return a[i+1]
	}
	return ""
}

func (s *story) in(a args, word string) uint64 {
	if text := a.after(word); text != "" {
		return seconds(s.t, text)
	}
	return 0
}

func secretOf(text string) wire.Hash { return sha256.Sum256([]byte(text)) }

// says checks one thing that must be so.
func (s *story) says(word string, f []string) {
	s.t.Helper()
	got := ""
	switch word {
	case "holder", "possessor":
		got = s.party(f[0], word)
	case "origins":
		got = strings.Join(s.origins(f[0]), ", ")
		f = []string{f[0], strings.Join(f[1:], " ")}
	case "frozen":
		got = s.frozenAt(f[0])
	case "grade", "state":
		got = s.stands(word, f[0])
	case "against":
		got = strings.Join(s.against(f[0]), ", ")
		f = []string{f[0], strings.Join(f[1:], " ")}
	case "charges":
		got = strings.Join(s.lenders(f[0]), " ")
		f = []string{f[0], strings.Join(f[1:], " ")}
	case "providers":
		if raw := s.folio(f[0]).Contacts; raw != nil {
			x, err := record.ServicesFromBytes(raw)
			if err != nil {
				s.t.Fatal(err)
			}
			got = strings.Trim(fmt.Sprint(x.Providers), "[]")
		}
		f = []string{f[0], strings.Join(f[1:], " ")}
	case "key":
		got = "none"
		for _, name := range append(s.names, "new", "thief") {
			if slices.Equal(s.account(f[0]).Policy.TitleKeys, keysOf(name)) {
				got = name
			}
		}
	case "proposal", "parameter", "members", "ceased", "cure":
		got = s.governed(word, f[0])
		f = []string{f[0], strings.Join(f[1:], " ")}
	default:
		s.t.Fatalf("%q says nothing", word)
	}
	if want := f[1]; got != want {
		s.t.Fatalf("%s of %s: %q, want %q", word, f[0], got, want)
	}
}

// party is who holds or possesses a block, as a verified answer says.
func (s *story) party(text, word string) string {
	a, err := light.Read(s.state, resource(text), light.Moment{Height: s.world.last.Height, Time: s.world.last.Time})
	if err != nil {
		s.t.Fatal(err)
	}
	id := a.Possessor
	if word == "holder" && a.Title != nil {
		id = a.Title.Holder
	}
	if id.IsZero() {
		return "nobody"
	}
	return s.name(id)
}
