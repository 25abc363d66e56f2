import { RivuletError } from "@rivulet/domain";

/** The error for something that does not exist. `fields` name the values of `key`. */
export function notFound(
  noun: string,
  fields: readonly string[],
  key: readonly (string | number)[],
): RivuletError {
  const details = Object.fromEntries(fields.map((field, index) => [field, key[index] ?? ""]));
  return new RivuletError("not_found", `${missing(noun, fields, key)}.`, { details });
}

function missing(
  noun: string,
  [first]: readonly string[],
  [value, version]: readonly (string | number)[],
): string {
  if (version !== undefined) {
    return `There is no version ${version} of ${noun.replace(/ version$/, "")} "${value}"`;
  }
  return first === "name" ? `No ${noun} is named "${value}"` : `No ${noun} has the id "${value}"`;
}

/** The error for a key that is taken. */
export function taken(
  noun: string,
  fields: readonly string[],
  record: Readonly<Record<string, unknown>>,
): RivuletError {
  const [field = "id"] = fields;
  const value = String(record[field]);
  const name = noun.charAt(0).toUpperCase() + noun.slice(1);
  const message =
    field === "name"
      ? `${name} "${value}" exists. Choose another name.`
      : `${name} ${value} exists.`;
  return new RivuletError("already_exists", message, { details: { [field]: value } });
}

/** The error for an unknown alias. */
export function noAlias(noun: string, name: string, alias: string): RivuletError {
  const kind = noun.charAt(0).toUpperCase() + noun.slice(1);
  return new RivuletError("not_found", `${kind} "${name}" has no alias "${alias}".`, {
    details: { name, alias },
  });
}

/** The error for an alias that no longer points where the caller last saw it. */
export function movedAlias(noun: string, name: string, alias: string): RivuletError {
  return new RivuletError(
    "conflict",
    `Alias "${alias}" of ${noun} "${name}" has been moved in the meantime. Read it again before you decide.`,
    { details: { name, alias } },
  );
}
