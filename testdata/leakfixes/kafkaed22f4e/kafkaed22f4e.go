// Package kafkaed22f4e is after kafka-go ed22f4efdca0: a lookup answers on one
// of two channels, and a cancelled caller reads neither.
package kafkaed22f4e

import "context"

type finder func(topic string) (string, error)

// LookupBad finds the leader of a topic.
func LookupBad(ctx context.Context, find finder, topic string) (string, error) {
	val := make(chan string)
	errs := make(chan error)
	go func() {
		leader, err := find(topic)
		if err != nil {
			errs <- err
			return
		}
		val <- leader
	}()
	select {
	case leader := <-val:
		return leader, nil
	case err := <-errs:
		return "", err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// LookupOk finds the leader of a topic. When it leaves, it lets somebody read
// what comes too late.
func LookupOk(ctx context.Context, find finder, topic string) (string, error) {
	val := make(chan string)
	errs := make(chan error)
	go func() {
		leader, err := find(topic)
		if err != nil {
			errs <- err
			return
		}
		val <- leader
	}()
	select {
	case leader := <-val:
		return leader, nil
	case err := <-errs:
		return "", err
	case <-ctx.Done():
		go func() {
			select {
			case <-val:
			case <-errs:
			}
		}()
		return "", ctx.Err()
	}
}
