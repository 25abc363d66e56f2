import type { LoggedModel } from "@rivulet/core";
import type { JSX } from "preact";
import { Chip } from "../../components/chips.tsx";

const SHOWN = {
  ready: ["good", "Ready"],
  pending: ["warn", "Files are being stored"],
  upload_failed: ["bad", "Files are missing"],
} as const;

/** Whether the files of a logged model are there. */
export function LoggedModelStatus({
  model: { status, statusMessage = "" },
}: {
  model: LoggedModel;
}): JSX.Element {
  const [tone, word] = SHOWN[status];
  return (
    <Chip tone={tone} title={statusMessage}>
      {word}
    </Chip>
  );
}
