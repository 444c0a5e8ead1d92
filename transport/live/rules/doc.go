// Package rules is how live updates stay without gaps, on both ends of a connection: Room is what a hub does for one
// collector, Follower is what a client does. They hold no socket, no clock and do no I/O, so that a simulation can drive
// them through every order of events. What they rest on: a Room's jobs are read from the database after they were taken,
// frames of one connection arrive in order or not at all, and a snapshot that is fetched after an envelope arrived is not
// older than it.
package rules
