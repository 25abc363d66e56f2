import type { JSX } from "preact";
import { Icon } from "../components/icon.tsx";
import { saveFile } from "../files/save-file.ts";

/** Saves text as a file; it is made when it is wanted. */
export function DownloadButton({
  name,
  text,
  label,
}: {
  /** Of the file, such as `span.json`. */
  name: string;
  text: () => string;
  label: string;
}): JSX.Element {
  const save = (): void => saveFile(name, new Blob([text()], { type: "application/json" }));
  return (
    <button type="button" class="button" onClick={save}>
      <Icon name="download" />
      {label}
    </button>
  );
}
