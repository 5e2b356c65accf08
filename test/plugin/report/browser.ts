import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";

const program = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** False, or why the tests that need a browser are skipped. */
export const noBrowser =
  !existsSync(program) && `needs ${program}: apt-get install chromium, or set CHROMIUM`;

export interface Browser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** A real Chromium without a window, in a profile of its own that is gone afterwards. */
export async function startBrowser(): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), "linkerd-certs-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: program,
    headless: true,
    timeout: 120_000, // it was never started before on this machine, perhaps, and is not alone there
    // It asks nobody for anything by itself.
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
    // axe is put into a page whose own policy lets no script in.
    bypassCSP: false,
  });
  return {
    context,
    async close() {
      await context.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
