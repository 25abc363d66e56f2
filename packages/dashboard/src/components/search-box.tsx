import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

/** A search field: Enter or leaving it searches. */
export function SearchBox({
  label,
  placeholder,
  value,
  onSearch,
}: {
  label: string;
  placeholder: string;
  value: string;
  onSearch: (text: string) => void;
}): JSX.Element {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const search = (): void => {
    if (text.trim() !== value) onSearch(text.trim());
  };
  return (
    <form
      class="search-box"
      onSubmit={(event) => {
        event.preventDefault();
        search();
      }}
    >
      <Icon name="search" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)}
        onBlur={search}
      />
    </form>
  );
}
