import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A page on the disk that leads to an address. */
export interface RedirectPage {
  /** Where the file is. */
  readonly path: string;
  /** Removes it. More than once is fine. */
  readonly remove: () => void;
}

/** Writes a page that leads to an address, for a browser of this user: nobody else can read it. */
export function writeRedirectPage(address: string): RedirectPage {
  const path = join(mkdtempSync(join(tmpdir(), "rivulet-open-")), "open.html");
  writeFileSync(path, pageOf(escaped(address)), { mode: 0o600, flag: "wx" });
  const remove = (): void => {
    process.off("exit", remove);
    rmSync(dirname(path), { recursive: true, force: true });
  };
  process.once("exit", remove);
  return { path, remove };
}

function pageOf(address: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>Rivulet</title>
<p><a href="${address}">Open the dashboard</a></p>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")
    .replaceAll("<", "&lt;");
}
