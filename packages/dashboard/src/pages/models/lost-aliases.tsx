import type { JSX } from "preact";

/** A point of a list: the aliases that go with a thing, and what will fail without them. */
export function LostAliases({
  name,
  aliases,
  verb,
}: {
  name: string;
  aliases: readonly string[];
  /** What apps do by them, such as `load`. */
  verb: string;
}): JSX.Element | null {
  if (aliases.length === 0) return null;
  return (
    <li>
      {aliases.length === 1 ? "the alias" : "the aliases"} <strong>{aliases.join(", ")}</strong>:
      apps that {verb} {aliases.map((alias) => `${name}@${alias}`).join(", ")} will fail
    </li>
  );
}
