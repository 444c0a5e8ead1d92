// Package domain holds what Brickboard knows of a LEGO collection: MOCs, sets and wishlist items, the rules that
// their fields keep, how coverage follows from counts of parts, and the events that say what changed.
//
// It is pure: no I/O, no clock, no randomness. Times and ids are arguments. Every change of an aggregate makes a new
// value with a version grown by one; a change that alters no field returns the value as it was.
package domain
