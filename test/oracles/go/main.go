// Reads questions as JSON lines, answers each with one: what Linkerd's identity
// controller would make of this bundle, chain and key when it starts.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"runtime"
	"sync"
	"time"
)

type question struct {
	ID     int       `json:"id"`
	Now    time.Time `json:"now"`
	Bundle []byte    `json:"bundle"`
	Chain  []byte    `json:"chain"`
	Key    []byte    `json:"key"`
	// A single certificate to parse, instead of all of the above.
	DER []byte `json:"der"`
}

func main() {
	log.SetFlags(0)
	questions := make(chan []byte, 256)
	answers := make(chan any, 256)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for line := range questions {
				answers <- answer(line)
			}
		})
	}
	go read(questions)
	go func() {
		workers.Wait()
		close(answers)
	}()
	write(answers)
}

func read(questions chan<- []byte) {
	defer close(questions)
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		questions <- line
	}
}

// Holds answers back only while more of them are waiting.
func write(answers <-chan any) {
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	encoder := json.NewEncoder(out)
	for answer := range answers {
		if err := encoder.Encode(answer); err != nil {
			log.Fatal(err)
		}
		if len(answers) == 0 {
			if err := out.Flush(); err != nil {
				log.Fatal(err)
			}
		}
	}
	out.Flush()
}

func answer(line []byte) any {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		log.Fatalf("not a question: %v", err)
	}
	if asked.DER != nil {
		return parse(asked)
	}
	return judge(asked)
}
