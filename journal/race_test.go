//go:build race

package journal

// slow says how many times fewer histories are run where each costs more.
const slow = 6
