//go:build !linux

package messaging

import "syscall"

// setUserTimeout leaves the system's timeout, which is minutes: only Linux has the option.
func setUserTimeout(string, string, syscall.RawConn) error { return nil }
