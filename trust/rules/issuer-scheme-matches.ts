import type { IssuerSecret } from "../facts.ts";
import { layouts } from "../gather/issuer-secret.ts";
import { few } from "../naming.ts";
import { defineRule } from "../rule.ts";

// Identity reads the file names of the scheme it was installed with (-identity-scheme) and no other.
export default defineRule({
  id: "issuer-scheme-matches",
  severity: "deny",
  summary: "the issuer's Secret is laid out as the installed scheme wants",
  breaks: "Identity does not find the issuer and does not start.",
  remedy: "Use the keys of the installed scheme: crt.pem and key.pem, or tls.crt and tls.key.",
  needs: ["issuerSecret"],
  malformed: "issuer",

  check({ issuerSecret: secret }) {
    const { scheme, expectedScheme } = secret;
    if (scheme !== undefined && expectedScheme !== undefined && scheme !== expectedScheme) {
      const wanted = layouts[expectedScheme];
      const found = layouts[scheme];
      return [
        `identity reads ${wanted.certificate} and ${wanted.key} (scheme ${expectedScheme}), ` +
          `but the Secret has ${found.certificate} and ${found.key}`,
      ];
    }
    const foreign = foreignKeys(secret);
    if (scheme !== undefined || foreign.length === 0) return [];
    // Which they are is a detail: one key less is no new mistake.
    return [{ message: "the issuer's Secret has keys that no scheme reads", detail: few(foreign) }];
  },
});

const known = new Set(["crt.pem", "key.pem", "tls.crt", "tls.key", "ca.crt"]);

function foreignKeys({ keys }: IssuerSecret): string[] {
  return keys.filter((key) => !known.has(key)).map((key) => (key.length > 40 ? `${key.slice(0, 40)}…` : key));
}
