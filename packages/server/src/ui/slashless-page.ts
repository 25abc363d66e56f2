import { hash } from "node:crypto";

/** A page, and the one script in it that its content policy has to allow. */
export interface SlashlessPage {
  readonly html: string;
  /** CSP source of the script, such as `'sha256-…'`. */
  readonly scriptSource: string;
}

// With `location.origin` in front, a path such as `//evil.example` stays on this host.
const LOAD_FILES = `const mount = location.origin + location.pathname + "/";
for (const link of document.querySelectorAll("link[data-file]")) link.href = mount + link.dataset.file;
for (const { dataset } of document.querySelectorAll("script[data-file]")) await import(mount + dataset.file);`;

const RELATIVE_LINK = /(<link\b[^>]*?\s)href="\.\/([^"]*)"/g;
const RELATIVE_SCRIPT = /<script\b[^>]*?\ssrc="\.\/([^"]*)"[^>]*><\/script>/g;

/**
 * The dashboard for the mount path without its slash, where the page's relative URLs would miss the mount. There its
 * own script adds the mount to them: behind a proxy that rewrites paths only the browser knows it, a redirect to the
 * slash would run in circles with servers that take slashes away, and with `<base>` links such as `#/runs` would
 * leave the page.
 */
export function slashlessPage(html: string): SlashlessPage {
  const withFiles = html
    .replace(RELATIVE_LINK, '$1data-file="$2"')
    .replace(RELATIVE_SCRIPT, '<script type="module" data-file="$1"></script>');
  const script = `<script type="module">${LOAD_FILES}</script>`;
  const end = withFiles.lastIndexOf("</body>");
  return {
    html: end === -1 ? withFiles + script : withFiles.slice(0, end) + script + withFiles.slice(end),
    scriptSource: `'sha256-${hash("sha256", LOAD_FILES, "base64")}'`,
  };
}
