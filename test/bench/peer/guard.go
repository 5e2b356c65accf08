package main

import (
	"context"
	"crypto/x509"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

const (
	trustRootsName = "linkerd-identity-trust-roots"
	issuerName     = "linkerd-identity-issuer"
	bundleKey      = "ca-bundle.crt"
)

type guard struct {
	namespace string
	reader    client.Reader
	decoder   admission.Decoder
	log       logr.Logger
}

// Handle answers one write, and writes a line about a refusal, as the guard does.
func (g *guard) Handle(ctx context.Context, req admission.Request) admission.Response {
	started := time.Now()
	wrong, err := g.judge(ctx, req, started)
	if err != nil {
		return admission.Errored(http.StatusBadRequest, err)
	}
	level := 1
	if len(wrong) > 0 {
		level = 0
	}
	g.log.V(level).Info("judged", "uid", req.UID, "kind", req.Kind.Kind, "operation", req.Operation, "dryRun", req.DryRun != nil && *req.DryRun,
		"user", req.UserInfo.Username, "allowed", len(wrong) == 0, "findings", len(wrong), "ms", time.Since(started).Seconds()*1000)
	if len(wrong) > 0 {
		return admission.Denied(strings.Join(wrong, "; "))
	}
	return admission.Allowed("")
}

func (g *guard) judge(ctx context.Context, req admission.Request, now time.Time) ([]string, error) {
	if req.Namespace != g.namespace {
		return nil, nil
	}
	if req.Kind.Kind == "Secret" {
		return g.judgeIssuer(ctx, req, now)
	}
	return g.judgeTrustRoots(ctx, req, now)
}

func (g *guard) judgeTrustRoots(ctx context.Context, req admission.Request, now time.Time) ([]string, error) {
	var after, before corev1.ConfigMap
	if err := g.decode(req, &after, &before); err != nil {
		return nil, err
	}
	text := []byte(after.Data[bundleKey])
	anchors, err := readBundle(text)
	if err != nil {
		return []string{"the bundle cannot be read: " + err.Error()}, nil
	}
	var wrong []string
	if holdsPrivateKey(text) {
		wrong = append(wrong, "the bundle holds a private key")
	}
	for _, anchor := range anchors {
		wrong = append(wrong, soundAuthority(anchor, now)...)
	}
	if previous, err := readBundle([]byte(before.Data[bundleKey])); err == nil && !sharesKey(previous, anchors) {
		wrong = append(wrong, "the bundle shares no anchor with the one it replaces")
	}
	var secret corev1.Secret
	if found, err := g.live(ctx, issuerName, &secret); err != nil || !found {
		return wrong, err
	}
	if chain, err := readBundle(issuerText(&secret)); err == nil {
		wrong = append(wrong, chains(chain, anchors, now)...)
	}
	return wrong, nil
}

func (g *guard) judgeIssuer(ctx context.Context, req admission.Request, now time.Time) ([]string, error) {
	var after, before corev1.Secret
	if err := g.decode(req, &after, &before); err != nil {
		return nil, err
	}
	chain, err := readBundle(issuerText(&after))
	if err != nil {
		return []string{"the issuer cannot be read: " + err.Error()}, nil
	}
	wrong := soundAuthority(chain[0], now)
	if key, err := readKey(issuerKey(&after)); err != nil || !keyMatches(key, chain[0]) {
		wrong = append(wrong, "the key does not match the issuer")
	}
	var roots corev1.ConfigMap
	if found, err := g.live(ctx, trustRootsName, &roots); err != nil || !found {
		return wrong, err
	}
	anchors, err := readBundle([]byte(roots.Data[bundleKey]))
	if err != nil {
		return wrong, nil
	}
	return append(wrong, chains(chain, anchors, now)...), nil
}

func (g *guard) decode(req admission.Request, after, before client.Object) error {
	if err := g.decoder.DecodeRaw(req.Object, after); err != nil {
		return err
	}
	if len(req.OldObject.Raw) == 0 {
		return nil
	}
	return g.decoder.DecodeRaw(req.OldObject, before)
}

func (g *guard) live(ctx context.Context, name string, object client.Object) (bool, error) {
	err := g.reader.Get(ctx, client.ObjectKey{Namespace: g.namespace, Name: name}, object)
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

func chains(chain, anchors []*x509.Certificate, now time.Time) []string {
	if err := verify(chain, anchors, now); err != nil {
		return []string{fmt.Sprintf("issuer %q: %v", chain[0].Subject.CommonName, err)}
	}
	return nil
}

func issuerText(secret *corev1.Secret) []byte { return either(secret, "crt.pem", "tls.crt") }
func issuerKey(secret *corev1.Secret) []byte  { return either(secret, "key.pem", "tls.key") }

func either(secret *corev1.Secret, first, second string) []byte {
	if value := secret.Data[first]; len(value) > 0 {
		return value
	}
	return secret.Data[second]
}
