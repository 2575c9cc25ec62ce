package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"ipledger/node"
)

// configName is the configuration file in a home.
const configName = "ipledgerd.toml"

// settingFlags adds a flag for every key.
func settingFlags(f *pflag.FlagSet) {
	for _, s := range allSettings() {
		help := fmt.Sprintf("%s (%s)", s.help, s.env())
		switch v := s.value.(type) {
		case string:
			f.String(s.flag(), v, help)
		case bool:
			f.Bool(s.flag(), v, help)
		case int:
			f.Int(s.flag(), v, help)
		case uint64:
			f.Uint64(s.flag(), v, help)
		case float64:
			f.Float64(s.flag(), v, help)
		case time.Duration:
			f.Duration(s.flag(), v, help)
		case []string:
			f.StringSlice(s.flag(), v, help)
		default:
			panic("no flag for the type of " + s.key)
		}
	}
}

// loaded is the settings of a command and where each comes from.
type loaded struct {
	settings
	file   string            // the configuration file, empty if there is none
	origin map[string]string // by key: flag, environment, file or default
}

// load reads the settings and judges them.
func load(cmd *cobra.Command) (*loaded, error) {
	out, err := decode(cmd)
	if err != nil {
		return nil, err
	}
	if err := out.Validate(); err != nil {
		return nil, fail(exitConfig, err, "")
	}
	return out, nil
}

// decode reads the settings: a flag, else the environment, else the file in
// home, else the default, for every key.
func decode(cmd *cobra.Command) (*loaded, error) {
	v := viper.New()
	out := &loaded{origin: map[string]string{}}
	home, err := homeOf(cmd)
	if err != nil {
		return nil, err
	}
	if err = strays(os.Environ()); err == nil {
		err = out.read(v, home)
	}
	for _, s := range allSettings() {
		if err == nil {
			err = out.place(v, s, cmd.Flags().Lookup(s.flag()))
		}
	}
	v.Set("home", home)
	if err == nil {
		err = v.UnmarshalExact(&out.settings)
	}
	if err != nil {
		return nil, fail(exitConfig, err, "")
	}
	return out, nil
}

// variables are those of the environment that are no settings.
var variables = []string{"IPLEDGERD_NODE", "IPLEDGERD_TESTNET_HOME", node.CrashVar}

// strays refuses a variable of this program's that means nothing: a setting that is
// misspelt would silently be the default.
func strays(environ []string) error {
	known := slices.Clone(variables)
	for _, s := range allSettings() {
		known = append(known, s.env())
	}
	for _, text := range environ {
		name, _, _ := strings.Cut(text, "=")
		if strings.HasPrefix(name, "IPLEDGERD_") && !slices.Contains(known, name) {
			return fmt.Errorf("environment: unknown variable %s; did you mean %s?", name, nearest(name, known))
		}
	}
	return nil
}

// homeOf finds the home before there is a file to read it from.
func homeOf(cmd *cobra.Command) (string, error) {
	home, _ := cmd.Flags().GetString("home")
	if home == "" {
		home = os.Getenv("IPLEDGERD_HOME")
	}
	if home == "" {
		return "", usage("--home is missing: name the directory that `ipledgerd init` made (IPLEDGERD_HOME)")
	}
	return filepath.Abs(home)
}

// read reads the file of a home, and refuses a key that there is not.
func (l *loaded) read(v *viper.Viper, home string) error {
	name := filepath.Join(home, configName)
	raw, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	l.file = name
	v.SetConfigFile(name)
	if err := v.ReadConfig(strings.NewReader(string(raw))); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var keys []string
	for _, s := range allSettings() {
		keys = append(keys, s.key)
	}
	for _, key := range v.AllKeys() {
		if key == "home" {
			return fmt.Errorf("%s: line %d: home is where this file is; it is given by --home or IPLEDGERD_HOME", name, lines(raw).key(key, 0))
		}
		if !slices.Contains(keys, key) {
			return fmt.Errorf("%s: line %d: unknown key %s; did you mean %s?", name, lines(raw).key(key, 0), key, nearest(key, keys))
		}
	}
	return nil
}

// place gives v the value of a key and notes where it comes from.
func (l *loaded) place(v *viper.Viper, s setting, flag *pflag.Flag) error {
	text, inEnv := os.LookupEnv(s.env())
	switch {
	case flag != nil && flag.Changed:
		l.origin[s.key] = "flag --" + s.flag()
		if list, ok := flag.Value.(pflag.SliceValue); ok {
			v.Set(s.key, list.GetSlice())
			return nil
		}
		return s.set(v, flag.Value.String(), l.origin[s.key])
	case inEnv:
		l.origin[s.key] = "environment " + s.env()
		return s.set(v, text, l.origin[s.key])
	case v.InConfig(s.key):
		l.origin[s.key] = "file " + l.file
		return s.check(v.Get(s.key), l.file)
	}
	l.origin[s.key] = "default"
	v.SetDefault(s.key, s.value)
	return nil
}

// set reads a text as the type of the key.
func (s setting) set(v *viper.Viper, text, from string) (err error) {
	var value any = text
	switch s.value.(type) {
	case bool:
		value, err = strconv.ParseBool(text)
	case int:
		value, err = strconv.Atoi(text)
	case uint64:
		value, err = strconv.ParseUint(text, 10, 64)
	case float64:
		value, err = strconv.ParseFloat(text, 64)
	case time.Duration:
		value, err = time.ParseDuration(text)
	case []string:
		value = strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
	}
	if err != nil {
		return fmt.Errorf("%s: %q is no %s", from, text, s.kind)
	}
	v.Set(s.key, value)
	return nil
}

// check refuses a value in the file that is of another type than the key.
func (s setting) check(value any, file string) error {
	ok := false
	switch s.value.(type) {
	case string:
		_, ok = value.(string)
	case bool:
		_, ok = value.(bool)
	case int, uint64:
		n, whole := value.(int64)
		ok = whole && n >= 0
	case float64:
		_, ok = value.(float64)
		if !ok {
			_, ok = value.(int64)
		}
	case time.Duration:
		text, isText := value.(string)
		_, err := time.ParseDuration(text)
		ok = isText && err == nil
	case []string:
		list, isList := value.([]any)
		ok = isList && !slices.ContainsFunc(list, func(x any) bool { _, text := x.(string); return !text })
	}
	if !ok {
		return fmt.Errorf("%s: %s = %v: want a %s", file, s.key, value, s.kind)
	}
	return nil
}

// nearest is the key that takes the fewest changes of letters.
func nearest(key string, keys []string) string {
	return slices.MinFunc(keys, func(a, b string) int { return distance(key, a) - distance(key, b) })
}

// distance is how many letters are put in, left out or changed between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, last+1)
		}
	}
	return row[len(b)]
}
