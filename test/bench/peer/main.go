// The benchmark's peer: what a good Go webhook for the same two objects would be.
package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client/config"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == "judge" {
		exitOn(judgeFile(os.Args[2]))
		return
	}
	namespace := flag.String("namespace", "linkerd", "Linkerd's namespace")
	port := flag.Int("port", 8443, "HTTPS port")
	healthPort := flag.Int("health-port", 8080, "plain HTTP port of /readyz")
	certificates := flag.String("certificates", "", "folder of tls.crt and tls.key")
	flag.Parse() // --kubeconfig is controller-runtime's own
	exitOn(serve(*namespace, *port, *healthPort, *certificates))
}

func serve(namespace string, port, healthPort int, certificates string) error {
	log := zap.New()
	ctrl.SetLogger(log)
	// Only what it watches: the client's scheme would bring every API group.
	scheme := runtime.NewScheme()
	utilruntime.Must(corev1.AddToScheme(scheme))
	rest, err := config.GetConfig()
	if err != nil {
		return err
	}
	mgr, err := manager.New(rest, manager.Options{
		Scheme:                 scheme,
		Cache:                  cacheOptions(namespace),
		Metrics:                server.Options{BindAddress: "0"},
		HealthProbeBindAddress: fmt.Sprintf("127.0.0.1:%d", healthPort),
		WebhookServer: webhook.NewServer(webhook.Options{
			Host: "127.0.0.1", Port: port, CertDir: certificates,
			TLSOpts: []func(*tls.Config){func(c *tls.Config) { c.NextProtos = []string{"h2", "http/1.1"} }},
		}),
	})
	if err != nil {
		return err
	}
	ctx := ctrl.SetupSignalHandler()
	if err := watch(ctx, mgr.GetCache()); err != nil {
		return err
	}
	mgr.GetWebhookServer().Register("/validate", &webhook.Admission{Handler: &guard{
		namespace: namespace, reader: mgr.GetClient(), decoder: admission.NewDecoder(scheme), log: log,
	}})
	if err := mgr.AddReadyzCheck("ready", ready(ctx, mgr)); err != nil {
		return err
	}
	return mgr.Start(ctx)
}

// Ready when it serves and has seen the cluster, which is what the guard promises.
func ready(ctx context.Context, mgr manager.Manager) func(*http.Request) error {
	started := mgr.GetWebhookServer().StartedChecker()
	synced := make(chan struct{})
	go func() {
		if mgr.GetCache().WaitForCacheSync(ctx) {
			close(synced)
		}
	}()
	return func(req *http.Request) error {
		select {
		case <-synced:
			return started(req)
		default:
			return errors.New("the cache is not filled yet")
		}
	}
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "peer:", err)
		os.Exit(1)
	}
}
