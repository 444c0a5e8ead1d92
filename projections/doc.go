// Package projections is the engine: it folds the events of collections into the tables that the dashboard reads.
//
// A batch of events is projected in one short transaction of the engine's own: lock the collectors, drop what is not
// newer than what was projected of each MOC, set and wishlist item, write the newer states, move the read tables by the
// difference between old and new state, and take the next revision of each collector of which a section changed. After
// the commit the collectors are announced, and only then is the batch acknowledged. So whatever is delivered twice,
// late or out of order ends in the same tables, and a failure at any point is mended by the next delivery.
//
// What cannot be projected when its turn comes is parked before the acknowledgement: waiting events, whose collector or
// other row somebody holds, are retried until they pass; dead letters, which cannot be read or are refused by the data,
// wait for somebody to look. Neither holds up the events of others. Every other failure is retried for ever.
//
// A Rebuilder makes the same tables of the write model, beside all this and under the same locks; a Verifier makes the
// comparison alone. A Monitor knows how far the read model is behind and what stands still, CheckIdentity notices that
// the database is another one than before.
package projections
