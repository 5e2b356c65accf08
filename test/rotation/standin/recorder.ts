import { setTimeout as sleep } from "node:timers/promises";
import { type Api, mustApi } from "../../cluster/api.ts";

export interface Subject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export type Record = (subject: Subject, type: "Normal" | "Warning", reason: string, message: string) => void;

/** As client-go's recorder in one process: the same again counts up, and an API server that is away is waited for. */
export function recorder(api: Api, component: string): Record {
  const recorded = new Map<string, { readonly name: string; count: number; tail: Promise<void> }>();
  let last = 0;
  return (subject, type, reason, message) => {
    const key = [subject.uid, type, reason, message].join("\n");
    const name = `${subject.name}.${Date.now().toString(16)}${process.pid.toString(16)}${(last++).toString(16)}`;
    const event = recorded.get(key) ?? { name, count: 0, tail: Promise.resolve() };
    recorded.set(key, event);
    event.count++;
    const { count } = event;
    const at = new Date().toISOString().replace(/\.\d+Z/, "Z");
    const path = `/api/v1/namespaces/${subject.namespace}/events`;
    const write = async () => {
      if (count > 1)
        return await mustApi(api, "PATCH", `${path}/${event.name}`, { count, lastTimestamp: at });
      return await mustApi(api, "POST", path, {
        metadata: { name: event.name, namespace: subject.namespace },
        involvedObject: subject,
        ...{ type, reason, message, count, firstTimestamp: at, lastTimestamp: at },
        source: { component },
        reportingComponent: component,
      });
    };
    event.tail = event.tail.then(() => persist(write));
  };
}

async function persist(write: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    try {
      await write();
      return;
    } catch (error) {
      process.stderr.write(`an event was not taken: ${String(error)}\n`);
      await sleep(500);
    }
  }
}
