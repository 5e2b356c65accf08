package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

type judging struct {
	Bundle string `json:"bundle"`
	Issuer string `json:"issuer"`
}

// judgeFile times, in this process, what trust/ does with large bundles: read all,
// check each one's own signature, verify an issuer under the last.
func judgeFile(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var asked []judging
	if err := json.Unmarshal(text, &asked); err != nil {
		return err
	}
	milliseconds := make([]float64, 0, len(asked))
	for _, one := range asked {
		started := time.Now()
		if err := judgeOne(one, started); err != nil {
			return err
		}
		milliseconds = append(milliseconds, float64(time.Since(started).Nanoseconds())/1e6)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"milliseconds": milliseconds})
}

func judgeOne(one judging, now time.Time) error {
	anchors, err := readBundle([]byte(one.Bundle))
	if err != nil {
		return err
	}
	for _, anchor := range anchors {
		if err := anchor.CheckSignatureFrom(anchor); err != nil {
			return fmt.Errorf("%q: %w", anchor.Subject.CommonName, err)
		}
	}
	chain, err := readBundle([]byte(one.Issuer))
	if err != nil {
		return err
	}
	return verify(chain, anchors, now)
}
