// Package grpc stands for the library.
package grpc

import "context"

type ClientConn struct{}

type DialOption interface{ apply() }

func Dial(target string, opts ...DialOption) (*ClientConn, error) { return nil, nil }

func DialContext(ctx context.Context, target string, opts ...DialOption) (*ClientConn, error) {
	return nil, nil
}

func WithBlock() DialOption { return nil }

func WithInsecure() DialOption { return nil }
