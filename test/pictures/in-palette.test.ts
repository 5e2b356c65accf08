import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noBrowser, startBrowser } from "../plugin/report/browser.ts";
import { inPalette } from "./in-palette.ts";

const width = 300;
const page = (background: string) =>
  `<body style="margin:0;height:200px;background:${background}"><p style="margin:9px;font:30px sans-serif">text</p>`;

describe("a photograph in a palette", { skip: noBrowser }, () => {
  test("of no more than 256 colours is the same picture", async () => {
    const { before, after } = await photographed(page("linear-gradient(90deg, #b35000 40%, #0969da 40%)"));
    assert.deepEqual(after, before);
  });

  test("of more colours differs in less than a hundredth of it, and is no larger", async () => {
    const { before, after, sizes } = await photographed(page("linear-gradient(45deg, #fff, #0d1117)"));
    const far = before.filter((value, index) => !(Math.abs(value - (after[index] ?? Number.NaN)) < 16));
    assert.ok(far.length < before.length / 100, `${far.length} of ${before.length} channels are far away`);
    assert.ok(sizes.after <= sizes.before, JSON.stringify(sizes));
  });
});

/** The pixels of a page's photograph, as Chromium reads them, before and after. */
async function photographed(html: string) {
  const browser = await startBrowser();
  try {
    const tab = await browser.context.newPage();
    await tab.setViewportSize({ width, height: 200 });
    await tab.setContent(html);
    const png = await tab.screenshot();
    const smaller = inPalette(png);
    const read = async (picture: Buffer) =>
      (await tab.evaluate(`(async () => {
        const image = new Image();
        image.src = "data:image/png;base64,${picture.toString("base64")}";
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
        canvas.drawImage(image, 0, 0);
        return [...canvas.getImageData(0, 0, image.width, image.height).data];
      })()`)) as number[]; // what the line above gives back
    const sizes = { before: png.length, after: smaller.length };
    return { before: await read(png), after: await read(smaller), sizes };
  } finally {
    await browser.close();
  }
}
