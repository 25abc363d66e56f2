/** What belongs to one entry of the browser's history and not into a link: it is there again after Back or a reload. */
export const forEntry = {
  read: (name: string): unknown => {
    const state: unknown = history.state;
    return typeof state === "object" && state !== null ? Reflect.get(state, name) : undefined;
  },
  write: (name: string, value: unknown): void => {
    const state: unknown = history.state;
    history.replaceState({ ...(typeof state === "object" ? state : {}), [name]: value }, "");
  },
} as const;
