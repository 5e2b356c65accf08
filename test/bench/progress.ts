/** A line for whoever waits; the results are for standard output. */
export function progress(text: string): void {
  process.stderr.write(`  ${text} …\n`);
}
