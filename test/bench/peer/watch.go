package main

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

const (
	controlPlaneLabel = "linkerd.io/control-plane-ns"
	anchorsVariable   = "LINKERD2_PROXY_IDENTITY_TRUST_ANCHORS"
)

// cacheOptions: two objects by name, and the meshed pods reduced to what a guard needs.
func cacheOptions(namespace string) cache.Options {
	one := func(name string) cache.ByObject {
		return cache.ByObject{
			Namespaces: map[string]cache.Config{namespace: {}},
			Field:      fields.OneTermEqualSelector("metadata.name", name),
			Transform:  cache.TransformStripManagedFields(),
		}
	}
	meshed, err := labels.NewRequirement(controlPlaneLabel, selection.Exists, nil)
	if err != nil {
		panic(err)
	}
	return cache.Options{ByObject: map[client.Object]cache.ByObject{
		&corev1.ConfigMap{}: one(trustRootsName),
		&corev1.Secret{}:    one(issuerName),
		&corev1.Pod{}:       {Label: labels.NewSelector().Add(*meshed), Transform: slim()},
	}}
}

// watch starts the informers before the first request asks for them.
func watch(ctx context.Context, from cache.Cache) error {
	for _, object := range []client.Object{&corev1.ConfigMap{}, &corev1.Secret{}, &corev1.Pod{}} {
		if _, err := from.GetInformer(ctx, object, cache.BlockUntilSynced(false)); err != nil {
			return err
		}
	}
	return nil
}

// slim keeps of a pod who it is, which bundle its proxy holds and since when. The
// transform runs in one goroutine at a time, so a plain map shares equal texts.
func slim() func(any) (any, error) {
	texts := map[string]string{}
	share := func(text string) string {
		known, ok := texts[text]
		if !ok {
			texts[text], known = text, text
		}
		return known
	}
	return func(object any) (any, error) {
		pod, ok := object.(*corev1.Pod)
		if !ok {
			return object, nil
		}
		small := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{
			Name: pod.Name, Namespace: share(pod.Namespace), UID: pod.UID, ResourceVersion: pod.ResourceVersion,
			Labels: map[string]string{}, DeletionTimestamp: pod.DeletionTimestamp,
		}}
		for name, value := range pod.Labels {
			small.Labels[share(name)] = share(value)
		}
		small.Status.Phase, small.Status.StartTime = pod.Status.Phase, pod.Status.StartTime
		for _, container := range append(pod.Spec.InitContainers, pod.Spec.Containers...) {
			if container.Name != "linkerd-proxy" {
				continue
			}
			for _, variable := range container.Env {
				if variable.Name == anchorsVariable {
					small.Spec.Containers = []corev1.Container{{Name: "linkerd-proxy", Env: []corev1.EnvVar{
						{Name: anchorsVariable, Value: share(variable.Value)},
					}}}
				}
			}
		}
		return small, nil
	}
}
