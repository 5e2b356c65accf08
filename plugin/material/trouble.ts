import { Failure } from "../../cluster/failure.ts";

const reasons: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOENT: ["there is no such file", "Check the path."],
  EACCES: ["permission denied", "Check who may access it with: ls -l."],
  EPERM: ["not permitted", "Check who may access it with: ls -l."],
  EISDIR: ["it is a folder", "Name a file."],
  ENOTDIR: ["part of the path is no folder", "Check the path."],
  ENOSPC: ["the disk is full", "Make room, or name another folder."],
  EROFS: ["the disk is read-only", "Name another folder."],
  ELOOP: ["its links go round in a circle", "Name the file itself."],
  ENAMETOOLONG: ["the name is too long", "Name another file."],
};

const writing: typeof reasons = {
  ...reasons,
  ENOENT: ["there is no such folder", "Make it, or name another one."],
  EEXIST: ["something else of that name is there already", "Name another one."],
};

/** What a file system's error means, in one line that names the file. */
export function fileFailure(doing: "read" | "write", name: string, error: unknown): Failure {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  // What is to be written need not be there, but its folder.
  const [what, hint] = (doing === "write" ? writing : reasons)[code] ?? [
    code === "" ? "it failed" : code,
    "Check the path.",
  ];
  const way = doing === "read" ? notFetched(name) : undefined;
  return new Failure(`cannot ${doing} ${name}: ${way?.what ?? what}`, way?.hint ?? hint, { cause: error });
}

/** For the address of something on the web, which is no file: what reads it instead. */
export function notFetched(name: string): { readonly what: string; readonly hint: string } | undefined {
  if (!/^https?:\/\//i.test(name)) return undefined;
  return {
    what: "addresses are not fetched, only files read",
    hint: "Pipe it in: curl -fsSL ADDRESS, and - in its place here.",
  };
}
