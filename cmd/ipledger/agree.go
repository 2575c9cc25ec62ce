package main

import (
	"bufio"
	"errors"
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
	line, err := s.line()
	answer := strings.ToLower(strings.TrimSpace(line))
	if err != nil || answer != "y" && answer != "yes" {
		return fail(exitFailed, "nothing was signed: you did not agree")
	}
	return nil
}

// hiddenLine is line, with what is typed not shown.
func (s *session) hiddenLine() (string, error) {
	show, err := hide(s.in)
	if err != nil {
		return "", err
	}
	defer show()
	return s.line()
}

// line reads what is typed up to the end of the line, or gives up when the
// program is interrupted: the goroutine then ends with it.
func (s *session) line() (string, error) {
	type typed struct {
		line string
		err  error
	}
	got := make(chan typed, 1)
	go func() {
		line, err := bufio.NewReader(s.in).ReadString('\n')
		got <- typed{strings.TrimRight(line, "\r\n"), err}
	}()
	select {
	case t := <-got:
		return t.line, t.err
	case <-s.done:
		return "", errors.New("interrupted")
	}
}
