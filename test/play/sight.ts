import type { IssuerSeen, MeshView } from "../../trust/facts.ts";
import { openIssuerSecret } from "../../trust/gather/issuer-secret.ts";
import { viewMesh } from "../../trust/gather/mesh.ts";
import type { ConfigMap, Secret } from "../../trust/gather/objects.ts";
import type { MeshedProxy } from "../../trust/gather/proxy.ts";
import { openTrustRoots } from "../../trust/gather/trust-roots.ts";
import type { Sight } from "../../webhook/answer.ts";

export interface Stage {
  trustRoots: ConfigMap | undefined;
  issuer: Secret | undefined;
  proxies: readonly MeshedProxy[];
  issuersSeen: readonly IssuerSeen[];
}

/** A cluster in a few variables, for stories told without one. */
export function sightOf(stage: Stage): Sight {
  return {
    sources: () => ({
      trustRoots: openTrustRoots(stage.trustRoots),
      issuerSecret: openIssuerSecret(stage.issuer),
      mesh: meshOf(stage),
      issuersSeen: stage.issuersSeen,
    }),
    lost: () => [],
    meshUnseen: () => undefined,
    confirmPartner: async () => true,
  };
}

function meshOf({ proxies }: Stage): MeshView {
  return viewMesh(proxies);
}

/** Linkerd's three components and one meshed workload, all started at one moment. */
export function meshStartedAt(startedAt: Date, bundle: string): MeshedProxy[] {
  const component = (name: string): MeshedProxy => ({
    namespace: "linkerd",
    workload: `deploy/linkerd-${name}`,
    component: name,
    startedAt,
    createdAt: startedAt,
  });
  return [
    {
      ...component("identity"),
      identity: {
        trustDomain: "cluster.local",
        scheme: "linkerd.io/tls",
        lifetimeMs: 24 * 3_600_000 + 20_000,
      },
    },
    component("destination"),
    component("proxy-injector"),
    { namespace: "emojivoto", workload: "deploy/web", startedAt, createdAt: startedAt, bundle },
  ];
}
