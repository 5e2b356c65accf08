package main

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"time"
)

type verdict struct {
	OK    bool   `json:"ok"`
	Error string `json:"error,omitempty"`
}

type reading struct {
	verdict
	Certs []string `json:"certs"`
	// What identity sends along with every leaf, in this order.
	DERs [][]byte `json:"ders,omitempty"`
}

type keyReading struct {
	verdict
	Matches bool `json:"matches"`
}

type judgement struct {
	ID     int        `json:"id"`
	Bundle reading    `json:"bundle"`
	Chain  reading    `json:"chain"`
	Key    keyReading `json:"key"`
	Verify *verdict   `json:"verify,omitempty"`
	IsCA   bool       `json:"isCA"`
}

type parsing struct {
	ID     int    `json:"id"`
	Parses bool   `json:"parses"`
	Error  string `json:"error,omitempty"`
}

func parse(asked question) parsing {
	_, err := x509.ParseCertificate(asked.DER)
	return parsing{asked.ID, err == nil, because(err).Error}
}

// The order is that of linkerd2's controller/cmd/identity and pkg/identity; what
// comes after a failure there is still answered here, where it can be.
func judge(asked question) judgement {
	anchors, bundleErr := certificates(asked.Bundle)
	chain, chainErr := certificates(asked.Chain)
	key, keyErr := privateKey(asked.Key)
	answer := judgement{
		ID:     asked.ID,
		Bundle: reading{because(bundleErr), fingerprints(anchors), nil},
		Chain:  reading{because(chainErr), fingerprints(chain), nil},
		Key:    keyReading{because(keyErr), false},
	}
	if chainErr != nil {
		return answer
	}
	for _, certificate := range chain {
		answer.Chain.DERs = append(answer.Chain.DERs, certificate.Raw)
	}
	answer.IsCA = chain[0].IsCA
	answer.Key.Matches = keyErr == nil && matches(key, chain[0])
	if bundleErr == nil {
		judged := because(verify(chain, anchors, asked.Now))
		answer.Verify = &judged
	}
	return answer
}

// Reading ends in silence at the first block of another type, and in an error
// where no further block is found although text is left.
func certificates(text []byte) ([]*x509.Certificate, error) {
	var found []*x509.Certificate
	for len(text) > 0 {
		block, rest := pem.Decode(text)
		if block == nil {
			return nil, errors.New("not a PEM certificate")
		}
		if block.Type != "CERTIFICATE" {
			break
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		found = append(found, certificate)
		text = rest
	}
	if len(found) == 0 {
		return nil, errors.New("no certificates found")
	}
	return found, nil
}

// Only the first block counts, whatever it is.
func privateKey(text []byte) (any, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("not PEM-encoded")
	}
	switch block.Type {
	case "EC PRIVATE KEY":
		return x509.ParseECPrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, err
		}
		switch key.(type) {
		case *ecdsa.PrivateKey, *rsa.PrivateKey:
			return key, nil
		}
		return nil, fmt.Errorf("neither ECDSA nor RSA: %T", key)
	}
	return nil, fmt.Errorf("unsupported block type: %q", block.Type)
}

func matches(key any, certificate *x509.Certificate) bool {
	switch key := key.(type) {
	case *ecdsa.PrivateKey:
		public, ok := certificate.PublicKey.(*ecdsa.PublicKey)
		return ok && public.X.Cmp(key.X) == 0 && public.Y.Cmp(key.Y) == 0
	case *rsa.PrivateKey:
		public, ok := certificate.PublicKey.(*rsa.PublicKey)
		return ok && public.N.Cmp(key.N) == 0 && public.E == key.E
	}
	return false
}

// Key usages are left out as Linkerd leaves them out, which makes Go ask for serverAuth.
// Linkerd keeps the rest of the chain backwards, and so adds it from the far end.
func verify(chain, anchors []*x509.Certificate, now time.Time) error {
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	for _, anchor := range anchors {
		roots.AddCert(anchor)
	}
	for i := len(chain) - 1; i > 0; i-- {
		intermediates.AddCert(chain[i])
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates, CurrentTime: now})
	return err
}

func fingerprints(certificates []*x509.Certificate) []string {
	found := make([]string, 0, len(certificates))
	for _, certificate := range certificates {
		sum := sha256.Sum256(certificate.Raw)
		found = append(found, hex.EncodeToString(sum[:]))
	}
	return found
}

func because(err error) verdict {
	if err != nil {
		return verdict{false, err.Error()}
	}
	return verdict{true, ""}
}
