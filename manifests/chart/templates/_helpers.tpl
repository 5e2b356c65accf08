{{- define "linkerd-certs.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- /* The release's name where that says what it is, as in "linkerd-certs" and "linkerd-certs-staging". */ -}}
{{- define "linkerd-certs.fullname" -}}
{{- $name := include "linkerd-certs.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "linkerd-certs.selectorLabels" -}}
app.kubernetes.io/name: {{ include "linkerd-certs.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "linkerd-certs.labels" -}}
{{ include "linkerd-certs.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* Name, namespace and labels; for objects of the cluster see "linkerd-certs.clusterMetadata". */ -}}
{{- define "linkerd-certs.metadata" -}}
name: {{ include "linkerd-certs.fullname" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "linkerd-certs.labels" . | nindent 2 }}
{{- end -}}

{{- define "linkerd-certs.clusterMetadata" -}}
name: {{ include "linkerd-certs.fullname" . }}
labels:
  {{- include "linkerd-certs.labels" . | nindent 2 }}
{{- end -}}

{{- define "linkerd-certs.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "linkerd-certs.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name: must name an account that is there, where serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "linkerd-certs.subject" -}}
- kind: ServiceAccount
  name: {{ include "linkerd-certs.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}

{{- /* The Secret that the guard, cert-manager or you fill. */ -}}
{{- define "linkerd-certs.secret" -}}
{{- if eq .Values.certificate.mode "files" -}}
{{- required "certificate.secretName: must name the Secret that holds tls.crt and tls.key, where certificate.mode is files" .Values.certificate.secretName -}}
{{- else if eq .Values.certificate.mode "cert-manager" -}}
{{- include "linkerd-certs.fullname" . }}-tls
{{- else -}}
{{- include "linkerd-certs.fullname" . }}-serving
{{- end -}}
{{- end -}}

{{- /* The policy's name; two guards must not share it. */ -}}
{{- define "linkerd-certs.policy" -}}
{{- $fullname := include "linkerd-certs.fullname" . -}}
trust-roots-hold-no-key{{ if ne $fullname "linkerd-certs" }}.{{ $fullname }}{{ end }}.linkerd-certs.io
{{- end -}}

{{- define "linkerd-certs.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (default (printf "v%s" $.Chart.AppVersion) .tag) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* How long a termination takes at the least is said in values.yaml; less would cut answers off. */ -}}
{{- define "linkerd-certs.grace" -}}
{{- $least := add 5 (ceil .Values.server.drainSeconds) -}}
{{- if le (int .Values.terminationGracePeriodSeconds) (int $least) -}}
{{- fail (printf "terminationGracePeriodSeconds: must be more than server.drainSeconds and the 5 s of preStop, %d" (int $least)) -}}
{{- end -}}
{{- int .Values.terminationGracePeriodSeconds -}}
{{- end -}}
