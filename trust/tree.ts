import { distinct } from "./judgements.ts";
import { moment, named } from "./naming.ts";
import type { Certificate, Fingerprint } from "./x509/index.ts";
import { signersAmong } from "./x509/signers.ts";

export type Kind = "anchor" | "intermediate" | "issuer" | "leaf";

/**
 * active: in use now. incoming: there already, and nothing hangs on it yet.
 * outgoing: replaced, but what it signed may still be in use. unused: it can go.
 */
export type Role = "active" | "incoming" | "outgoing" | "unused";

export interface TreeNode {
  readonly certificate: Certificate;
  readonly kind: Kind;
  /** Undefined where nothing here tells. */
  readonly role?: Role;
  /** Why it has this role, as half a sentence. */
  readonly why?: string;
  /** Those that signed it, among the certificates given; an anchor's own signature does not count. */
  readonly signers: readonly Fingerprint[];
  readonly children: readonly TreeNode[];
  /** It stands elsewhere in the tree already, with what hangs on it. */
  readonly repeated?: true;
}

export interface TreeInput {
  readonly now: Date;
  readonly certificates: readonly Certificate[];
  /** Certificates that are trusted as they are, whoever signed them: the live bundle's. */
  readonly anchors?: ReadonlySet<Fingerprint>;
  /** The one identity signs with. Without it, the newest issuer that is in date. */
  readonly issuer?: Fingerprint;
  /** There is proof of it. */
  readonly issuerInUse?: boolean;
  /** Until when leaves of the issuers before it may be in use. */
  readonly leavesEndBy?: Date;
}

/** The certificates by who signed whom, each with the part it plays. */
export function trustTree(input: TreeInput): readonly TreeNode[] {
  const certificates = distinct(input.certificates);
  const signers = signersAmong(certificates);
  const edges = certificates.flatMap((child) =>
    (signers.get(child.fingerprint) ?? []).map(({ fingerprint }) => ({ child, fingerprint })),
  );
  const children = Map.groupBy(edges, ({ fingerprint }) => fingerprint);
  const below = (one: Certificate) => (children.get(one.fingerprint) ?? []).map(({ child }) => child);
  const isCa = (one: Certificate) => one.basicConstraints?.ca ?? one.version === 1;
  const selfIssued = (one: Certificate) => one.subject === one.issuer;

  function kindOf(one: Certificate): Kind {
    if (input.anchors?.has(one.fingerprint)) return "anchor";
    if (one.fingerprint === input.issuer) return "issuer";
    if (!isCa(one)) return "leaf";
    if (selfIssued(one)) return "anchor";
    return below(one).some(isCa) ? "intermediate" : "issuer";
  }
  const kinds = new Map(certificates.map((one) => [one.fingerprint, kindOf(one)]));
  const roleOf = roles({ ...input, certificates }, kinds, signers);
  const shown = new Set<Fingerprint>();

  function node(certificate: Certificate, depth = 0): TreeNode {
    const { fingerprint } = certificate;
    const about = {
      certificate,
      kind: kinds.get(fingerprint) ?? "leaf",
      signers: (signers.get(fingerprint) ?? []).map((one) => one.fingerprint),
      ...roleOf(certificate),
    };
    if (shown.has(fingerprint)) return { ...about, children: [], repeated: true };
    shown.add(fingerprint);
    const children = depth < deepest ? below(certificate).map((one) => node(one, depth + 1)) : [];
    return { ...about, children };
  }

  const tops = certificates.filter((one) => (signers.get(one.fingerprint) ?? []).length === 0);
  const tree = tops.map((one) => node(one));
  // Certificates that signed one another in a circle have no top; what is too deep begins anew.
  for (const one of certificates) if (!shown.has(one.fingerprint)) tree.push(node(one));
  return tree;
}

const deepest = 50;

type Signers = ReadonlyMap<Fingerprint, readonly Certificate[]>;
interface Part {
  readonly role?: Role;
  readonly why?: string;
}

function roles(input: TreeInput, kinds: ReadonlyMap<Fingerprint, Kind>, signers: Signers) {
  const { now, certificates, leavesEndBy } = input;
  const ofKind = (...wanted: Kind[]) =>
    certificates.filter((one) => wanted.includes(kinds.get(one.fingerprint) ?? "leaf"));
  const inDate = (one: Certificate) => one.notBefore <= now && now <= one.notAfter;
  const issuer =
    certificates.find((one) => one.fingerprint === input.issuer) ??
    ofKind("issuer").filter(inDate).sort(newestFirst)[0];
  const above = climb(issuer === undefined ? [] : [issuer], signers);
  const users = ofKind("leaf", "issuer").filter(
    (one) => one.fingerprint !== issuer?.fingerprint && inDate(one),
  );
  const used = climb(users, signers);
  const active = certificates.filter((one) => above.has(one.fingerprint) && inDate(one));

  return (one: Certificate): Part => {
    if (one.notAfter < now) return { role: "unused", why: `it expired at ${moment(one.notAfter)}` };
    if (one.fingerprint === issuer?.fingerprint)
      return {
        role: one.notBefore > now ? "incoming" : "active",
        why:
          input.issuer === undefined
            ? "the newest issuer here"
            : input.issuerInUse
              ? "identity signs with it"
              : "the Secret holds it",
      };
    if (above.has(one.fingerprint) && issuer)
      return { role: "active", why: `issuer ${named(issuer)} chains to it` };
    if (one.notBefore > now) return { role: "incoming", why: `it is valid from ${moment(one.notBefore)}` };
    if (kinds.get(one.fingerprint) === "leaf") return leafRole(one, signers);
    if (issuer === undefined) return {};
    const user = used.get(one.fingerprint);
    if (user !== undefined) return { role: "outgoing", why: `${named(user)} chains to it` };
    const peers = kinds.get(one.fingerprint) === "issuer" ? [issuer] : active;
    if (peers.length > 0 && peers.every((peer) => one.notBefore > peer.notBefore))
      return { role: "incoming", why: "nothing is signed by it yet" };
    if (leavesEndBy !== undefined && leavesEndBy <= now)
      return { role: "unused", why: `no leaf in use chains to it since ${moment(leavesEndBy)}` };
    return {
      role: "outgoing",
      why: `leaves in use may chain to it${leavesEndBy === undefined ? "" : ` until ${moment(leavesEndBy)}`}`,
    };
  };
}

function leafRole(leaf: Certificate, signers: Signers): Part {
  const [signer] = signers.get(leaf.fingerprint) ?? [];
  return signer === undefined
    ? { role: "unused", why: "what signed it is not here" }
    : { role: "active", why: "it is in date" };
}

/** Whatever stands above these, each with one of them that it stands above. */
function climb(from: readonly Certificate[], signers: Signers): ReadonlyMap<Fingerprint, Certificate> {
  const found = new Map<Fingerprint, Certificate>();
  const ahead = from.map((user) => ({ user, one: user }));
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    for (const signer of signers.get(next.one.fingerprint) ?? []) {
      if (found.has(signer.fingerprint)) continue;
      found.set(signer.fingerprint, next.user);
      ahead.push({ user: next.user, one: signer });
    }
  }
  return found;
}

const newestFirst = (a: Certificate, b: Certificate): number => b.notBefore.getTime() - a.notBefore.getTime();
