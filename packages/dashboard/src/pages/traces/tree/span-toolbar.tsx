import type { JSX } from "preact";
import { Icon, type IconName } from "../../../components/icon.tsx";
import { SpanViews } from "./span-views.tsx";
import type { OpenTree } from "./use-open-tree.ts";
import type { Timing } from "./use-timing.ts";

/** How much a press of a button zooms. */
const ZOOM_STEP = 0.5;

export interface SpanToolbarProps {
  readonly tree: OpenTree;
  readonly timing: Timing;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** What can be done to the tree and the waterfall. */
export function SpanToolbar(props: SpanToolbarProps): JSX.Element {
  const { tree, timing } = props;
  const { zoom } = timing;
  return (
    <div class="span-toolbar" role="toolbar" aria-label="Spans">
      <SpanViews />
      <SpanSearch {...props} />
      <div class="span-tools">
        <Tool icon="collapse" label="Collapse all" onClick={tree.closeAll} />
        <Tool icon="expand" label="Expand all" onClick={tree.openAll} />
        <span class="tool-rule" />
        <Tool
          icon="path"
          label="Critical path: what kept the trace from ending earlier"
          isOn={timing.marksPath}
          onClick={() => timing.setMarksPath(!timing.marksPath)}
        />
        <Tool
          icon="skip"
          label="Shorten gaps in which nothing ran"
          isOn={timing.skipsIdle}
          onClick={() => timing.setSkipsIdle(!timing.skipsIdle)}
        />
        <span class="tool-rule" />
        <Tool
          icon="minus"
          label="Zoom out"
          isOff={zoom.isFit}
          onClick={() => zoom.by(1 / ZOOM_STEP)}
        />
        <Tool icon="plus" label="Zoom in" onClick={() => zoom.by(ZOOM_STEP)} />
        <Tool icon="fit" label="Show the whole time" isOff={zoom.isFit} onClick={zoom.fit} />
      </div>
    </div>
  );
}

function Tool({
  icon,
  label,
  isOn,
  isOff = false,
  onClick,
}: {
  icon: IconName;
  label: string;
  /** Pressed or not; left out for what only happens. */
  isOn?: boolean;
  isOff?: boolean;
  onClick: () => void;
}): JSX.Element {
  return (
    <button
      type="button"
      class={isOn === true ? "icon-button is-on" : "icon-button"}
      title={label}
      aria-pressed={isOn}
      disabled={isOff}
      onClick={onClick}
    >
      <Icon name={icon} />
      <span class="hidden-text">{label}</span>
    </button>
  );
}

/** Finds spans: Enter goes to the next, with Shift to the one before. */
function SpanSearch({ tree, selected, onSelect }: SpanToolbarProps): JSX.Element {
  const { text, found } = tree;
  const at = found.indexOf(selected);
  const step = (by: 1 | -1): void => {
    const from = at === -1 && by === -1 ? 0 : at;
    const next = found[(from + by + found.length) % found.length];
    if (next !== undefined) onSelect(next);
  };
  return (
    <div class="span-search">
      <input
        class="input"
        type="search"
        aria-label="Find a span"
        placeholder="Find a span: name, model, error"
        value={text}
        onInput={(event) => tree.setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
          else if (event.key === "Escape") tree.setText("");
        }}
      />
      {text.trim() === "" ? null : (
        <>
          <span class="muted number" role="status">
            {tree.isLoading
              ? "…"
              : at === -1
                ? `${found.length} found`
                : `${at + 1} of ${found.length}`}
          </span>
          <Tool
            icon="chevron-up"
            label="Previous match"
            isOff={found.length === 0}
            onClick={() => step(-1)}
          />
          <Tool
            icon="chevron-down"
            label="Next match"
            isOff={found.length === 0}
            onClick={() => step(1)}
          />
          <Tool
            icon="braces"
            label="Look in inputs, outputs, attributes and events, too"
            isOn={tree.looksInside}
            onClick={() => tree.setLooksInside(!tree.looksInside)}
          />
        </>
      )}
    </div>
  );
}
