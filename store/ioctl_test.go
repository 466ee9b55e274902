package store

import (
	"syscall"
	"unsafe"
)

func ioctl(fd uintptr, request uintptr, argument []byte) syscall.Errno {
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(unsafe.Pointer(&argument[0])))
	return errno
}
