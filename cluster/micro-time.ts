/** A moment as meta/v1 MicroTime writes it: six digits of a second, though we know three. */
export function microTime(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
