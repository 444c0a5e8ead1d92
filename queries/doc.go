// Package queries is all of Brickboard's SQL on its tables: one .sql file per table, and what sqlc generates beside it.
// Each method takes the DBTX it runs on: a pool, a transaction, or a Pipeline.
package queries
