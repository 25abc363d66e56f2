import type { JsonObject, JsonValue } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { JsonTree } from "../../../content/json-tree.tsx";

/** Most lines that a search shows. */
const MOST = 200;
/** Longer values are cut. */
const CUT = 400;

/** Attributes as a tree, or, while something is looked for, the lines that it is in. */
export function AttributeSearch({
  parts,
}: {
  parts: readonly (readonly [title: string, values: JsonObject])[];
}): JSX.Element {
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  return (
    <>
      <input
        class="input"
        type="search"
        aria-label="Find an attribute"
        placeholder="Find an attribute"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {parts.map(([title, values]) => (
        <section key={title} class="payload">
          <h3>{title}</h3>
          {wanted === "" ? (
            <JsonTree value={values} label={title.toLowerCase()} />
          ) : (
            <Found values={values} wanted={wanted} label={title} />
          )}
        </section>
      ))}
    </>
  );
}

function Found({
  values,
  wanted,
  label,
}: {
  values: JsonObject;
  wanted: string;
  label: string;
}): JSX.Element {
  const lines = flatten(values).filter(([path, value]) =>
    `${path}\n${value}`.toLowerCase().includes(wanted),
  );
  if (lines.length === 0) return <p class="muted">None has it.</p>;
  return (
    <table class="plain-table key-values" aria-label={label}>
      <tbody>
        {lines.slice(0, MOST).map(([path, value]) => (
          <tr key={path}>
            <th scope="row">{path}</th>
            <td class="plain-text">{value.length > CUT ? `${value.slice(0, CUT)}…` : value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Every value that holds no others, with the way to it. */
function flatten(values: JsonObject): readonly (readonly [path: string, value: string])[] {
  const lines: (readonly [string, string])[] = [];
  const stack: (readonly [string, JsonValue])[] = Object.entries(values).reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [path, value] = next;
    if (typeof value !== "object" || value === null) lines.push([path, String(value)]);
    else {
      // One by one: there may be more of them than a call takes arguments.
      for (const [key, child] of Object.entries(value).reverse()) {
        stack.push([`${path}.${key}`, child]);
      }
    }
  }
  return lines;
}
