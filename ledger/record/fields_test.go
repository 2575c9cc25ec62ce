package record

import (
	"bytes"
	"fmt"
	"math/rand"
	"reflect"
	"testing"

	"ipledger/ledger/account"
	"ipledger/ledger/wire"
)

// same holds a record's own Append and Read to the encoding by reflection, which
// is what wire.Decode reads and writes.
func same[T any, P interface {
	*T
	wire.Appender
	wire.FieldReader
}](t *testing.T, x P) {
	t.Helper()
	raw := wire.Encode(x)
	decoded := new(T)
	if err := wire.Decode(raw, FolioBytesMax, decoded); err != nil {
		t.Fatalf("%+v: the bytes are not those of reflection: %v", x, err)
	}
	if got, want := fmt.Sprintf("%+v", *decoded), fmt.Sprintf("%+v", *x); got != want {
		t.Fatalf("by reflection the bytes say\n%s\nand were written for\n%s", got, want)
	}
	if got, want := fmt.Sprintf("%+v", *wire.Own[T](raw)), fmt.Sprintf("%+v", *x); got != want {
		t.Fatalf("read\n%s\nwant\n%s", got, want)
	}
}

// held is same for any bytes that wire.Decode takes, and the promise that Read
// survives those it does not take.
func held[T any, P interface {
	*T
	wire.Appender
	wire.FieldReader
}](t *testing.T, raw []byte) {
	t.Helper()
	x := P(new(T))
	if wire.Decode(raw, FolioBytesMax, (*T)(x)) == nil {
		same[T](t, x)
		return
	}
	r := wire.NewReader(raw)
	P(new(T)).Read(&r)
}

// TestAppend_REC4 draws records of every kind that knows its own fields.
func TestAppend_REC4(t *testing.T) {
	dice := rand.New(rand.NewSource(1))
	for range 2000 {
		same(t, draw[Folio](dice))
		same(t, draw[Title](dice))
		same(t, draw[estates](dice))
		same(t, draw[origins](dice))
		same(t, draw[Resting](dice))
		same(t, draw[Offer](dice))
		same(t, draw[Offers](dice))
		same(t, draw[Due](dice))
		same(t, draw[account.Account](dice))
	}
}

// FuzzFields_REC4 holds each reader to wire.Decode for any bytes.
func FuzzFields_REC4(f *testing.F) {
	dice := rand.New(rand.NewSource(2))
	for range 5 {
		f.Add(wire.Encode(draw[Folio](dice)))
		f.Add(wire.Encode(draw[Title](dice)))
		f.Add(wire.Encode(draw[estates](dice)))
		f.Add(wire.Encode(draw[origins](dice)))
		f.Add(wire.Encode(draw[Resting](dice)))
		f.Add(wire.Encode(draw[Offer](dice)))
		f.Add(wire.Encode(draw[Offers](dice)))
		f.Add(wire.Encode(draw[Due](dice)))
		f.Add(wire.Encode(draw[account.Account](dice)))
	}
	f.Add(bytes.Repeat([]byte{0xff}, 20))
	f.Fuzz(func(t *testing.T, raw []byte) {
		held[Folio](t, raw)
		held[Title](t, raw)
		held[estates](t, raw)
		held[origins](t, raw)
		held[Resting](t, raw)
		held[Offer](t, raw)
		held[Offers](t, raw)
		held[Due](t, raw)
		held[account.Account](t, raw)
	})
}

// draw fills every field of a record, so that no field can stand in another's
// place unnoticed.
func draw[T any](dice *rand.Rand) *T {
	x := new(T)
	fill(dice, reflect.ValueOf(x).Elem())
	return x
}

func fill(dice *rand.Rand, v reflect.Value) {
	if r, ok := v.Addr().Interface().(*wire.Resource); ok {
		*r = block(dice)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(dice, v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(dice, v.Index(i))
		}
	case reflect.Slice:
		n := dice.Intn(4)
		if v.Type().Elem().Kind() == reflect.Uint8 {
			n = dice.Intn(300)
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			fill(dice, v.Index(i))
		}
	case reflect.String:
		text := make([]byte, dice.Intn(70))
		dice.Read(text)
		v.SetString(string(text))
	case reflect.Bool:
		v.SetBool(dice.Intn(2) == 1)
	default: // numbers of every length, small ones often
		v.SetUint(dice.Uint64() >> dice.Intn(64) % (1 << (v.Type().Bits() - 1)))
	}
}

func block(dice *rand.Rand) wire.Resource {
	r := wire.Resource{Family: wire.Family(dice.Intn(3))}
	r.Len = uint8(dice.Intn(r.Family.Bits() + 1))
	for i := range int(r.Len) {
		r.Addr[i/8] |= byte(dice.Intn(2)) << (7 - i%8)
	}
	return r
}
