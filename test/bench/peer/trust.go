package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"
)

// readBundle reads a text of certificates as Linkerd does (pkg/tls/cred.go): it
// stops in silence at a block of another type, and fails where text is left
// that holds no block.
func readBundle(text []byte) ([]*x509.Certificate, error) {
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

func holdsPrivateKey(text []byte) bool {
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if strings.HasSuffix(block.Type, "PRIVATE KEY") {
			return true
		}
	}
	return false
}

func readKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("the key is not PEM")
	}
	var key any
	var err error
	switch block.Type {
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	default:
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("a key that cannot sign: %T", key)
	}
	return signer, nil
}

func keyMatches(key crypto.Signer, certificate *x509.Certificate) bool {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(certificate.PublicKey)
}

// verify asks what identity asks of its issuer.
func verify(chain, anchors []*x509.Certificate, now time.Time) error {
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	for _, anchor := range anchors {
		roots.AddCert(anchor)
	}
	for _, certificate := range chain[1:] {
		intermediates.AddCert(certificate)
	}
	_, err := chain[0].Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates, CurrentTime: now})
	return err
}

func supported(certificate *x509.Certificate) bool {
	switch key := certificate.PublicKey.(type) {
	case *ecdsa.PublicKey:
		return key.Curve == elliptic.P256() || key.Curve == elliptic.P384()
	case *rsa.PublicKey:
		return key.N.BitLen() >= 2048
	}
	return false
}

// soundAuthority says what is wrong with a CA certificate by itself, as anchor or as issuer.
func soundAuthority(certificate *x509.Certificate, now time.Time) []string {
	var wrong []string
	if !certificate.IsCA || certificate.KeyUsage != 0 && certificate.KeyUsage&x509.KeyUsageCertSign == 0 {
		wrong = append(wrong, fmt.Sprintf("%q is not a CA", certificate.Subject.CommonName))
	}
	if !supported(certificate) {
		wrong = append(wrong, fmt.Sprintf("%q has an unsupported algorithm", certificate.Subject.CommonName))
	}
	if now.After(certificate.NotAfter) {
		wrong = append(wrong, fmt.Sprintf("%q has expired", certificate.Subject.CommonName))
	}
	return wrong
}

func sharesKey(before, after []*x509.Certificate) bool {
	known := make(map[string]bool, len(after))
	for _, certificate := range after {
		known[string(certificate.RawSubjectPublicKeyInfo)] = true
	}
	for _, certificate := range before {
		if known[string(certificate.RawSubjectPublicKeyInfo)] {
			return true
		}
	}
	return false
}
