// docs/reference/permissions.md: every permission has words, and no words are about a permission that is gone.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Permission, permissionsNeeded, restartsNeeded } from "../../cluster/rotation/permissions.ts";
import { chapters } from "../../docs/generate/permission-words.ts";
import { type Grant, grantsIn, permissionsPage } from "../../docs/generate/permissions.ts";

const home = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(home, "manifests", path), "utf8");
const named = ({ role, title }: Pick<Grant, "role" | "title">) => `${role}: ${title}`;

describe("the page of permissions", () => {
  test("is about every file of manifests/ that has a role in it", () => {
    const holdsRole = (path: string) => /^kind: (Cluster)?Role$/m.test(read(path));
    // The chart is what the plain manifests are rendered from.
    const files = globSync("**/*.yaml", { cwd: join(home, "manifests") }).filter(
      (path) => !path.startsWith("chart/") && holdsRole(path),
    );
    assert.deepEqual([...new Set(chapters.flatMap((one) => one.files))].sort(), files.sort());
  });

  test("has words for every permission of a role, and none for another", () => {
    const files = [...new Set(chapters.flatMap((one) => one.files))];
    const worded = chapters.flatMap(({ words }) =>
      Object.entries(words).flatMap(([role, of]) => Object.keys(of).map((title) => named({ role, title }))),
    );
    assert.deepEqual(worded.sort(), grantsIn(files, read).map(named).sort());
  });

  test("is as `npm run reference` writes it", () => {
    const page = readFileSync(join(home, "docs", "reference", "permissions.md"), "utf8");
    assert.equal(page, permissionsPage(read));
  });
});

describe("manifests/rotation/rbac.yaml", () => {
  const grants = grantsIn(["rotation/rbac.yaml"], read).filter(({ role }) => !/-manage/.test(role));
  const kinds = ["Deployment", "StatefulSet", "DaemonSet", "Rollout"] as const;
  const asked = [...permissionsNeeded({ namespace: "linkerd", kinds }), ...restartsNeeded(kinds)];

  test("allows all that a rotation asks for before its first write", () => {
    const missing = asked.filter((one) => !grants.some((grant) => allows(grant, one)));
    assert.deepEqual(missing, []);
  });

  test("allows nothing more, but for words that may be left out, and a mark", () => {
    const more = grants.flatMap((grant) => {
      const verbs = grant.rule.verbs.filter(
        (verb) => !asked.some((one) => one.verb === verb && allows(grant, one) && asWide(grant, one)),
      );
      return verbs.length === 0 ? [] : [`${grant.role}: ${verbs.join(", ")} ${grant.rule.resources}`];
    });
    assert.deepEqual(more, [
      "ClusterRole linkerd-certs-rotation: list events",
      "ClusterRole linkerd-certs-rotation: perform rotations",
      "ClusterRole linkerd-certs-rotation-restarts: create, patch events",
      "Role linkerd/linkerd-certs-rotation: patch events",
    ]);
  });
});

/** Whether a role's rule allows it: in the whole cluster, or in the namespace of a Role. */
function allows({ role, rule }: Grant, { verb, group, resource, namespace, name }: Permission): boolean {
  const [, inside] = /^Role ([^/]+)\//.exec(role) ?? [];
  return (
    (inside === undefined || inside === namespace) &&
    rule.verbs.includes(verb) &&
    rule.apiGroups.includes(group) &&
    rule.resources.includes(resource) &&
    (rule.resourceNames === undefined || (name !== undefined && rule.resourceNames.includes(name)))
  );
}

/** What is asked for in one namespace is no reason to be allowed in all. */
function asWide({ role }: Grant, { namespace }: Permission): boolean {
  return role.startsWith("ClusterRole ") === (namespace === undefined);
}
