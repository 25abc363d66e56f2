import { useMemo } from "preact/hooks";
import { setQueryState, useQueryState } from "../../routing/query-state.ts";

/** A run as its lines are drawn. */
export interface ChartedRun {
  readonly id: string;
  readonly name: string;
  readonly startTime: number;
}

/** Which runs have a line in the charts. */
export interface RunLines {
  readonly isShown: (id: string) => boolean;
  readonly isNarrowed: boolean;
  readonly toggle: (id: string) => void;
  /** Shows this run alone, or all again when it is alone. */
  readonly isolate: (id: string) => void;
  /** Shows these runs and no other. */
  readonly showOnly: (ids: readonly string[]) => void;
  readonly showAll: () => void;
}

/** Letters at the end of an id that tell runs apart: its beginning is the time, which runs may share. */
const ID_LENGTH = 12;

/** Hidden runs, or the only ones that are shown: whichever list is shorter to write into the URL. */
export function useRunLines(): RunLines {
  const [hideText] = useQueryState("hide");
  const [onlyText] = useQueryState("only");
  const hidden = useMemo(() => read(hideText), [hideText]);
  const only = useMemo(() => read(onlyText), [onlyText]);
  const isOnly = only.size > 0;
  const write = (hide: ReadonlySet<string>, keep: ReadonlySet<string>): void =>
    setQueryState({ hide: [...hide].join(","), only: [...keep].join(",") });
  return {
    isShown: (id) => (isOnly ? only.has(short(id)) : !hidden.has(short(id))),
    isNarrowed: isOnly || hidden.size > 0,
    toggle: (id) => (isOnly ? write(hidden, toggled(only, id)) : write(toggled(hidden, id), only)),
    isolate: (id) =>
      write(NONE, only.size === 1 && only.has(short(id)) ? NONE : new Set([short(id)])),
    showOnly: (ids) => write(NONE, new Set(ids.map(short))),
    showAll: () => write(NONE, NONE),
  };
}

const NONE: ReadonlySet<string> = new Set();

function short(id: string): string {
  return id.slice(-ID_LENGTH);
}

function read(text: string): ReadonlySet<string> {
  return text === "" ? NONE : new Set(text.split(","));
}

function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(short(id))) next.add(short(id));
  return next;
}
