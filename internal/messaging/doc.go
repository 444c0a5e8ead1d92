// Package messaging carries events from the transaction that wrote them to the handlers of every server, on watermill
// and its SQL topics.
//
// An Outbox writes messages in the caller's transaction. Each topic has a table of messages and, per consumer group, a
// position, which is a snapshot: all that is visible in it is handled. A Subscription gives its handler batches of what
// is visible now and was not yet then. So nobody's open transaction delays a message of somebody else, none is skipped,
// and a message comes again until its batch was handled without an error: handlers are idempotent.
//
// After a commit a Waker wakes the subscriptions of this process at once and those of other servers by NOTIFY, which a
// Listener hears. A wake-up that is lost costs one poll interval and nothing else. Retention deletes what every
// position has passed.
//
// The migrations make the tables and the rows of the positions; nothing here makes or changes a schema.
package messaging
