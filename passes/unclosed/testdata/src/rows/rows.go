// Package rows holds values of other packages of which a row says what ends them.
package rows

import (
	"context"
	"database/sql"
	"os/exec"
)

func QueryBad(ctx context.Context, dsn string) (n int, err error) {
	db, err := sql.Open("postgres", dsn) // want `the value of sql.Open is dropped: nothing calls its Close, which alone ends the goroutine that sql.Open started`
	if err != nil {
		return 0, err
	}
	err = db.QueryRowContext(ctx, "select 1").Scan(&n)
	return n, err
}

func QueryOk(ctx context.Context, dsn string) (n int, err error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, "select 1").Scan(&n)
	return n, err
}

func OpenOk(dsn string) (*sql.DB, error) { return sql.Open("postgres", dsn) }

func StartBad(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "true")
	return cmd.Start() // want `the command is dropped: nothing calls its Wait, which alone ends the goroutine that cmd.Start has started`
}

func StartOk(ctx context.Context) (*exec.Cmd, error) {
	cmd := exec.CommandContext(ctx, "true")
	return cmd, cmd.Start()
}

func PlainOk() error {
	cmd := exec.Command("true")
	return cmd.Start()
}

// Who keeps what a method of the value gives needs the value.

type prepared struct{ stmt *sql.Stmt }

func PrepareOk(dsn string) (*prepared, error) {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return nil, err
	}
	stmt, err := db.Prepare("select 1")
	if err != nil {
		db.Close()
		return nil, err
	}
	return &prepared{stmt}, nil
}

func PrepareBad(dsn string) (*prepared, error) {
	db, err := sql.Open("postgres", dsn) // want `the value of sql.Open is dropped on a path that returns without calling its Close`
	if err != nil {
		return nil, err
	}
	stmt, err := db.Prepare("select 1")
	if err != nil {
		return nil, err
	}
	return &prepared{stmt}, nil
}
