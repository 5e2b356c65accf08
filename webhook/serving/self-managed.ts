import { performance } from "node:perf_hooks";
import type { CertificateConfig } from "../config.ts";
import type { Log } from "../log/log.ts";
import type { ConfigurationSeen, SecretSeen, ServingApi } from "./api.ts";
import type { Credentials, ServingCertificate, ServingMetrics } from "./certificate.ts";
import { fingerprintOf, type Keyed, servedOf, validAt } from "./keyed.ts";
import { serviceNames } from "./names.ts";
import { type Live, liveIn, nextStep, type Step, wanted } from "./plan.ts";
import { type Repetition, repeat } from "./repeat.ts";
import { createSettling } from "./settling.ts";
import { bundleOf, openState, type ServingState, trusted, writeState } from "./state.ts";
import { beginning, stateAfter } from "./steps.ts";

export interface SelfManagedOptions {
  readonly config: CertificateConfig;
  readonly api: ServingApi;
  readonly clock: () => Date;
  readonly log: Log;
  readonly metrics: ServingMetrics;
}

/** Replicas that race for every step come to an end of it sooner than this. */
const mostSteps = 16;

/**
 * The guard's own certificate, made and renewed by the guard. All replicas
 * share one authority and one leaf, kept in a Secret; each does whatever step
 * is next, and the resourceVersion lets one of them win.
 */
export function selfManaged(options: SelfManagedOptions): ServingCertificate {
  const { config, api, clock, log, metrics } = options;
  const names = serviceNames(config);
  const settling = createSettling(config.settleMs, () => performance.now());
  const listeners: ((credentials: Credentials) => void)[] = [];
  let served: { readonly leaf: Keyed; readonly authority: Keyed } | undefined;
  let remembered: ServingState | undefined;
  let live: Live | undefined;
  let trouble: string | undefined;
  let repetition: Repetition | undefined;
  let unwatch: (() => void) | undefined;
  let stopped = false;

  const making = () => ({ ...config, names, now: clock() });
  const trustedNow = () => served !== undefined && (live?.holds(served.authority.x509) ?? false);

  async function look(): Promise<number> {
    try {
      for (let steps = 0; steps < mostSteps && !stopped; steps++) {
        if (!(await lookOnce())) break;
      }
      if (trouble !== undefined) log.info({}, "the serving certificate is looked after again");
      trouble = undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (why !== trouble) log.warn({ error }, "cannot look after the serving certificate");
      trouble = why;
    }
    metrics.caBundleInSync(trustedNow());
    return served === undefined ? Math.min(1000, config.pollMs) : config.pollMs;
  }

  /** Does one step; false where there is none to do. */
  async function lookOnce(): Promise<boolean> {
    // The configuration first: then the Secret knows every authority that a replica has published in it.
    const configuration = await api.readConfiguration();
    const secret = await api.readSecret();
    if (secret === undefined) throw new Error(missingSecret(config));
    const now = clock();
    const opened = openState(secret.data, names, now);
    const state = typeof opened === "string" ? undefined : opened;
    if (live?.configured !== false && configuration === undefined) {
      log.warn(
        { configuration: config.webhookConfigurationName },
        "there is no webhook configuration: nobody asks this guard",
      );
    }
    live = liveIn(configuration);
    metrics.webhookConfigured(live.configured);
    if (state !== undefined) {
      settling.observe(live, trusted(state));
      remembered = state;
      serve(state);
    }
    const step = nextStep({ ...config, now, state, live, settled: settling.settled });
    if (step === undefined) return false;
    if (typeof opened === "string") {
      log.warn({ secret: config.secretName, why: opened }, "the Secret cannot be used and is filled anew");
    }
    await doStep(step, state, live, secret, configuration).catch((error: unknown) => {
      metrics.servingRotated("failure");
      throw error;
    });
    return true;
  }

  async function doStep(
    step: Step,
    state: ServingState | undefined,
    seen: Live,
    secret: SecretSeen,
    configuration: ConfigurationSeen | undefined,
  ): Promise<void> {
    if (step === "publish" && state !== undefined && configuration !== undefined) {
      const bundle = wanted(state, seen, clock());
      const written = await api.patchCaBundle(configuration, bundleOf(bundle));
      log.info({ written, authorities: bundle.map(fingerprintOf) }, "published the caBundle");
      return;
    }
    const next =
      state === undefined || step === "begin" || step === "publish"
        ? await beginning(remembered, seen, making())
        : await stateAfter(step, state, making());
    if (stopped) return;
    const written = await api.updateSecret(secret, writeState(next));
    log.info({ step, written, ...toldOf(next) }, "wrote the serving certificate's Secret");
  }

  function serve(state: ServingState): void {
    const { leaf, authority } = state;
    if (leaf === undefined || served?.leaf.x509.fingerprint256 === leaf.x509.fingerprint256) return;
    const mayWait = served !== undefined && validAt(served.leaf.x509, clock()) && trustedNow();
    if (mayWait && !settling.settled(authority.x509)) return;
    served = { leaf, authority };
    for (const listener of listeners) listener(leaf);
    metrics.servingExpiry(leaf.x509.validToDate);
    metrics.servingRotated("success");
    log.info({ ...servedOf(leaf) }, "serves a certificate");
  }

  return {
    current: () => (served === undefined ? undefined : servedOf(served.leaf)),
    onChange(listener) {
      listeners.push(listener);
      if (served !== undefined) listener(served.leaf);
    },
    async start() {
      const first = await look();
      if (stopped) return;
      repetition = repeat(first, look);
      unwatch = api.watch?.(repetition.soon);
    },
    async stop() {
      stopped = true;
      unwatch?.();
      await repetition?.stop();
    },
    problems() {
      if (served === undefined)
        return [`there is no serving certificate yet${trouble ? `: ${trouble}` : ""}`];
      if (!validAt(served.leaf.x509, clock())) return ["the serving certificate has expired"];
      if (live === undefined) return ["the live caBundle was not read yet"];
      return trustedNow() ? [] : ["the live caBundle does not verify the serving certificate"];
    },
  };
}

const missingSecret = ({ secretName, namespace }: CertificateConfig): string =>
  `there is no Secret ${namespace}/${secretName}; apply the manifests again, which hold it empty`;

const toldOf = ({ authority, leaf, next }: ServingState) => ({
  authority: fingerprintOf(authority.x509),
  leafUntil: leaf?.x509.validToDate,
  ...(next === undefined ? {} : { next: fingerprintOf(next.x509) }),
});
