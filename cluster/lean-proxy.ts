import type { MeshedProxy } from "../trust/gather/proxy.ts";

/** The same proxy with its texts shared: ten thousand hold a handful of bundles and a few hundred names. */
export function leanProxy(proxy: MeshedProxy, intern: (text: string) => string): MeshedProxy {
  return {
    ...proxy,
    namespace: intern(proxy.namespace),
    workload: intern(proxy.workload),
    ...(proxy.bundle === undefined ? {} : { bundle: intern(proxy.bundle) }),
  };
}
