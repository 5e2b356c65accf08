import { connect } from "node:tls";
import type { Pod } from "../trust/gather/proxy.ts";
import { type Certificate, openCertificate } from "../trust/x509/index.ts";
import type { Cluster } from "./connect.ts";
import { Failure } from "./failure.ts";

/** A pod whose proxy can be asked, and the name that it answers to. */
export interface AskablePod {
  readonly namespace: string;
  readonly name: string;
  readonly identity: string;
}

/** Where every proxy serves its certificate; linkerd identity asks there, too. */
const adminPort = 4191;

/**
 * The certificates that a proxy serves, its leaf first: what identity has
 * signed, rather than what it should. Through a port-forward; throws a Failure.
 */
export async function readLeaf(
  cluster: Cluster,
  pod: AskablePod,
  options: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
): Promise<readonly Certificate[]> {
  const port = await cluster.forward({ ...pod, port: adminPort }, options);
  try {
    return await shownTo(port, pod.identity, options.timeoutMs ?? 10_000);
  } finally {
    port.destroy();
  }
}

// Nothing is trusted here, and nothing but the certificates read: what they say is judged elsewhere.
function shownTo(
  port: Awaited<ReturnType<Cluster["forward"]>>,
  servername: string,
  timeoutMs: number,
): Promise<Certificate[]> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown) => {
      const why = cause instanceof Error ? `: ${cause.message}` : "";
      reject(
        cause instanceof Failure
          ? cause
          : new Failure(`its proxy shows no certificate${why}`, askAnother, { cause }),
      );
    };
    const tls = connect({ socket: port, servername, rejectUnauthorized: false });
    const timer = setTimeout(() => tls.destroy(new Error("it does not answer in time")), timeoutMs);
    tls.once("secureConnect", () => {
      clearTimeout(timer);
      const chain = chainOf(tls.getPeerCertificate(true));
      tls.destroy();
      if (chain.length === 0) fail();
      else resolve(chain);
    });
    tls.once("error", fail);
    tls.once("close", () => {
      clearTimeout(timer);
      fail();
    });
    port.once("error", fail);
  });
}

const askAnother = "Ask another proxy.";

type Shown = ReturnType<ReturnType<typeof connect>["getPeerCertificate"]> & {
  readonly issuerCertificate?: Shown;
};

// Node links each certificate to the next that was sent; the last one to itself, if it is self-signed.
function chainOf(shown: Shown): Certificate[] {
  const chain: Certificate[] = [];
  for (let one: Shown | undefined = shown; one?.raw !== undefined; one = one.issuerCertificate) {
    const opened = openCertificate(one.raw);
    if ("unreadable" in opened || chain.some(({ fingerprint }) => fingerprint === opened.fingerprint)) break;
    chain.push(opened);
  }
  return chain;
}

interface Spoken extends Pod {
  readonly spec?: NonNullable<Pod["spec"]> & { readonly serviceAccountName?: string };
}

/** The name that a pod's proxy answers to: its environment, with the variables in it filled in. */
export function askable(pod: Pod): AskablePod | undefined {
  const { metadata, spec } = pod as Spoken; // a core/v1 Pod
  const proxy = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find(
    ({ name }) => name === "linkerd-proxy",
  );
  const value = (name: string) => proxy?.env?.find((one) => one.name === name)?.value;
  const fields: Readonly<Record<string, string | undefined>> = {
    _pod_sa: spec?.serviceAccountName ?? "default",
    _pod_ns: metadata?.namespace,
    _pod_name: metadata?.name,
  };
  const identity = value("LINKERD2_PROXY_IDENTITY_LOCAL_NAME")?.replace(
    /\$\(([^)]+)\)/g,
    (_, name: string) => fields[name] ?? value(name) ?? "",
  );
  if (identity === undefined || metadata?.namespace === undefined || metadata.name === undefined)
    return undefined;
  return { namespace: metadata.namespace, name: metadata.name, identity };
}
