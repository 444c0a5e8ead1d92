// Package readmodel is the dashboard as it is read and sent: the types of the view, one consistent reading of its
// tables, and a cache of encoded answers that is held against the database on every use. How the tables are filled is
// none of its business.
package readmodel
