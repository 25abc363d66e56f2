import open from "open";

/** Opens an address in the user's browser, where there is one. @returns whether there is */
export async function openBrowser(address: string): Promise<boolean> {
  if (!hasBrowser()) return false;
  try {
    const child = await open(address);
    // Without a listener, a late failure of the launcher would end the process.
    child.on("error", () => undefined);
    return true;
  } catch {
    return false;
  }
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
