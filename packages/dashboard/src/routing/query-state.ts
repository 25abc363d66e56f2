import { useSearch } from "wouter-preact";
import { navigate } from "./hash-location.ts";

/** A piece of a page's state, kept in the URL: it survives a reload and travels with a link. */
export function useQueryState(
  name: string,
  fallback = "",
): readonly [value: string, set: (value: string) => void] {
  const search = useSearch();
  const value = new URLSearchParams(search).get(name) ?? fallback;
  return [value, (next) => setQueryState({ [name]: next === fallback ? "" : next })];
}

/** Pieces of a page's state by name; several values stand side by side. */
export type QueryState = Readonly<Record<string, string | readonly string[]>>;

/** Writes several pieces at once; an empty one is removed. */
export function setQueryState(values: QueryState): void {
  const [path = "", search = ""] = location.hash.slice(1).split("?");
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(values)) {
    params.delete(name);
    for (const one of [value].flat()) if (one !== "") params.append(name, one);
  }
  const text = params.toString();
  navigate(path + (text === "" ? "" : `?${text}`), { replace: true });
}
