import { connect } from "../../cluster/connect.ts";
import type { IssuerMaterial } from "../../cluster/rotation/perform/context.ts";
import { type MemberOptions, watchedMember } from "../../plugin/rotate/errand/watched-member.ts";
import { type LoopOptions, rotate } from "../../plugin/rotate/loop/loop.ts";
import type { Ended, Happening } from "../../plugin/rotate/progress.ts";
import type { AnchorGoal, Goal } from "../../trust/rotation/goal.ts";
import type { Minted } from "../certificates/index.ts";
import type { ControlPlane } from "../cluster/control-plane.ts";
import { opened } from "../trust/opened.ts";
import type { Authority } from "./mesh.ts";

/** The loop over real clusters, without the command around it: neither lease nor journal. */
export interface Execution {
  readonly happenings: readonly Happening[];
  readonly ended: Promise<Ended>;
  /** As Ctrl-C. */
  interrupt(): void;
}

export interface ExecutionOptions {
  readonly clusters: Readonly<Record<string, Pick<ControlPlane, "kubeconfig">>>;
  readonly goal: Goal;
  readonly issuer?: Minted;
  readonly loop?: Partial<LoopOptions>;
  readonly member?: Partial<MemberOptions>;
  onHappening?(happening: Happening, execution: Execution): void;
}

export async function execute(options: ExecutionOptions): Promise<Execution> {
  const { clusters, goal, issuer } = options;
  const stop = new AbortController();
  const happenings: Happening[] = [];
  const clock = () => new Date();
  const material: { issuer?: () => Promise<IssuerMaterial> } =
    issuer === undefined ? {} : { issuer: async () => ({ chainPem: issuer.pem, keyPem: issuer.keyPem }) };
  const connected = await Promise.all(
    Object.entries(clusters).map(async ([name, { kubeconfig }]) => {
      const cluster = await connect({ kubeconfig });
      const member = await watchedMember(cluster, {
        ...{ name, goal, namespace: "linkerd", rotation: "test", clock, random: Math.random },
        patienceMs: 60_000,
        permit: async () => {},
        ...material,
        ...options.member,
      });
      return { cluster, member };
    }),
  );
  const loop = async () => {
    try {
      return await rotate({
        members: connected.map(({ member }) => member),
        ...{ namespace: "linkerd", clock, random: Math.random, signal: stop.signal },
        ...{ timeoutMs: 60_000, wait: false, maxParallel: 10, namespaceOrder: [] },
        listener: (happening) => {
          happenings.push(happening);
          options.onHappening?.(happening, execution);
        },
        ...options.loop,
      });
    } finally {
      for (const { cluster, member } of connected) {
        member.stop();
        cluster.close();
      }
    }
  };
  const execution = { happenings, interrupt: () => stop.abort(), ended: Promise.resolve().then(loop) };
  return execution;
}

/** From one to the other, by restarts. */
export function anchorGoal(from: Authority, to: Authority, more: Partial<AnchorGoal> = {}): AnchorGoal {
  const [incoming, outgoing] = [[opened(to.anchor)], [opened(from.anchor)]];
  return { kind: "anchor", incoming, outgoing, leaves: "restart", lazy: false, ...more };
}
