import { keyPair, pemBlock } from "../../certificates/index.ts";
import { damageBytes } from "./der-damage.ts";
import type { Random } from "./random.ts";

// Texts are handled as latin1, one character a byte, so that nothing is lost or added.
type Damage = (text: string, chance: Random) => string;

/** What happens to PEM between a person's hands and Linkerd's, and some that nobody would do. */
export const pemDamages: Readonly<Record<string, Damage>> = {
  "a blank line at the end": (text) => `${text}\n`,
  "a blank line at the start": (text) => `\n${text}`,
  "a blank line somewhere": (text, chance) => atLine(text, chance, (line) => `\n${line}`),
  "blank lines between": (text) => between(text, "\n\n"),
  "spaces at the end": (text, chance) =>
    text + chance.pick([" ", "\t", " \n", "\r\n", "\n\n\n", "\u000b", "\u0000"]),
  "no newline at the end": (text) => text.replace(/\n$/, ""),
  CRLF: (text) => text.replaceAll("\n", "\r\n"),
  "CRLF, last line without": (text) => text.trimEnd().replaceAll("\n", "\r\n"),
  "CRLF on one line": (text, chance) => atLine(text, chance, (line) => `${line}\r`),
  "CR only": (text) => text.replaceAll("\n", "\r"),
  "two CRs": (text, chance) => atLine(text, chance, (line) => `${line}\r\r`),
  "a comment before": (text) => `# root, 2026\n${text}`,
  "a comment between": (text) => between(text, "# next\n"),
  "a comment at the end": (text) => `${text}# end\n`,
  "a comment inside": (text, chance) => atLine(text, chance, (line) => `# here\n${line}`),
  "openssl's text before": (text) => `Certificate:\n    Data:\n        Version: 3 (0x2)\n${text}`,
  "a huge comment": (text, chance) => insert(text, chance, `\n#${"x".repeat(70_000)}\n`),
  "an END left out": (text, chance) => without(text, chance, /-----END [^\n]*\n?/g),
  "a BEGIN left out": (text, chance) => without(text, chance, /-----BEGIN [^\n]*\n?/g),
  "a line left out": (text, chance) => atLine(text, chance, () => undefined),
  "a line twice": (text, chance) => atLine(text, chance, (line) => `${line}\n${line}`),
  "two lines in one": (text, chance) => without(text, chance, /\n/g),
  "BEGIN and END joined": (text) => text.replace(/-----\n-----/g, "----------"),
  "all indented": (text) => text.replace(/^/gm, "  "),
  "all but the first indented": (text) => text.replace(/\n(?!$)/g, "\n    "),
  "a line indented": (text, chance) =>
    atLine(text, chance, (line) => `${chance.pick([" ", "\t", "    "])}${line}`),
  "a BEGIN indented": (text, chance) => edit(text, chance, /-----BEGIN/g, (found) => ` ${found}`),
  "an END indented": (text, chance) => edit(text, chance, /-----END/g, (found) => ` ${found}`),
  "text before a BEGIN": (text, chance) => edit(text, chance, /-----BEGIN/g, (found) => `x${found}`),
  "text after an END": (text, chance) => edit(text, chance, /-----END.*-----/g, (found) => `${found} x`),
  "space after dashes": (text, chance) =>
    edit(
      text,
      chance,
      /-----$/gm,
      (found) => found + chance.pick([" ", "\t", "  \t", "\u000b", "\f", "\r", "\u00a0", "\u0000"]),
    ),
  "a dash more": (text, chance) => edit(text, chance, /-----/g, () => "------"),
  "a dash less": (text, chance) => edit(text, chance, /-----/g, () => "----"),
  "dashes of another kind": (text) => text.replaceAll("-----", Buffer.from("—————").toString("latin1")),
  "a space in the label": (text, chance) =>
    edit(text, chance, /CERTIFICATE|PRIVATE KEY/g, (found) => chance.pick([`${found} `, ` ${found}`])),
  "another type": (text, chance) => retype(text, chance, chance.pick(types)),
  "another type at the end only": (text, chance) =>
    edit(text, chance, /(?<=-----END )[A-Z ]+/g, () => chance.pick(types)),
  "another type at the beginning only": (text, chance) =>
    edit(text, chance, /(?<=-----BEGIN )[A-Z ]+/g, () => chance.pick(types)),
  "a header": (text, chance) => afterBegin(text, chance, "Comment: hello\n\n"),
  "a header without a blank line": (text, chance) => afterBegin(text, chance, "Comment: hello\n"),
  "an encryption header": (text, chance) =>
    afterBegin(text, chance, "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n"),
  "a colon": (text, chance) => insert(text, chance, ":"),
  "a key before": (text) => someKey + text,
  "a key between": (text) => between(text, someKey),
  "a key at the end": (text) => text + someKey,
  "something else in a block": (text, chance) =>
    atBlock(text, chance, (block) => pemBlock("CERTIFICATE REQUEST", Buffer.from("302a", "hex")) + block),
  "an empty block": (text, chance) =>
    atBlock(text, chance, (block) => `-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n${block}`),
  "a block of nonsense": (text, chance) =>
    atBlock(text, chance, (block) => pemBlock("CERTIFICATE", chance.bytes(40)) + block),
  "a broken block of another type": (text, chance) =>
    atBlock(
      text,
      chance,
      (block) => `-----BEGIN ${chance.pick(types)}-----\n!\n-----END ${chance.pick(types)}-----\n${block}`,
    ),
  "a block of another type": (text, chance) =>
    atBlock(text, chance, (block) => pemBlock(chance.pick(types), chance.bytes(9)) + block),
  "a block of nonsense at the end": (text, chance) => text + pemBlock("CERTIFICATE", chance.bytes(40)),
  "a block twice": (text, chance) => atBlock(text, chance, (block) => block + block),
  "a block left out": (text, chance) => atBlock(text, chance, () => ""),
  "everything twice": (text) => text + text,
  "blocks the other way round": (text) => blocks(text).reverse().join(""),
  "a lone BEGIN": (text, chance) =>
    atLine(
      text,
      chance,
      (line) =>
        `${chance.pick(["-----BEGIN", "-----BEGIN ", "-----BEGIN CERTIFICATE-----", "-----BEGIN X"])}\n${line}`,
    ),
  "a lone END": (text, chance) =>
    atLine(
      text,
      chance,
      (line) =>
        `${chance.pick(["-----END", "-----END ", "-----END CERTIFICATE-----", "-----END X"])}\n${line}`,
    ),
  "a lone BEGIN at the end": (text, chance) =>
    text + chance.pick(["-----BEGIN", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nAAAA"]),
  "a wrong character": (text, chance) =>
    insert(text, chance, chance.pick(["!", "-", "_", "=", "*", ".", "#", "-----", '"', "\\n"])),
  "padding taken away": (text) => text.replace(/=+$/gm, ""),
  "padding added": (text, chance) =>
    edit(text, chance, /\n-----END/g, (found) => chance.pick(["=", "==", "==="]) + found),
  "padding in the middle": (text, chance) => atLine(text, chance, (line) => `${line}==`),
  "bits after the last": (text) =>
    text.replace(/([A-Za-z0-9+/])(=+)$/gm, (_, last, padding) => nextLetter(last) + padding),
  "spaces in the base64": (text, chance) =>
    insert(text, chance, chance.pick([" ", "\t", "  ", "\f", "\u000b", "\u00a0"])),
  "one long line": (text) => text.replace(/(?<!-----)\n(?!-----)/g, ""),
  "lines of 76": (text) => text.replace(/(?<!-----)\n(?!-----)/g, "").replace(/[A-Za-z0-9+/=]{76}/g, "$&\n"),
  "short lines": (text) =>
    text.replace(/^([A-Za-z0-9+/=]{8,64})$/gm, (line) => line.replace(/.{7}/g, "$&\n")),
  "base64 for addresses": (text) =>
    text.replace(/^[A-Za-z0-9+/=]+$/gm, (line) => line.replaceAll("+", "-").replaceAll("/", "_")),
  "escaped newlines": (text) => text.replaceAll("\n", "\\n"),
  "in quotes": (text) => JSON.stringify(text),
  "all in base64 again": (text) => Buffer.from(text, "latin1").toString("base64"),
  "a byte order mark": (text) => `\u00ef\u00bb\u00bf${text}`,
  "UTF-16": (text) => Buffer.from(text, "utf16le").toString("latin1"),
  "a NUL": (text, chance) => insert(text, chance, "\u0000"),
  "not UTF-8": (text, chance) => insert(text, chance, "\u00ff\u00fe"),
  "in small letters": (text) => text.toLowerCase(),
  nothing: () => "",
  "spaces only": (_, chance) => chance.pick([" ", "\n", "\r\n", "\t\n \n"]),
  "cut off": (text, chance) => text.slice(0, chance.below(text.length + 1)),
  "cut off at the front": (text, chance) => text.slice(chance.below(text.length + 1)),
  "random bytes": (text, chance) =>
    Array.from({ length: 1 + chance.below(4) }).reduce<string>((sum) => violence(sum, chance), text),
};

const someKey = keyPair("P-256", "left in the bundle").pem;
const types = [
  "TRUSTED CERTIFICATE",
  "X509 CERTIFICATE",
  "CERTIFICATE REQUEST",
  "PUBLIC KEY",
  "Certificate",
  "CERTIFICATE ",
  "X509 CRL",
  "ECHCONFIG",
  "",
  "PKCS7",
  "PRIVATE KEY",
  "EC PRIVATE KEY",
  "RSA PRIVATE KEY",
  "EC PARAMETERS",
];
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const nextLetter = (letter: string) => letters[(letters.indexOf(letter) + 1) % 64] ?? letter;

const violence: Damage = (text, chance) =>
  text === "" ? text : damageBytes(Buffer.from(text, "latin1"), chance).bytes.toString("latin1");

function edit(text: string, chance: Random, pattern: RegExp, change: (found: string) => string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text;
  const { 0: match, index } = chance.pick(found);
  return text.slice(0, index) + change(match) + text.slice(index + match.length);
}

const without = (text: string, chance: Random, pattern: RegExp) => edit(text, chance, pattern, () => "");
const between = (text: string, put: string) =>
  text.replace(/(-----END [^\n]*\n)(?=-----BEGIN)/g, (end) => end + put);
const blocks = (text: string) => text.match(/-----BEGIN .*?-----END [^\n]*\n?/gs) ?? [text];
const atBlock = (text: string, chance: Random, change: (block: string) => string) =>
  edit(text, chance, /-----BEGIN .*?-----END [^\n]*\n?/gs, change);
const afterBegin = (text: string, chance: Random, put: string) =>
  edit(text, chance, /-----BEGIN .*-----\n/g, (found) => found + put);
const retype = (text: string, chance: Random, type: string) =>
  atBlock(text, chance, (block) => block.replace(/(?<=-----(BEGIN|END) )[A-Z0-9 ]+(?=-----)/g, type));

function insert(text: string, chance: Random, put: string): string {
  const at = chance.below(text.length + 1);
  return text.slice(0, at) + put + text.slice(at);
}

function atLine(text: string, chance: Random, change: (line: string) => string | undefined): string {
  const lines = text.split("\n");
  const at = chance.below(lines.length);
  return lines.flatMap((line, i) => (i === at ? (change(line) ?? []) : line)).join("\n");
}
