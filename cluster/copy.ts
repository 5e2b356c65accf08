import { isDeepStrictEqual } from "node:util";
import { Expired, type WatchEvent } from "./watch.ts";

/** The objects of a list, projected, as of one resource version. */
export interface Listed<T> {
  readonly items: Map<string, T>;
  readonly version: string;
}

export interface Copy<T> {
  readonly items: ReadonlyMap<string, T>;
  /** What it is a copy of; undefined where only a new list can tell. */
  readonly version: string | undefined;
  /** Takes a whole list, unless it is older. */
  replace(listed: Listed<T>): void;
  apply(event: WatchEvent): void;
  /** Keeps the items, but not the version. */
  expire(): void;
}

export interface Projection<T> {
  key(object: unknown): string;
  project(object: unknown): T | undefined;
}

/** Where a reflector keeps what it has heard. A value that has not changed stays the same object. */
export function createCopy<T>({ key, project }: Projection<T>, changed: () => void): Copy<T> {
  let items = new Map<string, T>();
  let version: string | undefined;
  return {
    get items() {
      return items;
    },
    get version() {
      return version;
    },

    replace(listed) {
      if (version !== undefined && newer(version, listed.version)) return;
      version = listed.version;
      let same = listed.items.size === items.size;
      for (const [name, value] of listed.items) {
        const known = items.get(name);
        if (known !== undefined && isDeepStrictEqual(known, value)) listed.items.set(name, known);
        else same = false;
      }
      items = listed.items;
      if (!same) changed();
    },

    apply(event) {
      // A refresh may be ahead of the watch: what it has seen already must not turn back time.
      if (version !== undefined && !newer(event.version, version)) {
        // But bookmarks only ever grow, unless the cluster's store was restored from a backup.
        if (event.type === "BOOKMARK" && newer(version, event.version)) throw new Expired();
        return;
      }
      if (event.type !== "BOOKMARK")
        set(key(event.object), event.type === "DELETED" ? undefined : project(event.object));
      version = event.version;
    },

    expire() {
      version = undefined;
    },
  };

  function set(name: string, value: T | undefined): void {
    const known = items.get(name);
    if (isDeepStrictEqual(known, value)) return;
    if (value === undefined) items.delete(name);
    else items.set(name, value);
    changed();
  }
}

// Resource versions are decimal numbers of any length (KEP-5504).
function newer(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}
