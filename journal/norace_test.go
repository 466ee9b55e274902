//go:build !race

package journal

const slow = 1
