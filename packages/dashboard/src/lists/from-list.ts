import { experimentOf } from "../routing/scope.ts";

/** The list that a page was opened from, as its URL carries it. */
export interface ListOrigin {
  /** The list as it was filtered, for a link back. */
  readonly href: string;
  readonly params: URLSearchParams;
  readonly experimentId: string | undefined;
}

/** A link to the full page of a row that remembers the list which is open now. */
export function fromList(href: string): string {
  const [path = "", search = ""] = location.hash.slice(1).split("?");
  const params = new URLSearchParams(search);
  params.delete("open");
  const origin = encodeURIComponent(withSearch(path, params));
  return `${href}${href.includes("?") ? "&" : "?"}from=${origin}`;
}

/** The same link for another row of the same list. */
export function fromSameList(href: string, origin: ListOrigin): string {
  const from = encodeURIComponent(origin.href.slice(1));
  return `${href}${href.includes("?") ? "&" : "?"}from=${from}`;
}

/** Reads where a page was opened from; nothing for a page that was not opened from a list. */
export function readOrigin(search: string): ListOrigin | undefined {
  const from = new URLSearchParams(search).get("from");
  if (from === null || !from.startsWith("/")) return undefined;
  const [path = "", query = ""] = from.split("?");
  return {
    href: `#${from}`,
    params: new URLSearchParams(query),
    experimentId: experimentOf(path),
  };
}

function withSearch(path: string, params: URLSearchParams): string {
  const text = params.toString();
  return text === "" ? path : `${path}?${text}`;
}
