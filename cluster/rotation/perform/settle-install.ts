import { issuerSecretName, layouts } from "../../../trust/gather/issuer-secret.ts";
import type { ConfigMap, Secret } from "../../../trust/gather/objects.ts";
import { bundleKey, trustRootsName } from "../../../trust/gather/trust-roots.ts";
import { type Context, insistence } from "./context.ts";
import { insist } from "./insist.ts";
import { keepInStep } from "./keep-in-step.ts";

/**
 * Brings what the install remembers in line with the two objects as they are
 * now: a run that ended between a write and this has left it behind. Only for
 * what is ours to write, and an issuer only where an upgrade would write it.
 */
export async function settleInstall(context: Context): Promise<void> {
  const { observer, namespace, view } = context;
  const core = `/api/v1/namespaces/${namespace}`;
  const read = async (path: string) => {
    const { status, body } = await insist(
      observer.cluster,
      "GET",
      `${core}/${path}`,
      {},
      insistence(context),
    );
    return status === 200 ? body : undefined;
  };
  const roots = (await read(`configmaps/${trustRootsName}`)) as ConfigMap | undefined; // the paths say so
  const secret = (await read(`secrets/${issuerSecretName}`)) as Secret | undefined;
  const anchors = view.ways.bundle.by === "us" ? roots?.data?.[bundleKey] : undefined;
  const layout = layouts["linkerd.io/tls"];
  const [certificate, key] = [secret?.data?.[layout.certificate], secret?.data?.[layout.key]];
  const text = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
  const ours = view.ways.issuer.by === "us" && certificate !== undefined && key !== undefined;
  await keepInStep(
    {
      ...(anchors === undefined ? {} : { anchors }),
      ...(ours ? { issuer: { chainPem: text(certificate), keyPem: text(key) } } : {}),
    },
    context,
  );
}
