//go:build unix

package realtime

import "syscall"

// writeFD writes what fits and returns how much. An error is 0: who writes next
// and waits meets it again.
func writeFD(fd uintptr, b []byte) int {
	for {
		n, err := syscall.Write(int(fd), b)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return 0
		}
		return n
	}
}
