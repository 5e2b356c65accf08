import { distinct, sameAnchor } from "../judgements.ts";
import { few, named } from "../naming.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "proxies-fresh",
  severity: "warn",
  summary: "every running proxy holds the anchors of the trust bundle",
  breaks: "Proxies that lack an anchor refuse peers whose certificates chain to it.",
  remedy: "Restart the workloads that hold an older bundle.",
  needs: ["mesh", "bundle"],
  scope: "state",

  check({ mesh, bundle }) {
    const live = distinct(bundle.anchors);
    return mesh.held.flatMap((held) => {
      const lacks = live.filter((anchor) => !held.anchors.some((one) => sameAnchor(one, anchor)));
      if (lacks.length === 0) return [];
      return [
        {
          message: `proxies that hold bundle ${held.id} lack anchor ${few(lacks.map(named))}`,
          detail: few(held.workloads),
        },
      ];
    });
  },
});
