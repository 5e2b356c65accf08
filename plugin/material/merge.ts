import { distinct, sameAnchor } from "../../trust/judgements.ts";
import { moment, named } from "../../trust/naming.ts";
import type { Certificate } from "../../trust/x509/index.ts";
import type { Found, Material } from "./open.ts";

export interface MergeOptions {
  readonly now: Date;
  /** What the live bundle holds now; undefined where it was not asked for. */
  readonly live?: readonly Certificate[];
  readonly dropExpired: boolean;
  /** Beginnings of fingerprints. */
  readonly drop: readonly string[];
}

export interface Merge {
  /** The bundle: the live anchors in their order, then the others in the order of the inputs. */
  readonly anchors: readonly Certificate[];
  readonly added: readonly Found[];
  /** Of the live bundle where there is one, else of the inputs. */
  readonly removed: readonly { readonly certificate: Certificate; readonly why: string }[];
  /** Removed although nobody asked for it. */
  readonly lost: readonly Certificate[];
  readonly stay: number;
  readonly duplicates: number;
  /** What is no anchor, or hardly one: for people to read. */
  readonly remarks: readonly string[];
}

/** Every anchor of every input, once. */
export function mergeAnchors(materials: readonly Material[], options: MergeOptions): Merge {
  const { now, live = [], dropExpired, drop } = options;
  const remarks: string[] = [];
  const all = materials.flatMap((material) =>
    material.found.filter((one) => isAnchor(one, material, remarks)),
  );
  for (const { source, privateKeys } of materials)
    for (const { line, what } of privateKeys) remarks.push(`${source.name}, line ${line}: left out ${what}`);
  // Later ones first, so that of each the first is kept.
  const byFingerprint = new Map(all.toReversed().map((one) => [one.certificate.fingerprint, one]));
  const firsts = all.filter((one) => byFingerprint.get(one.certificate.fingerprint) === one);

  const whyGone = ({ fingerprint, notAfter }: Certificate): string | undefined => {
    if (drop.some((prefix) => fingerprint.startsWith(prefix))) return "dropped as asked";
    return dropExpired && notAfter < now ? `expired at ${moment(notAfter)}` : undefined;
  };
  const kept = firsts.filter(({ certificate }) => whyGone(certificate) === undefined);
  const position = new Map(live.map(({ fingerprint }, i) => [fingerprint, i]));
  const place = ({ certificate }: Found) => position.get(certificate.fingerprint) ?? live.length;
  const ordered = kept.toSorted((a, b) => place(a) - place(b));
  const anchors = ordered.map(({ certificate }) => certificate);
  const holds = new Set(anchors.map(({ fingerprint }) => fingerprint));
  const before = options.live === undefined ? firsts.map(({ certificate }) => certificate) : distinct(live);
  const gone = before.filter(({ fingerprint }) => !holds.has(fingerprint));
  const renewed = (one: Certificate) => anchors.find((anchor) => sameAnchor(anchor, one));
  const lost = gone.filter((one) => whyGone(one) === undefined && renewed(one) === undefined);
  return {
    anchors,
    added:
      options.live === undefined
        ? ordered
        : ordered.filter(({ certificate }) => !position.has(certificate.fingerprint)),
    removed: gone.map((certificate) => {
      const other = renewed(certificate);
      const why = whyGone(certificate) ?? (other ? `renewed as ${named(other)}` : "in none of the inputs");
      return { certificate, why };
    }),
    lost,
    stay:
      options.live === undefined ? 0 : anchors.filter(({ fingerprint }) => position.has(fingerprint)).length,
    duplicates: all.length - firsts.length,
    remarks,
  };
}

function isAnchor({ certificate, source, line }: Found, material: Material, remarks: string[]): boolean {
  const { basicConstraints, version, subject, issuer } = certificate;
  const place = `${source}, line ${line}`;
  if (!(basicConstraints?.ca ?? version === 1)) {
    remarks.push(`${place}: left out ${named(certificate)}, which is no CA`);
    return false;
  }
  if (subject === issuer) return true;
  if (material.source.mixed) {
    remarks.push(`${place}: left out ${named(certificate)}, which another CA has signed`);
    return false;
  }
  remarks.push(`${place}: ${named(certificate)} is signed by another CA; is it an anchor?`);
  return true;
}
