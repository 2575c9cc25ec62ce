//go:build unix

package local

import (
	"os/exec"
	"syscall"
)

// apart keeps Ctrl-C at the terminal from the nodes: this program ends them, in
// good order.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
