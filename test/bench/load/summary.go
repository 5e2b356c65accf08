package main

import (
	"math"
	"slices"
	"time"
)

type recorder struct {
	milliseconds []float64
	errors       int
	denied       int
	firstError   string
}

// summary is of the answers; what failed is only counted.
type summary struct {
	Requests   int     `json:"requests"`
	P50        float64 `json:"p50"`
	P99        float64 `json:"p99"`
	P999       float64 `json:"p999"`
	Max        float64 `json:"max"`
	Denied     int     `json:"denied"`
	Errors     int     `json:"errors"`
	FirstError string  `json:"firstError,omitempty"`
}

func (r *recorder) add(took time.Duration, answer answer) {
	if answer.err != nil {
		if r.errors++; r.errors == 1 {
			r.firstError = answer.err.Error()
		}
		return
	}
	if answer.denied {
		r.denied++
	}
	r.milliseconds = append(r.milliseconds, float64(took.Nanoseconds())/1e6)
}

func summarize(recorders ...recorder) summary {
	var all recorder
	for _, one := range recorders {
		all.milliseconds = append(all.milliseconds, one.milliseconds...)
		all.errors += one.errors
		all.denied += one.denied
		if all.firstError == "" {
			all.firstError = one.firstError
		}
	}
	slices.Sort(all.milliseconds)
	return summary{
		Requests: len(all.milliseconds),
		P50:      quantile(all.milliseconds, 0.5), P99: quantile(all.milliseconds, 0.99), P999: quantile(all.milliseconds, 0.999),
		Max:    quantile(all.milliseconds, 1),
		Denied: all.denied, Errors: all.errors, FirstError: all.firstError,
	}
}

func quantile(sorted []float64, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[max(0, int(math.Ceil(share*float64(len(sorted))))-1)]
}
