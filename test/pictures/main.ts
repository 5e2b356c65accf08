// npm run pictures: the pictures of docs/ that show something real, taken anew. Needs Go and Chromium.
//   npm run pictures -- report       the report of a sick mesh
//   npm run pictures -- dashboard    the dashboard's panels, drawn from a real Prometheus

import { join } from "node:path";
import { noBrowser } from "../plugin/report/browser.ts";
import { dashboardOfAGuard } from "./dashboard.ts";
import { width as dashboardWidth } from "./dashboard-page.ts";
import { photograph } from "./photograph.ts";
import { reportOfASickMesh } from "./report.ts";

const docs = join(import.meta.dirname, "..", "..", "docs");
const files = (name: string) => ({
  light: join(docs, `${name}.png`),
  dark: join(docs, `${name}-dark.png`),
});

const pictures: Readonly<Record<string, () => Promise<void>>> = {
  report: async () =>
    photograph({
      html: await reportOfASickMesh(new Date()),
      width: 900,
      until: 'section[aria-labelledby="next"]',
      files: files("report"),
    }),
  dashboard: async () =>
    photograph({ html: await dashboardOfAGuard(), width: dashboardWidth, files: files("dashboard") }),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => pictures[name] === undefined);
if (noBrowser) refuse(noBrowser);
else if (unknown.length > 0)
  refuse(`there is no picture ${unknown.join(", ")}; there are ${Object.keys(pictures).join(", ")}`);
else
  for (const [name, take] of Object.entries(pictures))
    if (wanted.length === 0 || wanted.includes(name)) {
      process.stdout.write(`· ${name}\n`);
      await take();
    }

function refuse(why: string): void {
  process.stderr.write(`pictures: ${why}\n`);
  process.exitCode = 1;
}
