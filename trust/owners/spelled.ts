/** "60 days", "25 h" */
export function spelled(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  if (hours >= 72) return `${Math.floor(hours / 24)} days`;
  return hours >= 1 ? `${hours} h` : `${Math.floor(ms / 60_000)} min`;
}
