/**
 * The address that the dashboard is mounted at, with its slash. The page may be shown with or without that slash,
 * so it is told by where this file came from: `assets/` below the mount.
 */
export const MOUNT_URL: string = new URL(/* @vite-ignore */ "..", import.meta.url).href;
