package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"reflect"
	"strings"
	"testing"

	"ipledger/ledger"
	"ipledger/ledger/record"
	"ipledger/ledger/tx"
	"ipledger/ledger/wire"
)

// governing is a node of a network under rules of a version, where account 0x01…
// votes for a member and 0x02… is an adjudicator.
func governing(rules int) answers {
	lanes := `"0"` + strings.Repeat(`,"0"`, 15)
	who := func(b byte) string { return wire.Address{b}.String() }
	one := func(b byte) http.HandlerFunc {
		return text(200, fmt.Sprintf(`{"id":"%s","height":"5","account":{"policy":"1","lanes":[%s],"title_role":{"keys":[],"threshold":"1"},"routing_role":{"keys":[],"threshold":"0"}}}`, who(b), lanes))
	}
	proposal := func(body string) http.HandlerFunc {
		return text(200, fmt.Sprintf(`{"id":"%v","matter":"parameter","state":"open","body":%q,"voters":"4","quorum":"3","notice_seconds":"0","yes":"1","no":"0",
			"support":"0","support_needed":"0","votes":[{"by":"%s","member":"%v","yes":true}],"text":["Propose."]}`, wire.Hash{8}, body, who(1), wire.Hash{5}))
	}
	return answers{
		"/v1/status": text(200, fmt.Sprintf(`{"chain_id":"t","genesis_hash":"%v","height":"5","time":"2026-11-21T09:00:00Z","rules_version":"%d"}`, wire.Hash{4}, rules)),
		"/v1/bodies": text(200, fmt.Sprintf(`{"rules_version":"1","members":[
			{"operator":"Exempel Nord","organisation":"o","jurisdiction":"SE","hosting":"AS1","public_key":"%v","account":"%s","offences":"2"},
			{"operator":"Exempel Syd","organisation":"p","jurisdiction":"DK","hosting":"AS2","public_key":"%v","account":"%s","offences":"0"}],
			"adjudicators":[{"account":"%s","organisation":"c","jurisdiction":"CH","since":null}],
			"caps":[{"scope":"jurisdiction","name":"SE","members":"2","most":"1"}],
			"cures":[{"scope":"jurisdiction","name":"SE","since":"2026-11-21T09:00:00Z","until":"2027-02-19T09:00:00Z","overdue":false}]}`, wire.Hash{5}, who(1), wire.Hash{6}, who(7), who(2))),
		"/v1/accounts/" + who(1):                   one(1),
		"/v1/accounts/" + who(2):                   one(2),
		"/v1/accounts/" + who(3):                   one(3),
		"/v1/proposals":                            text(200, `{"proposals":[]}`),
		"/v1/preview":                              text(200, `{"height":"6","admissible":true,"outcome":"done","cost":"2"}`),
		"/v1/proposals/" + (wire.Hash{8}).String(): proposal("members"),
		"/v1/proposals/" + (wire.Hash{9}).String(): proposal("adjudicators"),
		"/v1/parameters":                           text(200, `{"parameters":[{"name":"vote_seconds","value":"60","least":"0","most":"7776000"}]}`),
	}
}

// written runs a verb with --out and gives the act that it wrote.
func written(t *testing.T, node answers, args ...string) (*tx.Act, string) {
	t.Helper()
	_ = os.Remove("made.act.json")
	code, _, errs := typed(t, node, append(args, "--out", "made.act.json")...)
	if code != exitDone {
		t.Fatalf("%v exits %d:\n%s", args, code, errs)
	}
	file, err := readAct("made.act.json")
	if err != nil {
		t.Fatal(err)
	}
	return file.Act, errs
}

