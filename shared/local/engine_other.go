//go:build !linux

package local

import "os/exec"

// dieWithParent does nothing here: only Linux ties a child's life to its
// parent's. The engine ends by [Engine.Stop], or with the terminal's Ctrl-C.
func dieWithParent(*exec.Cmd) {}
