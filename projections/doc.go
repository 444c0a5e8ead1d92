// Package projections is the engine: it folds the events of collections into the tables that the dashboard reads.
//
// A batch of events is projected in one short transaction of the engine's own: lock the collectors, drop what is not
// newer than what was projected of each MOC, set and wishlist item, write the newer states, move the read tables by the
// difference between old and new state, and take the next revision of each collector of which a section changed. After
// the commit the collectors are announced, and only then is the batch acknowledged. So whatever is delivered twice,
// late or out of order ends in the same tables, and a failure at any point is mended by the next delivery.
package projections
