import type { CertificateConfig } from "../config.ts";

/** The names by which API servers (the first) and others in the cluster call the guard. */
export const serviceNames = ({
  serviceName,
  namespace,
}: Pick<CertificateConfig, "serviceName" | "namespace">): readonly [string, string] => [
  `${serviceName}.${namespace}.svc`,
  `${serviceName}.${namespace}.svc.cluster.local`,
];
