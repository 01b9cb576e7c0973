// Package etcd3de6b38 is after etcd 3de6b382dfcb: three servers report their
// end on one channel, and the first report ends the program's wait.
package etcd3de6b38

type server interface{ Serve() error }

func startBad(grpc, http, metrics server) error {
	errc := make(chan error)
	go func() { errc <- grpc.Serve() }()
	go func() { errc <- http.Serve() }()
	go func() { errc <- metrics.Serve() }()
	return <-errc
}

func startOk(grpc, http, metrics server) error {
	errc := make(chan error, 3)
	go func() { errc <- grpc.Serve() }()
	go func() { errc <- http.Serve() }()
	go func() { errc <- metrics.Serve() }()
	return <-errc
}

// Start serves both ways.
func Start(a, b, c server) error {
	if err := startBad(a, b, c); err != nil {
		return err
	}
	return startOk(a, b, c)
}
