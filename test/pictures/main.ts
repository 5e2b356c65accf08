// npm run pictures: the pictures of docs/ that show something real, taken anew. Needs Go and Chromium.
//   npm run pictures -- report       the report of a sick mesh
//   npm run pictures -- dashboard    the dashboard's panels, drawn from a real Prometheus

import { join } from "node:path";
import { noBrowser } from "../plugin/report-browser.ts";
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

if (noBrowser) throw new Error(noBrowser);
const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(pictures)) {
  const take = pictures[name];
  if (take === undefined)
    throw new Error(`there is no picture ${name}; there are ${Object.keys(pictures).join(", ")}`);
  process.stdout.write(`· ${name}\n`);
  await take();
}
