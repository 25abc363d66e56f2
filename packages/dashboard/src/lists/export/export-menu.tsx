import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { Menu } from "../../components/menu.tsx";
import { notify } from "../../components/toasts.tsx";
import { formatCount } from "../../format/numbers.ts";
import type { FileGroup } from "../list-spec.ts";
import type { ExportOptions } from "./export-rows.ts";

/** Saves the ticked rows, or the whole list as it is filtered, as CSV or JSON. */
export function ExportMenu<Row extends object>(
  what: Omit<ExportOptions<Row>, "format" | "signal" | "onProgress">,
): JSX.Element {
  const [written, setWritten] = useState(0);
  const stopper = useRef<AbortController>();
  // Who leaves the list wants no file of it.
  useEffect(() => () => stopper.current?.abort(), []);
  const save = useAction(async (format: "csv" | "json") => {
    const controller = new AbortController();
    const { signal } = controller;
    stopper.current = controller;
    setWritten(0);
    try {
      const { exportRows } = await import("./export-rows.ts");
      const text = await exportRows({ ...what, format, signal, onProgress: setWritten });
      notify({ text });
    } catch (error) {
      if (signal.aborted) return;
      say(error);
    }
  });
  return (
    <Menu
      label={save.isRunning ? `Export: ${formatCount(written)}…` : "Export"}
      icon="download"
      canShrink={!save.isRunning}
    >
      {(close) =>
        save.isRunning ? (
          <button type="button" class="button" onClick={() => stopper.current?.abort()}>
            Stop the export
          </button>
        ) : (
          <>
            <Formats
              scope={scopeOf(what)}
              onChoose={(format) => {
                close();
                void save.run(format);
              }}
            />
            <Files
              groups={what.spec.files?.({ query: what.query, keys: what.selected.keys }) ?? []}
              onChoose={close}
            />
          </>
        )
      }
    </Menu>
  );
}

function say(error: unknown): void {
  notify({ text: `Nothing was saved: ${error instanceof Error ? error.message : error}` });
}

/** Files that the API makes. */
function Files({
  groups,
  onChoose,
}: {
  groups: readonly FileGroup[];
  onChoose: () => void;
}): JSX.Element {
  return (
    <>
      {groups.map(({ title, links }) => (
        <div key={title} class="menu-files">
          <p class="muted">{title}</p>
          <p>
            {links.map((link) => {
              const words = (
                <>
                  <span class="hidden-text">{title} as </span>
                  {link.label}
                </>
              );
              return "href" in link ? (
                <a key={link.label} class="chip" href={link.href} download onClick={onChoose}>
                  {words}
                </a>
              ) : (
                <button
                  key={link.label}
                  type="button"
                  class="chip"
                  onClick={() => {
                    onChoose();
                    void link.save().catch(say);
                  }}
                >
                  {words}
                </button>
              );
            })}
          </p>
        </div>
      ))}
    </>
  );
}

function scopeOf<Row extends object>({
  selected,
  spec,
}: Pick<ExportOptions<Row>, "selected" | "spec">): string {
  const { size } = selected.keys;
  return size === 0 ? `all ${spec.title.toLowerCase()} found` : `${formatCount(size)} selected`;
}

function Formats({
  scope,
  onChoose,
}: {
  scope: string;
  onChoose: (format: "csv" | "json") => void;
}): JSX.Element {
  return (
    <ul class="menu-list">
      {(["csv", "json"] as const).map((format) => (
        <li key={format}>
          <button type="button" onClick={() => onChoose(format)}>
            {format.toUpperCase()} of {scope}
          </button>
        </li>
      ))}
    </ul>
  );
}
