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
