import { type Certificate, readBundle } from "../../../trust/x509/index.ts";

/** One array for all texts of the same bundle. */
export function sharedBundles(): (text: string) => readonly Certificate[] {
  const byText = new Map<string, readonly Certificate[]>();
  return (text) => {
    const known = byText.get(text);
    if (known !== undefined) return known;
    const { anchors } = readBundle(text);
    byText.set(text, anchors);
    return anchors;
  };
}
