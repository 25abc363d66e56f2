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

/** Writes several pieces at once; an empty one is removed. */
export function setQueryState(values: Readonly<Record<string, string>>): void {
  const [path = "", search = ""] = location.hash.slice(1).split("?");
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(values)) {
    if (value === "") params.delete(name);
    else params.set(name, value);
  }
  const text = params.toString();
  navigate(path + (text === "" ? "" : `?${text}`), { replace: true });
}
