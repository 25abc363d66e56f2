import ComboboxNav from "@github/combobox-nav";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";

/** One line of a {@link SearchList}. */
export interface SearchOption {
  /** Unique among all options of the list. */
  readonly key: string;
  readonly icon?: IconName;
  readonly label: string;
  /** Said quietly at the end of the line. */
  readonly detail?: ComponentChildren;
  readonly isCurrent?: boolean;
  readonly onChoose: () => void;
}

/** Options under a heading; without a title they stand alone. */
export interface SearchGroup {
  readonly title: string;
  readonly options: readonly SearchOption[];
}

/** A text field over the list that it searches: arrow keys walk through the list, Enter takes the marked line. */
export function SearchList({
  label,
  placeholder,
  text,
  onText,
  groups,
  note,
}: {
  label: string;
  placeholder: string;
  text: string;
  onText: (text: string) => void;
  readonly groups: readonly SearchGroup[];
  /** What is said under the list, such as that nothing was found. */
  note?: ComponentChildren;
}): JSX.Element {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const filled = groups.filter(({ options }) => options.length > 0);
  useMarkedOption({ input, list, shown: filled });
  return (
    <div class="search-list">
      <div class="search-list-field">
        <Icon name="search" />
        <input
          ref={input}
          // biome-ignore lint/a11y/noAutofocus: the list is opened to be typed into
          autoFocus
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded={true}
          aria-controls={id}
          autocomplete="off"
          spellcheck={false}
          dir="auto"
          placeholder={placeholder}
          value={text}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      </div>
      {/* The field keeps the focus while an option is clicked. */}
      <div
        ref={list}
        id={id}
        role="listbox"
        class="search-list-options"
        aria-label={label}
        onMouseDown={(event) => event.preventDefault()}
      >
        {filled.map((group) => (
          <OptionGroup key={group.title} id={id} group={group} />
        ))}
      </div>
      {note === undefined ? null : <p class="search-list-note muted">{note}</p>}
    </div>
  );
}

function OptionGroup({ id, group }: { id: string; group: SearchGroup }): JSX.Element {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a listbox
    <div role="group" aria-label={group.title === "" ? undefined : group.title}>
      {group.title === "" ? null : (
        <p class="search-list-title" aria-hidden="true">
          {group.title}
        </p>
      )}
      {group.options.map((option) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field's keys walk through the options and click them
        <div
          key={option.key}
          id={`${id}-${option.key}`}
          role="option"
          class={option.isCurrent ? "is-current" : ""}
          tabIndex={-1}
          aria-selected={false}
          title={option.label}
          onClick={option.onChoose}
        >
          {option.icon === undefined ? null : <Icon name={option.icon} />}
          <span class="search-list-label" dir="auto">
            {option.label}
          </span>
          {option.isCurrent ? <Icon name="check" /> : null}
          {option.detail === undefined ? null : <span class="muted">{option.detail}</span>}
        </div>
      ))}
    </div>
  );
}

/** Marks the first option whenever others are shown, so that Enter takes what fits best. */
function useMarkedOption({
  input,
  list,
  shown,
}: {
  input: { readonly current: HTMLInputElement | null };
  list: { readonly current: HTMLElement | null };
  shown: readonly SearchGroup[];
}): void {
  const nav = useRef<ComboboxNav>();
  useEffect(() => {
    if (input.current === null || list.current === null) return;
    input.current.focus();
    nav.current = new ComboboxNav(input.current, list.current, {
      tabInsertsSuggestions: false,
      firstOptionSelectionMode: "selected",
    });
    nav.current.start();
    return () => nav.current?.destroy();
  }, []);
  const keys = shown.flatMap(({ options }) => options.map(({ key }) => key)).join("\n");
  useEffect(() => nav.current?.resetSelection(), [keys]);
}
