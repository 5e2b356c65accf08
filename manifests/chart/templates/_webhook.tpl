{{- define "linkerd-certs.client" -}}
service:
  name: {{ include "linkerd-certs.fullname" . }}
  namespace: {{ .Release.Namespace }}
  path: /validate
  port: {{ .Values.service.port }}
{{- if and (eq .Values.certificate.mode "files") .Values.webhook.caBundle }}
caBundle: {{ .Values.webhook.caBundle }}
{{- end }}
{{- end -}}

{{- define "linkerd-certs.inLinkerdNamespace" -}}
matchExpressions:
  - key: kubernetes.io/metadata.name
    operator: In
    values: [{{ .Values.linkerdNamespace }}]
{{- end -}}

{{- define "linkerd-certs.namespaceStays" -}}
expression: >-
  request.operation != "DELETE" ||
  request.userInfo.username != "system:serviceaccount:kube-system:namespace-controller"
{{- end -}}

{{- define "linkerd-certs.call" -}}
matchPolicy: Equivalent
failurePolicy: {{ .Values.webhook.failurePolicy }}
sideEffects: None
timeoutSeconds: {{ .Values.webhook.timeoutSeconds }}
{{- end -}}
