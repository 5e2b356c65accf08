import { resolve } from "node:path";
import type { Overrides } from "../cluster/access/chosen.ts";
import { type Arguments, UsageError } from "./command.ts";
import { colourChoices, styleOf } from "./render/colour.ts";
import type { ClusterChoice, World } from "./world.ts";

/** A world whose clusters are reached as the words say, and take us for whom they say; the same for every command. */
export function reaching(args: Arguments, world: World): World {
  const as = actorIn(args);
  const overrides = overridesIn(args, world);
  const contexts = args.texts("context").filter((one) => one !== "");
  const [flag] = overriding.filter((one) => args.text(one) || args.flag(one));
  if (flag !== undefined && contexts.length > 1)
    throw new UsageError(`--${flag} is for one cluster, but --context names ${contexts.length}`);
  const shared = {
    ...(as === undefined ? {} : { as }),
    interactive: world.stdin.isTTY === true && world.stderr.isTTY === true,
    tell: (text: string) => world.stderr.write(text),
    clock: () => world.clock(),
    warn: warner(args, world),
    ...(verbosity(args) > 0
      ? { trace: (line: string) => world.stderr.write(`linkerd-certs: ${line}\n`) }
      : {}),
  };
  return {
    ...world,
    async connect(choice: ClusterChoice) {
      if (args.flag("offline"))
        throw new UsageError("--offline: this cannot be done without asking the cluster");
      // Another cluster that a command names besides is reached as the kubeconfig says, and gets no token.
      const meant = choice.context === undefined || choice.context === contexts[0];
      return world.connect({ ...shared, ...(meant && flag !== undefined ? { overrides } : {}), ...choice });
    },
  };
}

const overriding = [
  "cluster",
  "user",
  "server",
  "token",
  "certificate-authority",
  "insecure-skip-tls-verify",
  "tls-server-name",
] as const;

function overridesIn(args: Arguments, { cwd }: World): Overrides {
  // linkerd hands on each of its flags: with nothing in those that were not given.
  const given = (name: string) => args.text(name) || undefined;
  const [cluster, user, token] = [given("cluster"), given("user"), given("token")];
  const [authority, serverName] = [given("certificate-authority"), given("tls-server-name")];
  const insecure = args.flag("insecure-skip-tls-verify");
  const server = serverIn(given("server"));
  if (insecure && authority !== undefined)
    throw new UsageError(
      "--insecure-skip-tls-verify trusts anybody, --certificate-authority does not: only one of them",
    );
  if (token !== undefined && user !== undefined)
    throw new UsageError("--token and --user both say who we are: only one of them");
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new UsageError("--token is no token: it holds what no token does");
  return {
    ...(cluster === undefined ? {} : { cluster }),
    ...(user === undefined ? {} : { user }),
    ...(server === undefined ? {} : { server }),
    ...(token === undefined ? {} : { token }),
    ...(authority === undefined ? {} : { certificateAuthority: resolve(cwd, authority) }),
    ...(insecure ? { insecureSkipTlsVerify: true } : {}),
    ...(serverName === undefined ? {} : { tlsServerName: serverName }),
  };
}

function serverIn(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  // Not quoted then: it may be a password.
  if (text.includes("@")) throw new UsageError("--server holds a name or a password: an address does not");
  const address = text.includes("://") ? text : `https://${text}`;
  if (!URL.canParse(address)) throw new UsageError(`--server ${text}: is no address`);
  const server = new URL(address);
  if (server.protocol !== "https:") throw new UsageError(`--server ${text}: must be an https address`);
  return server;
}

function actorIn(args: Arguments): ClusterChoice["as"] {
  const [user, uid] = [args.text("as") || undefined, args.text("as-uid") || undefined];
  // An empty list as Go writes it.
  const groups = args.texts("as-group").filter((group) => group !== "" && group !== "[]");
  if (user !== undefined) return { user, groups, ...(uid === undefined ? {} : { uid }) };
  if (uid !== undefined) throw new UsageError("--as-uid needs --as: a number alone is nobody");
  if (groups.length > 0) throw new UsageError("--as-group needs --as: a group alone is nobody");
  return undefined;
}

/** Each of the API server's warnings once, as kubectl shows them. */
function warner(args: Arguments, { stderr, env }: World): (text: string) => void {
  const told = new Set<string>();
  const colour = colourChoices.find((one) => one === args.text("color"));
  return (text) => {
    if (told.has(text)) return;
    told.add(text);
    stderr.write(`${styleOf(stderr, env, colour).yellow("Warning:")} ${text}\n`);
  };
}

/** linkerd's own --verbose is a yes or no. */
function verbosity(args: Arguments): number {
  const text = args.text("verbose") || "0";
  if (text === "true" || text === "false") return text === "true" ? 1 : 0;
  if (!/^\d{1,2}$/.test(text)) throw new UsageError(`--verbose ${text}: must be a number`);
  return Number(text);
}
