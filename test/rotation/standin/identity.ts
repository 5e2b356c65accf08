import type { IdentityReport } from "./settings.ts";
import { type Anchors, type Issuer, readAnchors, readIssuer, vouchedUntil } from "./trust.ts";
import type { Verify } from "./verify.ts";

/** What one identity pod reads of the Secret. */
export interface IssuerFiles {
  readonly chain: string;
  readonly key: string;
}

export interface Mounted {
  readonly bundle: string | undefined;
  readonly issuer: IssuerFiles | undefined;
}

export interface Identity {
  /** What the pod would die of at its start; undefined where it runs. */
  wouldCrash(mounted: Mounted): Promise<string | undefined>;
  /** The pod runs, with what is mounted as it starts. Gives back what it died of. */
  start(pod: string, mounted: Mounted): Promise<string | undefined>;
  /** The kubelet has brought the Secret up to date in that pod. */
  reload(pod: string, issuer: IssuerFiles): Promise<void>;
  stop(pod: string): void;
  /** Who signs the leaf that this asker wants now; undefined where nobody does. */
  signer(asker: string): Issuer | undefined;
  /** As it is for that pod's own proxy, which asks the controller beside it (linkerd2 charts/partials/_proxy.tpl: localhost). */
  asAskedBeside(pod: string): Pick<Identity, "signer">;
  /** All that may sign now. */
  signers(): readonly Issuer[];
  report(): readonly IdentityReport[];
}

interface Replica {
  readonly pod: string;
  readonly bundle: string;
  readonly anchors: Anchors;
  issuer: Issuer;
  until: number;
  files: IssuerFiles;
}

export type Tell = (type: "Normal" | "Warning", reason: string, message: string, pod: string) => void;

/** One controller for each pod of identity: anchors read once at the start, the issuer whenever it changes. */
export function identity(verify: Verify, expectedName: string, tell: Tell): Identity {
  const replicas = new Map<string, Replica>();
  const complained = new Map<string, number>();

  const load = async (bundle: string, files: IssuerFiles): Promise<Issuer | string> => {
    const said = await verify({ bundle, ...files, expectedName });
    return said.anchors ?? said.issuer ?? readIssuer(files.chain, files.key);
  };

  const wouldCrash = async ({ bundle, issuer }: Mounted): Promise<string | undefined> => {
    if (bundle === undefined) return 'configmap "linkerd-identity-trust-roots" not found';
    if (issuer === undefined) return 'secret "linkerd-identity-issuer" not found';
    const said = await verify({ bundle, ...issuer, expectedName });
    return said.anchors ?? (said.issuer && `Failed to initialize identity service: ${said.issuer}`);
  };

  // Each request is checked again, for an issuer may have ended since it was loaded.
  const usable = (replica: Replica): boolean => {
    const now = Date.now();
    if (now <= replica.until) return true;
    if (now - (complained.get(replica.pod) ?? 0) > 1000) {
      complained.set(replica.pod, now);
      tell(
        "Warning",
        "IssuerValidationFailed",
        `issuer credentials for '${expectedName}' have expired`,
        replica.pod,
      );
    }
    return false;
  };

  return {
    wouldCrash,

    async start(pod, mounted) {
      const why = await wouldCrash(mounted);
      const { bundle, issuer: files } = mounted;
      if (why !== undefined || bundle === undefined || files === undefined)
        return why ?? "nothing is mounted";
      const issuer = await load(bundle, files);
      if (typeof issuer === "string") return issuer;
      const anchors = readAnchors(bundle);
      replicas.set(pod, { pod, bundle, anchors, issuer, until: vouchedUntil(anchors, issuer), files });
      return undefined;
    },

    async reload(pod, files) {
      const replica = replicas.get(pod);
      if (replica === undefined || (replica.files.chain === files.chain && replica.files.key === files.key))
        return;
      replica.files = files;
      const issuer = await load(replica.bundle, files);
      if (typeof issuer === "string") {
        const message = `Skipping issuer update as certs could not be read from disk: ${issuer}`;
        return tell("Warning", "IssuerUpdateSkipped", message, pod);
      }
      replica.issuer = issuer;
      replica.until = vouchedUntil(replica.anchors, issuer);
      tell("Normal", "IssuerUpdated", "Updated identity issuer", pod);
    },

    stop: (pod) => void replicas.delete(pod),

    signer(asker) {
      const running = [...replicas.values()];
      const first = sum(asker) % Math.max(1, running.length);
      return [...running.slice(first), ...running.slice(0, first)].find(usable)?.issuer;
    },

    asAskedBeside: (pod) => ({
      signer() {
        const own = replicas.get(pod);
        return own !== undefined && usable(own) ? own.issuer : undefined;
      },
    }),

    signers: () =>
      [...replicas.values()].filter(({ until }) => Date.now() <= until).map(({ issuer }) => issuer),

    report: () =>
      [...replicas.values()].map((replica) => ({
        pod: replica.pod,
        anchors: replica.anchors.names,
        issuer: Date.now() <= replica.until ? replica.issuer.label : undefined,
      })),
  };
}

function sum(text: string): number {
  let hash = 7;
  for (let at = 0; at < text.length; at++) hash = (hash * 31 + text.charCodeAt(at)) >>> 0;
  return hash;
}
