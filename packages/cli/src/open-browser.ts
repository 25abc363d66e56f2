import type { ChildProcess } from "node:child_process";
import open from "open";
import { type RedirectPage, writeRedirectPage } from "./redirect-page.ts";

/** How a browser is opened. */
export interface OpenBrowserOptions {
  /** Starts the browser with what it opens: a file, or an address. @default what the system opens it with */
  readonly launch?: (target: string) => Promise<ChildProcess>;
  /** Ends the wait for the browser to read its page. */
  readonly signal?: AbortSignal;
}

/** How long a browser has to read its page: a cold one takes some seconds to start. */
const READ_MS = 10_000;

/**
 * Opens an address in the user's browser, where there is one. An address may hold a token, and everyone on the machine
 * sees the command lines of all processes: the browser is given a page that only this user can read, and that leads to
 * the address. The page is removed ten seconds later, for which the process waits.
 *
 * @returns whether there is a browser
 */
export async function openBrowser(
  address: string,
  { launch = open, signal }: OpenBrowserOptions = {},
): Promise<boolean> {
  if (!hasBrowser()) return false;
  const page = hasPrivateFiles() ? writeRedirectPage(address) : undefined;
  try {
    const child = await launch(page?.path ?? address);
    // Without a listener, a late failure of the launcher would end the process.
    child.on("error", () => undefined);
  } catch {
    page?.remove();
    return false;
  }
  if (page !== undefined) removeLater(page, signal);
  return true;
}

function removeLater({ remove }: RedirectPage, signal: AbortSignal | undefined): void {
  const timer = setTimeout(remove, READ_MS);
  const stop = (): void => {
    clearTimeout(timer);
    remove();
  };
  if (signal?.aborted === true) stop();
  else signal?.addEventListener("abort", stop, { once: true });
}

/** A terminal that somebody sits at, on a machine with a screen. */
function hasBrowser(): boolean {
  const { CI, SSH_CONNECTION, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = process.env;
  if (CI !== undefined || SSH_CONNECTION !== undefined || !process.stdout.isTTY) return false;
  const isOnUnix = process.platform !== "darwin" && process.platform !== "win32";
  return (
    !isOnUnix || [DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME].some((name) => (name ?? "") !== "")
  );
}

/** On Windows other users see no command lines, and its browsers cannot open the files of Linux inside it. */
function hasPrivateFiles(): boolean {
  return process.platform !== "win32" && (process.env["WSL_DISTRO_NAME"] ?? "") === "";
}
