import type { IssuerInUse } from "../../trust/issuer-in-use.ts";
import { moment } from "../../trust/naming.ts";
import type { Certificate } from "../../trust/x509/index.ts";
import { type Assessment, type Check, type CheckRun, resultOf } from "../survey/assessment.ts";
import type { Comparison } from "../survey/compare.ts";
import { placeJson } from "./places.ts";

/** An interface: described in docs/check-json.md, and tested. Times are RFC 3339, fingerprints whole. */
export function checkJson(run: CheckRun): object {
  return {
    apiVersion: "linkerd-certs.io/v1",
    kind: "Check",
    result: resultOf(run),
    clusters: run.clusters.map(({ name, assessment, failure }) => ({
      name,
      ...(failure === undefined ? {} : { failure }),
      ...(assessment === undefined ? {} : assessmentJson(assessment)),
    })),
    ...(run.comparison === undefined ? {} : { comparison: comparisonJson(run.comparison) }),
  };
}

function assessmentJson({ survey, groups, issuerInUse, timeline }: Assessment): object {
  const { cluster, namespace, at, facts, holdings, places, webhooks, renewals, unreadable } = survey;
  return {
    server: cluster,
    linkerdNamespace: namespace,
    at: moment(at),
    groups: groups.map(({ name, checks }) => ({ name, checks: checks.map(checkJsonOf) })),
    bundle: facts.bundle?.anchors.map(certificateJson) ?? null,
    issuer: facts.issuer === undefined ? null : certificateJson(facts.issuer.certificate),
    issuerInUse: inUseJson(issuerInUse),
    proxies: {
      total: facts.mesh?.proxies ?? null,
      byBundle: holdings.map(({ anchors, proxies, workloads, current }) => ({
        anchors: anchors.map(({ fingerprint }) => fingerprint),
        proxies,
        current: current ?? null,
        workloads,
      })),
    },
    places: places.map(placeJson),
    webhooks: webhooks.map(({ certificate, ...rest }) => ({
      ...rest,
      ...(certificate === undefined ? {} : { certificate: certificateJson(certificate) }),
    })),
    renewals: renewals.map(({ at: when, ...rest }) => ({
      ...rest,
      ...(when === undefined ? {} : { at: moment(when) }),
    })),
    timeline: timeline.map(({ at: when, what, why, harm }) => ({
      at: when === undefined ? null : moment(when),
      what,
      why,
      harm,
    })),
    unreadable,
  };
}

function inUseJson({ since, ...rest }: IssuerInUse): object {
  return { ...rest, ...(since === undefined ? {} : { since: moment(since) }) };
}

function checkJsonOf({ id, summary, result, findings, remedy, docs, why, note, suppressed }: Check): object {
  return {
    id,
    summary,
    result,
    findings,
    remedy,
    docs,
    ...(why === undefined ? {} : { why }),
    ...(note === undefined ? {} : { note }),
    ...(suppressed === undefined ? {} : { suppressed }),
  };
}

function comparisonJson({ clusters, anchors, checks }: Comparison): object {
  return {
    clusters,
    anchors: anchors.map(({ anchor, heldBy }) => ({ ...certificateJson(anchor), heldBy })),
    checks: checks.map(checkJsonOf),
  };
}

function certificateJson({ name, fingerprint, notBefore, notAfter }: Certificate) {
  return { name, fingerprint, notBefore: moment(notBefore), notAfter: moment(notAfter) };
}
