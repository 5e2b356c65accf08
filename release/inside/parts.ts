import { Script } from "node:vm";

/** Where the parts of the program come from. */
export interface Store {
  /** In ASCII: a function of (module, exports, require). */
  source(name: string): string;
  /** What V8 made of it before; it looks for itself whether that fits, and else reads the source. */
  compiled?(name: string): Buffer | undefined;
  /** Those that were read before; they are not read again, and others are added. */
  readonly scripts?: Map<string, Script>;
}

export type Require = (name: string) => unknown;

/** The parts of the bundle find one another by ./name.cjs; all else is Node's own. Each is read when first asked for. */
export function requireFrom(store: Store): Require {
  const loaded = new Map<string, { exports: unknown }>();
  const find = (name: string): unknown => {
    if (!name.startsWith("./")) return process.getBuiltinModule(name);
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(name, module);
    const script = store.scripts?.get(name) ?? read(name, store);
    store.scripts?.set(name, script);
    script.runInThisContext()(module, module.exports, find);
    return module.exports;
  };
  return find;
}

function read(name: string, { source, compiled }: Store): Script {
  const cachedData = compiled?.(name);
  return new Script(source(name), {
    filename: name.slice(2),
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}
