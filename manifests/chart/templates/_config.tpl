{{- define "linkerd-certs.config" -}}
linkerdNamespace: {{ .Values.linkerdNamespace }}

# A rule's severity: deny, warn or off. One that is not named keeps its own; their names: trust/rules/README.md.
{{- if .Values.rules }}
rules:
  {{- toYaml .Values.rules | nindent 2 }}
{{- else }}
rules: {}
{{- end }}

# "Soon" is this share of a certificate's lifetime, but never more than so many days.
thresholds:
  remainingShare: {{ .Values.thresholds.remainingShare }}
  ceilingDays: {{ .Values.thresholds.ceilingDays }}

server:
  port: {{ .Values.server.port }}
  metricsPort: {{ .Values.server.metricsPort }}
  # With the Deployment's preStop, less than its terminationGracePeriodSeconds.
  drainSeconds: {{ .Values.server.drainSeconds }}

{{ if eq .Values.certificate.mode "self-managed" -}}
# The guard signs its serving certificates itself, and keeps the authority in a Secret.
certificate:
  mode: self-managed
  secretName: {{ include "linkerd-certs.secret" . }}
  leafLifetime: {{ .Values.certificate.leafLifetime }}
  authorityLifetime: {{ .Values.certificate.authorityLifetime }}
{{- else -}}
# Somebody else renews tls.crt and tls.key in that folder.
certificate:
  mode: files
  directory: /etc/linkerd-certs/serving
{{- end }}
  namespace: {{ .Release.Namespace }}
  serviceName: {{ include "linkerd-certs.fullname" . }}
  webhookConfigurationName: {{ include "linkerd-certs.fullname" . }}

# How often the live certificates are judged again, for metrics and Events.
audit:
  intervalSeconds: {{ .Values.audit.intervalSeconds }}

# No level ever prints what is in a Secret.
log:
  level: {{ .Values.log.level }}
{{- end -}}
