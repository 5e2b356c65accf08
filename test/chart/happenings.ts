import { once } from "node:events";
import { request } from "node:https";
import { connect } from "node:net";
import { mustApi } from "../cluster/api.ts";
import { eventually } from "../cluster/eventually.ts";
import { freePorts } from "../cluster/ports.ts";
import { issuerOf, trustRootsOf } from "../scenarios/manifests.ts";
import type { Scraped } from "./scraped.ts";

const configuration = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/linkerd-certs";

/** What may happen to a guard and is counted by it or by the API server; each as often as it is called. */
export function happenings({ cp, material, port }: Scraped) {
  const { first, second } = material;
  const apply = async (manifest: object, ...flags: readonly string[]) =>
    cp.kubectl(["apply", "-f", "-", ...flags], { stdin: JSON.stringify(manifest) });
  const must = async (manifest: object) => {
    const { code, stderr } = await apply(manifest);
    if (code !== 0) throw new Error(stderr);
  };
  const asking = async (at: number, failurePolicy: FailurePolicy) => {
    const { webhooks } = await mustApi<{ webhooks: Webhook[] }>(cp.api, "GET", configuration);
    for (const webhook of webhooks) {
      webhook.failurePolicy = failurePolicy;
      webhook.clientConfig.service.port = at;
    }
    await mustApi(cp.api, "PATCH", configuration, { webhooks });
  };
  // The issuer would chain to no anchor.
  const bad = trustRootsOf([second]);
  const isHeeded = (how: RegExp) =>
    eventually(`the API server does as it is told: ${how}`, async () => {
      const { code, stderr } = await apply(bad, "--dry-run=server");
      return how.test(code === 0 ? "it passes" : stderr);
    });
  return {
    renewal: (issuer: "live" | "renewed") => must(issuerOf(material[issuer])),
    async badWrite() {
      if ((await apply(bad)).code === 0) throw new Error("it passed");
    },
    /** The bad write, let pass by an annotation: the audit finds it. */
    override: () =>
      must(
        trustRootsOf([second], {
          annotations: {
            "linkerd-certs.io/allow": "issuer-chains-to-anchor,anchor-in-use-kept",
            "linkerd-certs.io/reason": "to be seen on the dashboard",
          },
        }),
      ),
    mend: () => must(trustRootsOf([first, second])),
    noReview: () => post(port),
    failedHandshake: () => plainText(port),
    /** The API server asks where nobody answers, until a write has met that. */
    async unanswered(failurePolicy: FailurePolicy): Promise<void> {
      const [nobody = 0] = await freePorts(1);
      await asking(nobody, failurePolicy);
      await isHeeded(failurePolicy === "Fail" ? /failed calling webhook/ : /it passes/);
    },
    async answeredAgain(): Promise<void> {
      await asking(port, "Fail");
      await isHeeded(/\[issuer-chains-to-anchor\]/);
    },
  };
}

type FailurePolicy = "Fail" | "Ignore";

interface Webhook {
  failurePolicy: FailurePolicy;
  readonly clientConfig: { readonly service: { port: number } };
}

async function post(port: number): Promise<void> {
  const options = { host: "127.0.0.1", port, method: "POST", rejectUnauthorized: false };
  const call = request({ ...options, path: "/validate", headers: { "content-type": "text/plain" } });
  call.end("hello");
  const [response] = (await once(call, "response")) as [NodeJS.ReadableStream];
  response.resume();
  await once(response, "end");
}

async function plainText(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {}); // it is hung up on, which is the point
  socket.end("GET / HTTP/1.1\r\n\r\n");
  socket.resume();
  await once(socket, "close");
}
