/** Every key of ours begins with this: other pages of the same origin keep theirs beside them. */
const PREFIX = "rivulet-";

/** What this browser keeps under a key; `undefined` where there is nothing, or storage is blocked. */
export function kept(key: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value in this browser; `undefined` forgets it. Where storage is blocked it is gone with the page. */
export function keep(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, value);
  } catch {
    // The choice holds until the page is left.
  }
}
