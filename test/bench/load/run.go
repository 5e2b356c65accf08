package main

import (
	"bytes"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

type result struct {
	summary
	Seconds   float64 `json:"seconds"`
	PerSecond float64 `json:"perSecond"`
	Protocol  string  `json:"protocol"`
}

// run gives every connection a worker and a client of its own. Each worker's first
// request carries the handshake and is not counted; the clock starts after all of them.
func run(o options) (*result, error) {
	var next atomic.Int64
	take := func() ([]byte, int, bool) {
		turn := int(next.Add(1)) - 1
		if turn >= o.requests+o.connections || o.once && turn >= len(o.bodies) {
			return nil, 0, false
		}
		return o.bodies[turn%len(o.bodies)], turn, true
	}
	clients := make([]*http.Client, o.connections)
	protocol := ""
	for i := range clients {
		client, err := newClient(o.caFile)
		if err != nil {
			return nil, err
		}
		clients[i] = client
		if body, _, ok := take(); ok {
			answer := post(client, o, body)
			if answer.err != nil {
				return nil, answer.err
			}
			protocol = answer.protocol
		}
	}

	samples := make([]recorder, o.connections)
	started := time.Now()
	var workers sync.WaitGroup
	for i, client := range clients {
		workers.Go(func() {
			for time.Since(started) < o.limit {
				body, turn, ok := take()
				if !ok {
					return
				}
				due := time.Now()
				if o.rate > 0 {
					// Open loop: a request that waits for a free connection has already begun.
					due = started.Add(time.Duration(float64(turn-o.connections) / o.rate * float64(time.Second)))
					time.Sleep(time.Until(due))
				}
				answer := post(client, o, body)
				samples[i].add(time.Since(due), answer)
			}
		})
	}
	workers.Wait()
	seconds := time.Since(started).Seconds()
	all := summarize(samples...)
	return &result{all, seconds, float64(all.Requests) / seconds, protocol}, nil
}

func post(client *http.Client, o options, body []byte) answer {
	request, err := http.NewRequest(http.MethodPost, o.target.String(), bytes.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	request.Header.Set("Content-Type", "application/json")
	return call(client, request)
}
