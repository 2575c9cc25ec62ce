package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// others gives three values of the type of a key that are not its default, as
// texts and as they are decoded.
func others(t *testing.T, s setting) (texts [3]string, values [3]any) {
	t.Helper()
	for i := range 3 {
		switch v := s.value.(type) {
		case string:
			texts[i] = fmt.Sprintf("value-%d", i)
			values[i] = texts[i]
		case bool:
			values[i] = v != (i%2 == 0)
			texts[i] = fmt.Sprint(values[i])
		case int:
			values[i] = v + i + 1
			texts[i] = fmt.Sprint(values[i])
		case uint64:
			values[i] = v + uint64(i) + 1
			texts[i] = fmt.Sprint(values[i])
		case float64:
			values[i] = v + float64(i) + 0.5
			texts[i] = fmt.Sprint(values[i])
		case time.Duration:
			values[i] = v + time.Duration(i+1)*time.Second
			texts[i] = fmt.Sprint(values[i])
		case []string:
			values[i] = []string{fmt.Sprintf("a%d", i), "b"}
			texts[i] = fmt.Sprintf("a%d,b", i)
		default:
			t.Fatalf("no other value for the type of %s", s.key)
		}
	}
	return texts, values
}

// read loads the settings of a home with flags, without judging them.
func read(t *testing.T, home string, flags ...string) *loaded {
	t.Helper()
	var out *loaded
	c := &cobra.Command{Use: "x", RunE: func(cmd *cobra.Command, _ []string) (err error) {
		out, err = decode(cmd)
		return err
	}}
	settingFlags(c.Flags())
	c.SetArgs(append([]string{"--home", home}, flags...))
	c.SetErr(io.Discard)
	if err := c.Execute(); err != nil {
		t.Fatal(err)
	}
	return out
}

func valueOf(l *loaded, key string) any {
	for _, s := range l.list() {
		if s.Key == key {
			return s.Value
		}
	}
	return nil
}

// TestSettings_precedence holds for every key there is: a flag goes before the
// environment, which goes before the file, which goes before the default.
func TestSettings_precedence(t *testing.T) {
	for _, s := range allSettings() {
		if s.key == "home" {
			continue
		}
		t.Run(s.key, func(t *testing.T) {
			home := t.TempDir()
			texts, values := others(t, s)
			check := func(from string, want any, flags ...string) {
				t.Helper()
				l := read(t, home, flags...)
				if got := valueOf(l, s.key); !reflect.DeepEqual(got, want) || !strings.HasPrefix(l.origin[s.key], from) {
					t.Errorf("%v from %s, want %v from %s", got, l.origin[s.key], want, from)
				}
			}
			check("default", s.value)
			file := s.key + " = " + tomlValue(values[0]) + "\n"
			if err := os.WriteFile(filepath.Join(home, configName), []byte(file), 0o600); err != nil {
				t.Fatal(err)
			}
			check("file", values[0])
			t.Setenv(s.env(), texts[1])
			check("environment", values[1])
			check("flag", values[2], "--"+s.flag()+"="+texts[2])
		})
	}
}

// TestDefaultFile has every key, with its type, and means the defaults also
// when nothing in it is commented out.
func TestDefaultFile(t *testing.T) {
	text := string(defaultFile())
	for _, s := range allSettings() {
		if s.help == "" {
			t.Errorf("the manual does not say what %s means", s.key)
		}
		if s.key != "home" && (!strings.Contains(text, "\n# "+s.key+" = ") || !strings.Contains(text, s.kind)) {
			t.Errorf("the file does not have %s", s.key)
		}
	}
	for key := range manual {
		if !strings.Contains(text, "\n# "+key+" = ") && key != "home" {
			t.Errorf("the manual has %s, which is no key", key)
		}
	}
	home := t.TempDir()
	var live strings.Builder
	for line := range strings.Lines(text) {
		if bare := strings.TrimPrefix(line, "# "); strings.Contains(bare, " = ") {
			line = bare
		}
		live.WriteString(line)
	}
	if err := os.WriteFile(filepath.Join(home, configName), []byte(live.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	l := read(t, home)
	l.Node.Home = ""
	want := defaults()
	for _, s := range settingsOf(reflect.ValueOf(want)) {
		if got := valueOf(l, s.key); fmt.Sprint(got) != fmt.Sprint(s.value) {
			t.Errorf("%s = %v, the default is %v", s.key, got, s.value)
		}
	}
}

func TestNearest(t *testing.T) {
	keys := []string{"name", "engine_listen", "p2p_listen", "home"}
	for typed, want := range map[string]string{"engine_listn": "engine_listen", "nmae": "name", "p2plisten": "p2p_listen"} {
		if got := nearest(typed, keys); got != want {
			t.Errorf("%s: %s, want %s", typed, got, want)
		}
	}
}
