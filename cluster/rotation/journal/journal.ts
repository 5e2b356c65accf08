import { findPrivateKeys } from "../../../trust/x509/index.ts";
import type { Cluster } from "../../connect.ts";
import { Failure } from "../../failure.ts";
import { readAll } from "../../read.ts";
import { type Line, lineText } from "./journal-line.ts";
import {
  journalObject,
  journalsPath,
  lineKey,
  type Opening,
  openingKey,
  type Recorded,
  readPart,
  recordedIn,
  rotationLabel,
} from "./journal-object.ts";

interface Place {
  /** Linkerd's. */
  readonly namespace: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Every rotation that this cluster remembers, the oldest first. */
export async function readJournals(cluster: Cluster, place: Place): Promise<readonly Recorded[]> {
  const { namespace, ...options } = place;
  const parts = await readAll(cluster, journalsPath(namespace), {
    query: { labelSelector: rotationLabel },
    project: readPart,
    pageSize: 20,
    ...options,
  });
  return recordedIn(parts);
}

/** The rotation that was begun last and neither brought to an end nor taken back; undefined where there is none. */
export function unfinished(recorded: readonly Recorded[]): Recorded | undefined {
  const reversed = new Set(recorded.map(({ opening }) => opening?.reverses));
  return recorded.findLast(({ id, state }) => state === "unfinished" && !reversed.has(id));
}

/** Records what a rotation is to reach, before it does anything. */
export async function beginJournal(
  cluster: Cluster,
  opening: Opening,
  first: Line,
  { namespace, ...options }: Place,
): Promise<void> {
  const text = openingText(opening);
  const data = { [openingKey]: text, [lineKey(1)]: `${lineText(first)}\n` };
  const body = journalObject(namespace, opening.id, 1, data);
  const query = { fieldManager: "linkerd-certs" };
  const { status } = await cluster.request("POST", journalsPath(namespace), { body, query, ...options });
  if (status !== 201)
    throw new Failure(
      `the rotation's journal could not be made: the API server answered ${status}`,
      `Look at the ConfigMaps in namespace ${namespace} with label ${rotationLabel}.`,
      { status },
    );
}

/** As it stands in the journal. Throws a Failure rather than write a private key. */
export function openingText(opening: Opening): string {
  const text = JSON.stringify(opening, undefined, 2);
  if (findPrivateKeys(text).length > 0)
    throw new Failure("what the rotation is to reach holds a private key", "Report this, with the version.");
  return `${text}\n`;
}
