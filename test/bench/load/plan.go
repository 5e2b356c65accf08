package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"time"
)

// step is one call; those of a group are reported together.
type step struct {
	Group   string            `json:"group"`
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
}

func readPlan(file string) ([]step, error) {
	lines, err := readLines(file)
	if err != nil {
		return nil, err
	}
	steps := make([]step, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal(line, &steps[i]); err != nil {
			return nil, err
		}
	}
	return steps, nil
}

// runPlan makes the calls in order over one connection, so that neighbours in time
// are neighbours in the plan, whatever else the machine does.
func runPlan(o options, steps []step) (map[string]summary, error) {
	client, err := newClient(o.caFile)
	if err != nil {
		return nil, err
	}
	groups := map[string]*recorder{}
	started := time.Now()
	for _, one := range steps {
		if time.Since(started) > o.limit {
			break
		}
		request, err := http.NewRequest(one.Method, o.target.JoinPath(one.Path).String(), bytes.NewReader([]byte(one.Body)))
		if err != nil {
			return nil, err
		}
		for name, value := range one.Headers {
			request.Header.Set(name, value)
		}
		group, known := groups[one.Group]
		if !known {
			group = &recorder{}
			groups[one.Group] = group
		}
		began := time.Now()
		answer := call(client, request)
		group.add(time.Since(began), answer)
		if o.rate > 0 {
			time.Sleep(time.Until(began.Add(time.Duration(float64(time.Second) / o.rate))))
		}
	}
	summaries := map[string]summary{}
	for name, group := range groups {
		summaries[name] = summarize(*group)
	}
	return summaries, nil
}

func readLines(file string) ([][]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return bytes.Split(bytes.TrimSpace(text), []byte("\n")), nil
}
