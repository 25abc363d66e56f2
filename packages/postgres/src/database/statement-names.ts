const names = new Map<string, string>();

/** A stable name for a statement's text: the server parses and plans a named statement once per connection. */
export function statementName(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  const name = `rivulet_${names.size + 1}`;
  names.set(text, name);
  return name;
}
