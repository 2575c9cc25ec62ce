package account

import "testing"

func TestCreditNow_CRED1(t *testing.T) {
	v := readVectors(t)
	if len(v.Credit) == 0 {
		t.Fatal("no vectors")
	}
	for _, c := range v.Credit {
		have := Credit{Amount: c.Amount, At: c.At}
		got := have.Now(c.Now, Tariff{Cap: c.Cap, Refill: c.Refill}, Holdings{c.V4, c.V6, c.AS})
		if got != c.Want {
			t.Errorf("%s: got %d, want %d", c.Why, got, c.Want)
		}
	}
}

// Spending never mints: whatever the spending in between, no more is left than
// without it less what was spent.
func TestCreditSpend_CRED3(t *testing.T) {
	tariff := Tariff{Cap: 100, Refill: 1}
	c, ok := (Credit{Amount: 10, At: 1000}).Spend(4, 1119, tariff, Holdings{})
	if !ok || c != (Credit{Amount: 7, At: 1060}) {
		t.Errorf("spend 4 after 119 seconds: got %v %v, want 7 at 1060: the 59 seconds of the begun minute are kept", c, ok)
	}
	if c.Now(1120, tariff, Holdings{}) != 8 {
		t.Errorf("a second later the begun minute is over: got %d, want 8", c.Now(1120, tariff, Holdings{}))
	}
	if same, ok := c.Spend(9, 1120, tariff, Holdings{}); ok || same != c {
		t.Errorf("more than there is: got %v %v, want nothing taken", same, ok)
	}
	if c, ok := c.Spend(8, 1120, tariff, Holdings{}); !ok || c.Amount != 0 {
		t.Errorf("exactly what there is: got %v %v", c, ok)
	}
	back, ok := (Credit{Amount: 5, At: 1000}).Spend(1, 500, tariff, Holdings{})
	if !ok || back != (Credit{Amount: 4, At: 1000}) {
		t.Errorf("before its time: got %v %v, want 4 at 1000", back, ok)
	}
}

// TestOwe_CRED4: what is lacking puts the time ahead, and nothing else can be spent
// before it has refilled.
func TestOwe_CRED4(t *testing.T) {
	tariff := Tariff{Cap: 100, Refill: 1}
	for _, c := range []struct {
		have Credit
		held Holdings
		now  uint64
		want Credit
		owed bool
	}{
		{Credit{5, 1000}, Holdings{}, 1000, Credit{3, 1000}, false},
		{Credit{1, 1000}, Holdings{}, 1000, Credit{0, 1060}, true},
		{Credit{0, 1000}, Holdings{}, 1059, Credit{0, 1120}, true},
		{Credit{0, 1000}, Holdings{}, 1061, Credit{0, 1120}, true},
		{Credit{0, 1120}, Holdings{}, 1061, Credit{0, 1240}, true},
		{Credit{0, 1000}, Holdings{V4: 4}, 1000, Credit{0, 1060}, true},
	} {
		got, owed := c.have.Owe(2, c.now, tariff, c.held)
		if got != c.want || owed != c.owed {
			t.Errorf("%+v at %d: got %+v, owed %t; want %+v, %t", c.have, c.now, got, owed, c.want, c.owed)
		}
		if left := got.Now(c.now, tariff, c.held); owed && left != 0 {
			t.Errorf("%+v at %d: %d can be spent of what is owed", c.have, c.now, left)
		}
	}
}
