import { list } from "tar";

/** What is in a .tar or .tar.gz, by name. */
export async function contentsOf(file: string): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  const reading: Promise<void>[] = [];
  await list({
    file,
    onReadEntry: (entry) => {
      reading.push(entry.concat().then((bytes) => void contents.set(entry.path, bytes)));
    },
  });
  await Promise.all(reading);
  return contents;
}
