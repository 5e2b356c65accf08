/**
 * The objects of Linkerd's "automatically rotating control plane TLS credentials", with an anchor that renews
 * 30 days before its end; the page's own renewBefore re-keys it every 60 days.
 */
export const documentedSetup = `
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: linkerd-trust-root-issuer, namespace: cert-manager }
spec: { selfSigned: {} }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: linkerd-trust-anchor, namespace: cert-manager }
spec:
  issuerRef: { kind: Issuer, name: linkerd-trust-root-issuer }
  secretName: linkerd-trust-anchor
  isCA: true
  commonName: root.linkerd.cluster.local
  duration: 8760h0m0s
  renewBefore: 720h0m0s
  privateKey: { rotationPolicy: Always, algorithm: ECDSA }
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: { name: linkerd-identity-issuer }
spec: { ca: { secretName: linkerd-trust-anchor } }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: linkerd-identity-issuer, namespace: linkerd }
spec:
  issuerRef: { name: linkerd-identity-issuer, kind: ClusterIssuer }
  secretName: linkerd-identity-issuer
  isCA: true
  commonName: identity.linkerd.cluster.local
  duration: 48h0m0s
  renewBefore: 25h0m0s
  privateKey: { rotationPolicy: Always, algorithm: ECDSA }
---
apiVersion: trust.cert-manager.io/v1alpha1
kind: Bundle
metadata: { name: linkerd-identity-trust-roots }
spec:
  sources:
  - secret: { name: linkerd-trust-anchor, key: tls.crt }
  target:
    configMap: { key: ca-bundle.crt }
    namespaceSelector: { matchLabels: { linkerd.io/is-control-plane: "true" } }
`;
