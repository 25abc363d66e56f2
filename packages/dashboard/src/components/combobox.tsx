import ComboboxNav from "@github/combobox-nav";
import type { ComponentChildren, JSX, RefObject } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import { placeUnder } from "./menu.tsx";

/** One line of a {@link Combobox}. */
export interface ComboboxOption {
  /** Unique among the options. */
  readonly key: string;
  readonly label: ComponentChildren;
  readonly onChoose: () => void;
  /** Whether more is to be chosen after it. @default false: the suggestions make way for what was asked for */
  readonly leadsOn?: boolean;
}

/** Lines under one heading. */
export interface OptionGroup {
  /** Unique among the groups. */
  readonly label: string;
  readonly options: readonly ComboboxOption[];
}

interface ComboboxProps {
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  /** The first line of all is what Enter does. */
  readonly groups: readonly OptionGroup[];
  /** Given by who wants to move the focus here. */
  readonly field: RefObject<HTMLInputElement>;
  /** Enter while no suggestion is marked; tells whether that was all, so that the suggestions make way. */
  readonly onEnter?: () => boolean;
  /** Backspace in the empty field. */
  readonly onBackspace?: () => void;
  /** Escape while no suggestions are shown. */
  readonly onEscape?: () => void;
  readonly onOpenChange?: (isOpen: boolean) => void;
}

/** A text field with suggestions under it: arrow keys walk through them, Enter takes one, Escape closes them. */
export function Combobox(props: ComboboxProps): JSX.Element {
  const { label, placeholder, text, onText, groups, field } = props;
  const id = useId();
  const { list, show, hide } = useSuggestionList(props);
  const count = groups.reduce((sum, { options }) => sum + options.length, 0);
  return (
    <>
      <input
        ref={field}
        class="combobox"
        type="text"
        role="combobox"
        aria-label={label}
        aria-expanded={false}
        aria-controls={id}
        autocomplete="off"
        autocapitalize="off"
        enterkeyhint="search"
        spellcheck={false}
        placeholder={placeholder}
        value={text}
        onFocus={show}
        onClick={show}
        onBlur={hide}
        onInput={(event) => {
          onText(event.currentTarget.value);
          show();
        }}
        onKeyDown={(event) => onKey(event, { ...props, list, show, hide })}
      />
      {/* The field keeps the focus while an option is clicked. */}
      <div
        ref={list}
        id={id}
        role="listbox"
        popover="manual"
        class="menu-panel option-list"
        aria-label={`Suggestions for ${label}`}
        onMouseDown={(event) => event.preventDefault()}
      >
        {groups.map((group) => (
          <Group key={group.label} group={group} id={id} onDone={hide} />
        ))}
      </div>
      <span class="hidden-text" role="status">
        {count === 1 ? "1 suggestion" : `${count} suggestions`}
      </span>
    </>
  );
}

interface KeyTarget extends ComboboxProps {
  readonly list: RefObject<HTMLElement>;
  readonly show: () => void;
  readonly hide: () => void;
}

function onKey(event: KeyboardEvent, target: KeyTarget): void {
  // Enter and Backspace belong to the writing system while it composes a letter.
  if (event.isComposing) return;
  const isMarked = target.field.current?.hasAttribute("aria-activedescendant") === true;
  switch (event.key) {
    case "Escape":
      onEscapeKey(event, target);
      break;
    case "Enter":
      if (!isMarked && target.onEnter?.() === true) target.hide();
      event.preventDefault();
      break;
    case "Backspace":
      if (target.text !== "" || target.onBackspace === undefined) break;
      // It would also take a letter of the text that comes back.
      event.preventDefault();
      target.onBackspace();
      target.show();
      break;
    case "ArrowDown":
      target.show();
      break;
    default:
  }
}

/** Escape closes one thing at a time, and only what is of this field. */
function onEscapeKey(
  event: KeyboardEvent,
  { list, text, onText, hide, onEscape }: KeyTarget,
): void {
  event.stopPropagation();
  event.preventDefault();
  if (list.current?.matches(":popover-open") === true) hide();
  else if (text !== "") onText("");
  else onEscape?.();
}

function Group({
  group,
  id,
  onDone,
}: {
  group: OptionGroup;
  id: string;
  onDone: () => void;
}): JSX.Element | null {
  if (group.options.length === 0) return null;
  const prefix = `${id}-${group.label.replace(/\W/g, "")}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be in a list of options
    <div role="group" aria-label={group.label}>
      <div class="option-heading" aria-hidden="true">
        {group.label}
      </div>
      {group.options.map((option, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field's keys walk through the options and click them
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
        <div
          key={option.key}
          id={`${prefix}-${index}`}
          role="option"
          class="option"
          aria-selected={false}
          onClick={() => {
            option.onChoose();
            if (option.leadsOn !== true) onDone();
          }}
        >
          {option.label}
        </div>
      ))}
    </div>
  );
}

function useSuggestionList({ field, groups, onOpenChange }: ComboboxProps): {
  readonly list: RefObject<HTMLDivElement>;
  readonly show: () => void;
  readonly hide: () => void;
} {
  const list = useRef<HTMLDivElement>(null);
  const nav = useRef<ComboboxNav>();
  useEffect(() => {
    if (field.current === null || list.current === null) return;
    nav.current = new ComboboxNav(field.current, list.current, { tabInsertsSuggestions: false });
    return () => nav.current?.destroy();
  }, []);
  const keys = groups.flatMap((group) => group.options.map(({ key }) => key)).join("\n");
  // A mark on a line that now says something else would be taken by mistake.
  useLayoutEffect(() => nav.current?.clearSelection(), [keys]);
  useLayoutEffect(() => {
    if (field.current !== null && list.current?.matches(":popover-open") === true)
      placeUnder(list.current, field.current);
  });
  const show = (): void => {
    if (list.current === null || field.current === null || list.current.matches(":popover-open"))
      return;
    list.current.showPopover();
    placeUnder(list.current, field.current);
    nav.current?.start();
    onOpenChange?.(true);
  };
  const hide = (): void => {
    nav.current?.stop();
    if (list.current?.matches(":popover-open") === true) list.current.hidePopover();
    onOpenChange?.(false);
  };
  return { list, show, hide };
}
