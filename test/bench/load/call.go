package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

type answer struct {
	protocol string
	denied   bool
	err      error
}

// newClient makes a client with one connection, which speaks HTTP/2 where the
// server does: what the API server would do.
func newClient(caFile string) (*http.Client, error) {
	pem, err := os.ReadFile(caFile)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("no certificate in %s", caFile)
	}
	transport := &http.Transport{
		TLSClientConfig:    &tls.Config{RootCAs: roots},
		MaxConnsPerHost:    1,
		ForceAttemptHTTP2:  true,
		DisableCompression: true,
	}
	return &http.Client{Transport: transport, Timeout: 10 * time.Second}, nil
}

func call(client *http.Client, request *http.Request) answer {
	response, err := client.Do(request)
	if err != nil {
		return answer{err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{err: err}
	}
	if response.StatusCode >= 300 {
		return answer{err: fmt.Errorf("%s: %.300s", response.Status, body)}
	}
	return answer{protocol: response.Proto, denied: bytes.Contains(body, []byte(`"allowed":false`))}
}
