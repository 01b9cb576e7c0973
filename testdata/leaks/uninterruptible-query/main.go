// Command uninterruptible-query asks a database whose answer does not come.
// The goroutine has a context, the call has not.
package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"example.com/leaks/judge"
)

// stalled is a driver whose queries last until their context ends.
type stalled struct{}

func (stalled) Connect(context.Context) (driver.Conn, error) { return stalledConn{}, nil }
func (stalled) Driver() driver.Driver                        { return nil }

type stalledConn struct{}

func (stalledConn) Prepare(string) (driver.Stmt, error) { return nil, errors.New("not supported") }
func (stalledConn) Close() error                        { return nil }
func (stalledConn) Begin() (driver.Tx, error)           { return nil, errors.New("not supported") }

func (stalledConn) ExecContext(ctx context.Context, _ string, _ []driver.NamedValue) (driver.Result, error) {
	if ctx.Done() == nil {
		select {} // as a server that never answers
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

func purge(ctx context.Context, db *sql.DB, days int) {
	if ctx.Err() != nil {
		return
	}
	if _, err := db.Exec("DELETE FROM log WHERE age > ?", days); err != nil {
		fmt.Println("purge:", err)
	}
}

func nightly(db *sql.DB) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	go purge(ctx, db, 30)
	<-ctx.Done()
}

func main() {
	db := sql.OpenDB(stalled{})
	for range 2 {
		nightly(db)
	}
	judge.Report()
}
