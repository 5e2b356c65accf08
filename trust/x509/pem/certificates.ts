import { openCertificate } from "../certificate.ts";
import type { Certificate, Dropped } from "../types.ts";
import { blockOf, faults, lineCounter } from "./faults.ts";
import { nextPemBlock } from "./go.ts";

export interface GoCertificates {
  readonly certificates: readonly Certificate[];
  /** Nothing is loaded then. */
  readonly refused?: string;
  readonly dropped: readonly Dropped[];
  readonly untidy: readonly string[];
}

/** Linkerd's DecodePEMCertificates (pkg/tls/codec.go), which the first block of another kind ends without a word. */
export function readCertificates(text: string): GoCertificates {
  const lineOf = lineCounter(text);
  const certificates: Certificate[] = [];
  const dropped: Dropped[] = [];
  const untidy = new Set<string>();
  const stop = (refused?: string): GoCertificates => ({
    certificates: refused === undefined ? certificates : [],
    ...(refused !== undefined && { refused }),
    dropped,
    untidy: [...untidy, ...untidyText(text)],
  });

  for (let at = 0; at < text.length; ) {
    const block = nextPemBlock(text, at);
    const lost = faults(text, at, block?.begin ?? text.length, lineOf);
    dropped.push(...lost);
    if (block === undefined) return stop(`not a PEM certificate: ${cause(text, at, lost, lineOf)}`);
    if (lost.length === 0 && /\S/.test(text.slice(at, block.begin)))
      untidy.add("there is text outside the PEM blocks");
    if (block.hasHeaders) untidy.add("a PEM block has headers");
    const line = lineOf(block.begin);
    if (block.type !== "CERTIFICATE") {
      dropped.push({ line, what: `${blockOf(block.type)}; neither it nor anything after it is read` });
      return stop();
    }
    const certificate = openCertificate(block.bytes);
    if ("unreadable" in certificate) {
      return stop(
        `certificate ${certificates.length + 1}, on line ${line}, is unreadable: ${certificate.unreadable}`,
      );
    }
    certificates.push(certificate);
    at = block.end;
  }
  return stop();
}

function cause(text: string, at: number, lost: readonly Dropped[], lineOf: (at: number) => number): string {
  const fault = lost[0];
  if (fault !== undefined) return `${fault.what}, on line ${fault.line}`;
  if (at === 0) return /\S/.test(text) ? "there is no PEM block in it" : "it is blank";
  const rest = /\S/.exec(text.slice(at));
  if (rest === null) return `a blank line or spaces after the last certificate, on line ${lineOf(at)}`;
  return `text after the last certificate, on line ${lineOf(at + rest.index)}`;
}

function* untidyText(text: string): Generator<string> {
  if (text.includes("\r")) yield "lines end with CRLF";
  if (/[ \t]\r?(?:\n|$)/.test(text)) yield "there are spaces at the end of a line";
}
