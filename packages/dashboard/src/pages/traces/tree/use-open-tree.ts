import { useEffect, useMemo, useState } from "preact/hooks";
import { useQuery } from "../../../api/use-query.ts";
import { askSpansWithContents } from "../../../questions/traces.ts";
import { useQueryState } from "../../../routing/query-state.ts";
import type { SpanListProps } from "./span-list.tsx";
import { findSpans, readContents, withAncestors } from "./span-search.ts";
import type { SpanNode } from "./span-tree.ts";
import { visibleNodes } from "./span-tree.ts";

/** Which spans are in the list: the branches that are open, or what is looked for. */
export interface OpenTree {
  readonly nodes: readonly SpanNode[];
  readonly shown: readonly SpanNode[];
  readonly closed: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
  readonly closeAll: () => void;
  readonly openAll: () => void;
  /** What is looked for. */
  readonly text: string;
  readonly setText: (text: string) => void;
  /** Ids of the spans that it is in. */
  readonly found: readonly string[];
  readonly foundSet: ReadonlySet<string>;
  /** It is looked for in inputs, outputs, attributes and events, too. */
  readonly looksInside: boolean;
  readonly setLooksInside: (on: boolean) => void;
  /** The contents to look into are on their way. */
  readonly isLoading: boolean;
}

/** Which spans are in the list. What is looked for is in the URL. */
export function useOpenTree({ traceId, nodes, selected }: SpanListProps): OpenTree {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [text, setText] = useQueryState("find");
  const [inside, setInside] = useQueryState("inside");
  const looksInside = inside !== "" && text !== "";
  const loaded = useQuery(looksInside ? askSpansWithContents(traceId) : undefined);
  const contents = useMemo(
    () => (loaded.data === undefined ? undefined : readContents(loaded.data)),
    [loaded.data],
  );
  const found = useMemo(() => findSpans(nodes, text, contents), [nodes, text, contents]);
  const foundSet = useMemo(() => new Set(found), [found]);
  const shown = useMemo(() => {
    const wanted = text.trim() === "" ? undefined : withAncestors(nodes, found);
    return visibleNodes(nodes, closed, wanted);
  }, [nodes, closed, found, text]);
  // A link leads into a closed branch: it opens.
  useEffect(() => {
    const above = withAncestors(nodes, [selected]);
    above.has(selected) && setClosed((before) => without(before, above, selected));
  }, [selected]);
  const branches = (): readonly string[] =>
    nodes.filter((node) => node.childCount > 0 && node.level > 1).map(({ span }) => span.id);
  return {
    nodes,
    shown,
    closed,
    toggle: (id) => setClosed(toggled(closed, id)),
    closeAll: () => setClosed(new Set(branches())),
    openAll: () => setClosed(new Set()),
    text,
    setText,
    found,
    foundSet,
    looksInside,
    setLooksInside: (on) => setInside(on ? "yes" : ""),
    isLoading: loaded.isLoading,
  };
}

function toggled(closed: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(closed);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Opens what is above a span; the span itself stays as it is. */
function without(
  closed: ReadonlySet<string>,
  above: ReadonlySet<string>,
  selected: string,
): ReadonlySet<string> {
  const opened = [...closed].filter((id) => id === selected || !above.has(id));
  return opened.length === closed.size ? closed : new Set(opened);
}
