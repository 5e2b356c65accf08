import { stringify } from "yaml";
import { type Platform, programOf } from "./platforms.ts";

export interface Archive {
  readonly platform: Platform;
  readonly name: string;
  readonly sha256: string;
}

/** krew's manifest of a release, linkerd-certs.yaml. The archives are to be found below `baseUrl`. */
export function krewManifest(version: string, baseUrl: string, archives: readonly Archive[]): string {
  return stringify(
    {
      apiVersion: "krew.googlecontainertools.github.com/v1alpha2",
      kind: "Plugin",
      metadata: { name: "linkerd-certs" },
      spec: {
        version: `v${version}`,
        homepage: "https://github.com/linkerd-certs/linkerd-certs",
        shortDescription: "Check and rotate Linkerd trust anchors and issuers",
        description,
        caveats,
        platforms: archives.map(({ platform, name, sha256 }) => ({
          selector: { matchLabels: { os: platform.os, arch: platform.arch } },
          uri: `${baseUrl.replace(/\/$/, "")}/${name}`,
          sha256,
          bin: programOf(platform),
        })),
      },
    },
    { lineWidth: 100 },
  );
}

const description = `Judges the certificates that Linkerd's identity is built on: trust anchors, issuer,
and what every proxy holds of them. Says what will break next and when, makes and
merges certificates without losing an anchor, rotates them in stages, and checks
manifests before they are applied.
`;

// What Node's own binary for Linux asks for; most desktops have it, small images do not.
const caveats = `On Linux it needs glibc 2.28 or newer, libstdc++ and libatomic (apt install libatomic1).

For completion of "kubectl linkerd-certs", put a second program on your PATH:
  kubectl linkerd-certs completion kubectl > ~/.local/bin/kubectl_complete-linkerd_certs
  chmod +x ~/.local/bin/kubectl_complete-linkerd_certs
`;
