/** What an object held, by resource version: those of etcd grow across all kinds. */
export interface History<T> {
  put(version: string, value: T): void;
  /** What it held when something else got that version; the earliest known where that is before all. */
  at(version: string): T | undefined;
  readonly latest: T | undefined;
}

export function history<T>(): History<T> {
  const entries: { readonly version: number; readonly value: T }[] = [];
  return {
    put(version, value) {
      const number = Number(version);
      if (entries.some((entry) => entry.version === number)) return;
      entries.push({ version: number, value });
      entries.sort((a, b) => a.version - b.version);
    },
    at(version) {
      const before = entries.filter((entry) => entry.version <= Number(version));
      return (before.at(-1) ?? entries[0])?.value;
    },
    get latest() {
      return entries.at(-1)?.value;
    },
  };
}