// TestPropose_GOV1 proposes every matter of the law's table, as its help shows it,
// and wants exactly the matter's fields.
func TestPropose_GOV1(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("IPLEDGER_KEYSTORE", t.TempDir())
	der := append([]byte{0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
		0x03, 0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00}, append([]byte(strings.Repeat("\xc1", 256)), 0x02, 0x03, 0x01, 0x00, 0x01)...)
	for name, raw := range map[string][]byte{
		"cause.pdf": []byte("cause"), "anchor.der": der, "ca.der": []byte("-----BEGIN PUBLIC KEY-----\n" + base64.StdEncoding.EncodeToString(der) + "\n-----END PUBLIC KEY-----\n"),
	} {
		if err := os.WriteFile(name, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	reason, err := digestOf("cause.pdf")
	if err != nil {
		t.Fatal(err)
	}
	key, err := parseID(someKey)
	if err != nil {
		t.Fatal(err)
	}
	alice, nord := wire.Address{3}, wire.Hash{5}
	want := map[record.Matter]tx.Propose{
		record.AdmitMember:       {Key: key, Subject: alice, Name: "Exempel Nord", Organisation: "Exempel AB", Jurisdiction: "SE", Hosting: "AS64496"},
		record.RemoveMember:      {Key: nord, Reason: reason},
		record.MemberAccount:     {Key: nord, Subject: alice},
		record.AdmitRegistrar:    {Subject: alice, Organisation: "Exempel AB", Jurisdiction: "SE"},
		record.RemoveRegistrar:   {Subject: alice, Reason: reason},
		record.AdmitAdjudicator:  {Subject: alice, Organisation: "Exempel AB", Jurisdiction: "SE"},
		record.RemoveAdjudicator: {Subject: alice, Reason: reason},
		record.SetParameter:      {Name: "vote_seconds", Value: 7 * 86400},
		record.AddTrustAnchor:    {Name: "ripencc", Material: der},
		record.RemoveTrustAnchor: {Key: key, Reason: reason},
		record.AddRegistryCA:     {Name: "ripencc", Material: der},
		record.RemoveRegistryCA:  {Key: key, Reason: reason},
		record.Upgrade:           {Value: 2, Height: 500000},
		record.RegistryCeased:    {Name: "afrinic", Reason: reason},
		record.RegistryResumed:   {Name: "afrinic", Reason: reason},
		record.Allot:             {Block: "193.0.8.0/24", Subject: alice},
		record.LiftFreeze:        {Block: "193.0.8.0/24", Key: key, Reason: reason},
	}
	if len(proposables) != int(record.MatterMost) {
		t.Fatalf("%d matters can be typed, the law has %d", len(proposables), record.MatterMost)
	}
	for _, x := range proposables {
		t.Run(x.matter.String(), func(t *testing.T) {
			line := "ipledger gov propose " + x.matter.String() + " " + strings.NewReplacer("alice", alice.String(), "bob", alice.String()).Replace(x.typed)
			words := quotedWords(line)[1:]
			author, as := wire.Address{1}, nord
			if ledger.RuleOf(x.matter).Voters.String() != membersBody {
				author, as = wire.Address{2}, wire.Hash{}
			}
			act, errs := written(t, governing(1), append(words, "--account", author.String())...)
			expect := want[x.matter]
			expect.Matter, expect.As = uint64(x.matter), as
			if got := act.Body.(*tx.Propose); !reflect.DeepEqual(*got, expect) || strings.Contains(errs, "petition") {
				t.Errorf("got %+v\nwant %+v\n%s", got, expect, errs)
			}
			for _, flag := range x.flags {
				if proposeFlags[flag].optional {
					continue
				}
				i := indexOf(words, "--"+flag)
				lacks := append(append([]string{}, words[:i]...), words[i+2:]...)
				if code, _, errs := typed(t, governing(1), append(lacks, "--account", author.String())...); code != exitUsage || !strings.Contains(errs, "--"+flag+" is missing") {
					t.Errorf("without --%s: exit code %d\n%s", flag, code, errs)
				}
			}
		})
	}
}

// quotedWords splits a line as a shell does where nothing but quotes is special.
func quotedWords(line string) (words []string) {
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

func indexOf(words []string, word string) int {
	for i := range words {
		if words[i] == word {
			return i
		}
	}
	return -1
}

// TestPropose_petition tells who is no voter that its proposal is a petition, and
// votes for a member only where members vote.
func TestPropose_petition(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("IPLEDGER_KEYSTORE", t.TempDir())
	act, errs := written(t, governing(1), "gov", "propose", "parameter", "vote_seconds", "60", "--account", wire.Address{3}.String())
	if b := act.Body.(*tx.Propose); !b.As.IsZero() || !strings.Contains(errs, "this is a petition") {
		t.Errorf("%+v\n%s", b, errs)
	}
	for id, want := range map[wire.Hash]wire.Hash{{8}: {5}, {9}: {}} {
		act, _ := written(t, governing(1), "gov", "vote", id.String(), "no", "--account", wire.Address{1}.String())
		if b := act.Body.(*tx.Vote); b.As != want || b.Proposal != id || b.Yes {
			t.Errorf("%+v", b)
		}
	}
}

// TestDraft_ADM12 names the rules that the node says are in force, and nothing
// under rules that this program does not know.
func TestDraft_ADM12(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("IPLEDGER_KEYSTORE", t.TempDir())
	vote := []string{"gov", "vote", wire.Hash{8}.String(), "yes", "--account", wire.Address{1}.String()}
	for rules := 1; rules <= tx.RulesKnown; rules++ {
		if act, _ := written(t, governing(rules), vote...); act.Rules != uint64(rules) {
			t.Errorf("under version %d: the act names %d", rules, act.Rules)
		}
	}
	code, _, errs := typed(t, governing(tx.RulesKnown+1), append(vote, "--out", "unknown.act.json")...)
	if _, err := os.Stat("unknown.act.json"); code != exitFailed || !strings.Contains(errs, "ADM-12") || err == nil {
		t.Errorf("rules that nobody knows: exit code %d\n%s", code, errs)
	}
}

// TestSubmit_ADM12 hands in no act for rules that are not in force, but for a
// revocation.
func TestSubmit_ADM12(t *testing.T) {
	path, _ := signedFile(t)
	code, _, errs := typed(t, answers{
		"/v1/status": text(http.StatusOK, fmt.Sprintf(`{"genesis_hash":"%v","height":"5","time":null,"rules_version":"2"}`, wire.Hash{4})),
		"/v1/acts":   func(http.ResponseWriter, *http.Request) { t.Error("it was handed in") },
		"/v1/acts/":  text(http.StatusNotFound, `{"code":"unknown_act"}`),
	}, "submit", path)
	if code != exitRefused || !strings.Contains(errs, "ADM-12") {
		t.Errorf("exit code %d, want %d\n%s", code, exitRefused, errs)
	}
	two := &status{Rules: 2}
	for kind, refused := range map[tx.Body]bool{&tx.KeyRevoke{}: false, &tx.Rename{}: true} {
		if err := two.ruling(tx.New(tx.Header{}, kind)); (err != nil) != refused {
			t.Errorf("%v: %v", kind.Kind(), err)
		}
	}
}

// TestGov_told tells who has not voted, what is missing, and what is above its cap.
func TestGov_told(t *testing.T) {
	t.Chdir(t.TempDir())
	for line, want := range map[string][]string{
		"gov show " + wire.Hash{8}.String(): {"voters      4 members", "yes by Exempel Nord", "no vote yet of Exempel Syd", "2 more yes to pass at once; at its end 2 more votes",
			"two thirds of the votes cast", "effect      as soon as it passes", "next        ipledger gov vote " + wire.Hash{8}.String()},
		"gov bodies": {"member      Exempel Nord of o, SE, hosted by AS1", "proven against it: 2 times", "adjudicator 0x02", "cap         jurisdiction: at most 1 of 2 members; as many have SE",
			"cure        jurisdiction SE is above its cap since 2026-11-21T09:00:00Z, to be cured by 2027-02-19T09:00:00Z", "next        ipledger gov list"},
		"gov parameters vote_seconds": {"vote_seconds          1m, bounds 0s to 90d", "ipledger gov propose parameter vote_seconds VALUE"},
	} {
		code, out, errs := typed(t, governing(1), strings.Fields(line)...)
		for _, text := range want {
			if code != exitDone || !strings.Contains(out, text) {
				t.Errorf("%s: exit code %d, lacks %q:\n%s%s", line, code, text, out, errs)
			}
		}
	}
	for _, line := range []string{"gov list", "gov bodies", "gov parameters", "gov show " + wire.Hash{8}.String(), "gov parameters vote_seconds"} {
		code, out, errs := typed(t, governing(1), append(strings.Fields(line), "--json")...)
		if code != exitDone || !json.Valid([]byte(out)) {
			t.Errorf("%s --json: exit code %d\n%s%s", line, code, out, errs)
		}
	}
	for line, want := range map[string]int{
		"gov parameters no_such": exitNotFound, "gov propose parameter no_such 1": exitUsage, "gov propose parameter vote_seconds soon": exitUsage,
		"gov propose registry-ceased iana": exitUsage, "gov vote " + wire.Hash{8}.String() + " perhaps": exitUsage, "gov propose remove-member Nobody": exitUsage,
	} {
		if code, _, errs := typed(t, governing(1), append(strings.Fields(line), "--account", wire.Address{1}.String())...); code != want {
			t.Errorf("%s: exit code %d, want %d\n%s", line, code, want, errs)
		}
	}
}
