package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/brickboard/brickboard/projections"
)

// oldestPostgreSQL is the version that our SQL stays within, as server_version_num.
const oldestPostgreSQL = 140000

// checkServer looks whether our SQL runs on the server, and the database can hold every text.
func checkServer(ctx context.Context, conn *pgx.Conn) (projections.Check, error) {
	var version, encoding string
	var number int
	var replica bool
	err := conn.QueryRow(ctx, `SELECT current_setting('server_version'), current_setting('server_version_num')::int,
		current_setting('server_encoding'), pg_is_in_recovery()`).Scan(&version, &number, &encoding, &replica)
	if err != nil {
		return projections.Check{}, fmt.Errorf("ask what the server is: %w", err)
	}
	server := projections.Check{Name: "database", Found: "PostgreSQL " + version}
	switch {
	case number < oldestPostgreSQL:
		server.Advice = "use PostgreSQL 14 or newer"
	case encoding != "UTF8": // it counts and keeps other characters than ours
		server.Found += ", encoding " + encoding
		server.Advice = "make the database anew: CREATE DATABASE ... TEMPLATE template0 ENCODING 'UTF8'"
	case replica:
		server.Found += ", a replica"
		server.Advice = "give the address of the primary"
	}
	return server, nil
}

// requireServer refuses a database that the program cannot work on.
func (db *database) requireServer(ctx context.Context) error {
	config, err := db.poolConfig("start", 1)
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	server, err := checkServer(ctx, conn)
	if err == nil && server.Advice != "" {
		err = fmt.Errorf("the database is %s: %s", server.Found, server.Advice)
	}
	return err
}
