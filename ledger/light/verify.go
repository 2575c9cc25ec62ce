package light

import "ipledger/ledger/chain"

// Verified is what a proof file proves. One of the answers is there, the one that
// Kind names.
type Verified struct {
	Kind       string
	Moment            // the block after which it holds, and that header's time
	Signed     uint64 // Unix seconds, of the header that commits to it: that of the block after
	Resource   *Answer
	Account    *AccountAnswer
	Act        *ActAnswer
	Lineage    *LineageAnswer
	Beneath    *BeneathAnswer
	Holdings   *HoldingsAnswer
	Authorised *AuthorisedAnswer
	Answer     Answered // the same, for who tells it
	Statement  string
	// Basis says in words what was checked and what was not.
	Basis string
}

// Answered is what a part says, in words and as JSON.
type Answered interface{ Statement() string }

// Verify checks all of a proof file against a trust file. An error is
// *Malformed or *Unproven.
func Verify(raw []byte, t *Trust) (*Verified, error) { return VerifyBy(chain.Arithmetic, raw, t) }

// VerifyBy is Verify by a judge of the validators' signatures: who checks thousands
// of files of the same headers can give one that remembers its answers.
func VerifyBy(by chain.Judge, raw []byte, t *Trust) (*Verified, error) {
	f, err := Parse(raw)
	if err != nil {
		return nil, err
	}
	return f.verify(by, t)
}

// Verify checks all of f against a trust file.
func (f *File) Verify(t *Trust) (*Verified, error) { return f.verify(chain.Arithmetic, t) }

func (f *File) verify(by chain.Judge, t *Trust) (*Verified, error) {
	v, c, err := f.open(by)
	if err != nil {
		return nil, err
	}
	if err := f.trusted(by, t, c); err != nil {
		return nil, err
	}
	v.Basis = c.signed() + "; the trust file leads to this set of validators; whether the trust file is to be trusted, and the answer recent enough, is yours to judge"
	return v, nil
}

// Inspect checks that a proof file holds together, and not who made it: anyone
// can make validators of their own and sign what they like. Only Verify says
// that it is true.
func Inspect(raw []byte) (*Verified, error) {
	f, err := Parse(raw)
	if err != nil {
		return nil, err
	}
	v, c, err := f.open(chain.Arithmetic)
	if err != nil {
		return nil, err
	}
	v.Basis = c.signed() + "; NOT compared with any trust file: anyone can make such a set of validators"
	return v, nil
}

// open checks the content of f, and nothing of who stands behind its set.
func (f *File) open(by chain.Judge) (*Verified, Certified, error) {
	c, err := f.certified(by)
	if err != nil {
		return nil, c, err
	}
	v := &Verified{Kind: f.Kind, Moment: c.Moment(), Signed: c.Next.Time.Seconds}
	if err := f.content(v, c); err != nil {
		return nil, c, err
	}
	f.tell(v.Statement)
	// specs/12 PRF-13: The statement MUST be the one that the content gives.
	if f.Statement != v.Statement {
		return nil, c, unproven("PRF-13", nil, "the statement is not what the content says: %q", v.Statement)
	}
	return v, c, nil
}

// content opens the part that there is and says it in words.
func (f *File) content(v *Verified, c Certified) (err error) {
	var said Answered
	switch f.Kind {
	case KindResource:
		v.Resource, err = f.Resource.open(c)
		said = v.Resource
	case KindAccount:
		v.Account, err = f.Account.open(c)
		said = v.Account
	case KindAct:
		v.Act, err = f.Act.open(c, f.GenesisHash)
		said = v.Act
	case KindTitle:
		v.Lineage, err = f.Lineage.open(c)
		said = v.Lineage
	case KindBeneath:
		v.Beneath, err = f.Beneath.open(c)
		said = v.Beneath
	case KindHoldings:
		v.Holdings, err = f.Holdings.open(c)
		said = v.Holdings
	case KindAuthorised:
		v.Authorised, err = f.Authorised.open(c)
		said = v.Authorised
	}
	if err == nil {
		v.Answer, v.Statement = said, said.Statement()
	}
	return err
}
