package main

import (
	"bufio"
	"strings"
)

// agree asks whether to go on. Without a terminal only --yes agrees.
func (s *session) agree() error {
	if s.yes {
		return nil
	}
	if !isTerminal(s.in) {
		return usage("nothing was signed: there is no terminal to ask at").hint("--yes agrees beforehand; --out FILE writes an act file instead")
	}
	s.err.askf("Sign and submit? [y/N] ")
	line, err := bufio.NewReader(s.in).ReadString('\n')
	answer := strings.ToLower(strings.TrimSpace(line))
	if err != nil || answer != "y" && answer != "yes" {
		return fail(exitFailed, "nothing was signed: you did not agree")
	}
	return nil
}
