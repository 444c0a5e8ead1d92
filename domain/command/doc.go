// Package command changes a collection. Each command writes its row and its event in one PostgreSQL transaction: what
// was answered without an error is durable, and so is its event. It also reads the collection back as it was written
// (see Collection); the dashboard's view is read elsewhere.
//
// Commands are safe for concurrent use. Their errors are *domain.Error where the caller can act upon them.
package command
