import { useEffect, useState } from "preact/hooks";
import type { BaseLocationHook } from "wouter-preact";

/** Goes to a route such as `/traces?filter=…`. */
export function navigate(to: string, options: { readonly replace?: boolean } = {}): void {
  if (options.replace) history.replaceState(history.state, "", `#${to}`);
  else history.pushState(null, "", `#${to}`);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

/** Path and search of the route; the router's own hash hook keeps the search before the `#`. */
function readHash(): { readonly path: string; readonly search: string } {
  const [path = "", ...search] = location.hash.replace(/^#?\/?/, "").split("?");
  return { path: `/${path}`, search: search.join("?") };
}

function useHash(read: () => string): string {
  const [value, setValue] = useState(read);
  useEffect(() => {
    const update = (): void => setValue(read());
    update();
    addEventListener("hashchange", update);
    return () => removeEventListener("hashchange", update);
  }, [read]);
  return value;
}

/** The router decodes what it gets; its params must still be encoded, or `%2F` would become a slash. */
function protect(text: string): string {
  return text.replaceAll("%", "%25");
}

const readPath = (): string => protect(readHash().path);
const readSearch = (): string => protect(readHash().search);

/** The route, kept in the URL's hash: it needs no knowledge of the path the dashboard is mounted at. */
export const useHashLocation: BaseLocationHook = Object.assign(
  (): [string, typeof navigate] => [useHash(readPath), navigate],
  {
    searchHook: (): string => useHash(readSearch),
    hrefs: (href: string): string => `#${href}`,
  },
);
