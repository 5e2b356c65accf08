// A load generator for loopback: closed or open loop over keep-alive TLS, or a
// sequence of single calls. Bounded in count and time. Prints JSON.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"time"
)

type options struct {
	target      *url.URL
	caFile      string
	bodies      [][]byte
	once        bool
	connections int
	rate        float64
	limit       time.Duration
	requests    int
}

func main() {
	target := flag.String("url", "", "https URL on loopback")
	caFile := flag.String("ca", "", "PEM file of the authority behind it")
	bodyFile := flag.String("bodies", "", "bodies to POST, one a line, round robin")
	plan := flag.String("plan", "", "instead: calls to make one after the other, one JSON object a line")
	once := flag.Bool("once", false, "end when every body was sent once")
	connections := flag.Int("connections", 1, "keep-alive connections")
	rate := flag.Float64("rate", 0, "requests a second, whatever the answers do (open loop); 0 is a closed loop")
	limit := flag.Duration("limit", 5*time.Second, "time after which it ends")
	requests := flag.Int("requests", 1_000_000, "count after which it ends")
	flag.Parse()
	go endWithParent()

	address, err := url.Parse(*target)
	exitOn(err)
	exitOn(onLoopback(address))
	o := options{address, *caFile, nil, *once, *connections, *rate, *limit, *requests}
	if *plan != "" {
		steps, err := readPlan(*plan)
		exitOn(err)
		report(runPlan(o, steps))
		return
	}
	o.bodies, err = readLines(*bodyFile)
	exitOn(err)
	report(run(o))
}

// Our caller holds the other end of standard input; when it is gone, so are we.
func endWithParent() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(1)
}

func onLoopback(address *url.URL) error {
	ip := net.ParseIP(address.Hostname())
	if address.Scheme != "https" || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("--url must be https to an address on loopback, not %q", address)
	}
	return nil
}

func report(result any, err error) {
	exitOn(err)
	exitOn(json.NewEncoder(os.Stdout).Encode(result))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}
