package main

import (
	"fmt"
	"strings"
	"time"
)

// defaultFile is a configuration file that changes nothing: every key with its
// type, unit, environment variable and default, commented out.
func defaultFile() []byte {
	var b strings.Builder
	b.WriteString("# Configuration of a node of the ledger of Internet number resources. What is commented out is the\n" +
		"# default. A flag goes before the environment, which goes before this file.\n" +
		"# `ipledgerd config show --origin` tells what holds, `ipledgerd config check` tries it.\n")
	for _, s := range allSettings() {
		if s.key == "home" { // where this file is
			continue
		}
		fmt.Fprintf(&b, "\n# %s\n# type: %s; flag --%s; environment %s\n# %s = %s\n", s.help, s.kind, s.flag(), s.env(), s.key, tomlValue(s.value))
	}
	return []byte(b.String())
}

// tomlValue is a value as TOML writes it.
func tomlValue(value any) string {
	switch v := value.(type) {
	case string:
		return fmt.Sprintf("%q", v)
	case time.Duration:
		return fmt.Sprintf("%q", v)
	case []string:
		quoted := make([]string, len(v))
		for i, x := range v {
			quoted[i] = fmt.Sprintf("%q", x)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	}
	return fmt.Sprint(value)
}
