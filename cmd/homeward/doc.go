// Command homeward is the whole program: it reads configuration, opens the
// store, wires the parts, starts and stops them, and holds the operators'
// commands and the demonstration's data. No rule lives here.
package main
