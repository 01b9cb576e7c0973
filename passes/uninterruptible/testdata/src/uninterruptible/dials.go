package uninterruptible

import (
	"context"

	"google.golang.org/grpc"
)

// A dial that only asks for a connection, and one that waits until it is there.

func AsksOk(ctx context.Context, use func(*grpc.ClientConn)) {
	go func() {
		for ctx.Err() == nil {
			c, err := grpc.Dial("there:99", grpc.WithInsecure())
			if err != nil {
				return
			}
			use(c)
		}
	}()
}

func AwaitsBad(ctx context.Context, use func(*grpc.ClientConn)) {
	go func() {
		for ctx.Err() == nil {
			c, err := grpc.Dial("there:99", grpc.WithInsecure(), grpc.WithBlock()) // want `ctx does not end it, grpc.DialContext takes a context`
			if err != nil {
				return
			}
			use(c)
		}
	}()
}

// A stop would become an error, and that a panic: the fix is not for all.
func PanicsBad(ctx context.Context, use func(*grpc.ClientConn)) {
	go func() {
		for ctx.Err() == nil {
			c, err := grpc.Dial("there:99", grpc.WithInsecure(), grpc.WithBlock()) // want `ctx does not end it, grpc.DialContext takes a context`
			if err != nil {
				panic(err)
			}
			use(c)
		}
	}()
}
