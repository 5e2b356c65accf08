import { writeFileSync } from "node:fs";
import { startBrowser } from "../plugin/report/browser.ts";
import { inPalette } from "./in-palette.ts";

export interface Shot {
  readonly html: string;
  readonly width: number;
  /** A selector: it is cut off below that. By default the whole page is on it. */
  readonly until?: string;
  /** PNG, written anew: the file by the colour scheme that the page is asked for. */
  readonly files: Readonly<Record<"light" | "dark", string>>;
}

/** Photographs a page as a real Chromium shows it, in light and in dark. */
export async function photograph({ html, width, until = "body", files }: Shot): Promise<void> {
  const browser = await startBrowser();
  try {
    const page = await browser.context.newPage();
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setContent(html);
      const box = await page.locator(until).boundingBox();
      if (box === null) throw new Error(`nothing to photograph: ${until}`);
      const clip = { x: 0, y: 0, width, height: Math.ceil(box.y + box.height) };
      writeFileSync(files[colorScheme], inPalette(await page.screenshot({ fullPage: true, clip })));
    }
  } finally {
    await browser.close();
  }
}
