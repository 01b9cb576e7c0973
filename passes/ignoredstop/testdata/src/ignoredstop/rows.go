package ignoredstop

import (
	"context"
	"database/sql"
)

// A loop over the rows of a query ends when they do. That their context ends them as well is
// no look at a stop.

func CollectOk(ctx context.Context, db *sql.DB, ch chan<- int) error {
	rows, err := db.QueryContext(ctx, "SELECT n FROM t")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			return err
		}
		ch <- n
	}
	return rows.Err()
}

func CollectBad(ctx context.Context, db *sql.DB, ch chan<- int) error {
	rows, err := db.QueryContext(ctx, "SELECT n FROM t")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var n int
		if err := rows.Scan(&n); err != nil {
			return err
		}
		ch <- n // want "the loop around it heeds ctx, this wait does not"
	}
	return rows.Err()
}
