import { binary } from "../bytes.ts";
import { content, type Der, empty, next, read, readAny, tags } from "../der.ts";
import { need, refuse } from "../refusal.ts";

/** A time as Go reads it (cryptobyte ReadASN1UTCTime, ReadASN1GeneralizedTime), in milliseconds. */
export function readTime(from: Der): number {
  if (next(from, tags.utcTime)) {
    const text = binary(content(need(read(from, tags.utcTime), "malformed UTCTime")));
    const fields = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/.exec(text);
    return need(fields ? moment(utcYear(Number(fields[1])), fields) : undefined, "malformed UTCTime");
  }
  if (next(from, tags.generalizedTime)) {
    const text = binary(content(need(read(from, tags.generalizedTime), "malformed GeneralizedTime")));
    const fields = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d{4})$/.exec(text);
    return need(fields ? moment(Number(fields[1]), fields) : undefined, "malformed GeneralizedTime");
  }
  return refuse("unsupported time format");
}

/** A time as webpki reads it (time.rs): to the second, in UTC, not before 1970. */
function readWebpkiTime(from: Der): number {
  const utc = next(from, tags.utcTime);
  const element = readAny(from, 0xffff);
  if (element?.tag !== (utc ? tags.utcTime : tags.generalizedTime)) return refuse("TrailingData");
  const text = binary(content(element));
  const fields = (
    utc ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z)/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z)/
  ).exec(text);
  if (fields === null) return refuse("BadDerTime");
  const year = utc ? utcYear(Number(fields[1])) : Number(fields[1]);
  const time = need(moment(year, fields), "BadDerTime");
  if (year < 1970) return refuse("BadDerTime");
  return text.length === fields[0].length ? time : refuse("TrailingData");
}

/** Validity, as webpki checks it: two times and nothing after them. */
export function readWebpkiValidity(from: Der): { notBefore: number; notAfter: number } {
  const [notBefore, notAfter] = [readWebpkiTime(from), readWebpkiTime(from)];
  return empty(from) ? { notBefore, notAfter } : refuse("BadDer");
}

// RFC 5280 section 4.1.2.5.1.
const utcYear = (digits: number): number => (digits >= 50 ? 1900 : 2000) + digits;

function moment(year: number, fields: readonly (string | undefined)[]): number | undefined {
  const [month, day] = [Number(fields[2]), Number(fields[3])];
  const [hour, minute, second] = [Number(fields[4]), Number(fields[5]), Number(fields[6] ?? 0)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = zone(fields[7] ?? "Z");
  if (offset === undefined) return undefined;
  // Date.UTC takes a year below 100 for one of last century; the calendar repeats every 400 years.
  return Date.UTC(year + 400, month - 1, day, hour, minute, second) - fourCenturies - offset * 60_000;
}

const fourCenturies = 146_097 * 86_400_000;

/** Minutes. Go writes what it has read and compares: an offset of zero must have been "Z". */
function zone(text: string): number | undefined {
  if (text === "Z") return 0;
  const [hours, minutes] = [Number(text.slice(1, 3)), Number(text.slice(3))];
  if (hours > 24 || minutes > 59 || hours + minutes === 0) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
