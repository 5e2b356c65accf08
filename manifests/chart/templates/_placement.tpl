{{- /* Apart on nodes and in zones. The nodes are not left to the spread constraint: a scheduler passes over that on nodes without a zone. */ -}}
{{- define "linkerd-certs.placement" -}}
{{- if .Values.affinity }}
affinity:
  {{- toYaml .Values.affinity | nindent 2 }}
{{- else if eq .Values.podAntiAffinity "soft" }}
# Apart on nodes and in zones, where there are several. The nodes are not left to the spread constraint: a
# scheduler passes over that on nodes without a zone.
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          {{- include "linkerd-certs.apart" . | nindent 10 }}
{{- else if eq .Values.podAntiAffinity "hard" }}
affinity:
  podAntiAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      -
        {{- include "linkerd-certs.apart" . | nindent 8 }}
{{- end }}
{{- if .Values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml .Values.topologySpreadConstraints | nindent 2 }}
{{- else if .Values.zoneSpread }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    {{- include "linkerd-certs.thesePods" . | nindent 4 }}
{{- end }}
{{- end -}}

{{- define "linkerd-certs.apart" -}}
topologyKey: kubernetes.io/hostname
{{ include "linkerd-certs.thesePods" . }}
{{- end -}}

{{- define "linkerd-certs.thesePods" -}}
labelSelector:
  matchLabels:
    {{- include "linkerd-certs.selectorLabels" . | nindent 4 }}
matchLabelKeys: [pod-template-hash]
{{- end -}}
