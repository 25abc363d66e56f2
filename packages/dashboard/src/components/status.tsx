import type { RunStatus, SpanStatus } from "@rivulet/core";
import type { JSX } from "preact";
import { lookUp } from "../format/look-up.ts";
import { Icon, type IconName } from "./icon.tsx";

type Status = RunStatus | SpanStatus;

interface Look {
  readonly tone: string;
  readonly icon: IconName;
  readonly word: string;
}

/** Colour, icon and word of each status: colour never stands alone. */
const LOOKS: Readonly<Record<Status, Look>> = {
  running: { tone: "busy", icon: "running", word: "Running" },
  in_progress: { tone: "busy", icon: "running", word: "In progress" },
  scheduled: { tone: "quiet", icon: "clock", word: "Scheduled" },
  finished: { tone: "good", icon: "check", word: "Finished" },
  ok: { tone: "good", icon: "check", word: "OK" },
  failed: { tone: "bad", icon: "warning", word: "Failed" },
  error: { tone: "bad", icon: "warning", word: "Error" },
  killed: { tone: "quiet", icon: "stop", word: "Killed" },
  cancelled: { tone: "quiet", icon: "stop", word: "Cancelled" },
  interrupted: { tone: "warn", icon: "pause", word: "Interrupted" },
  abandoned: { tone: "warn", icon: "clock", word: "Abandoned" },
};

/** A newer server may know more of them. */
function lookOf(status: Status): Look {
  return lookUp<Look>(LOOKS, status) ?? { tone: "quiet", icon: "clock", word: status };
}

/** How a run, trace or span stands. */
export function StatusBadge({ status }: { status: Status }): JSX.Element {
  const { tone, icon, word } = lookOf(status);
  return (
    <span class={`status tone-${tone}`}>
      <Icon name={icon} class={tone === "busy" ? "spin" : ""} />
      {word}
    </span>
  );
}

/** The same without its word, for narrow places; screen readers still hear it. */
export function StatusIcon({ status }: { status: Status }): JSX.Element {
  const { tone, icon, word } = lookOf(status);
  return (
    <span class={`status tone-${tone}`} title={word}>
      <Icon name={icon} class={tone === "busy" ? "spin" : ""} />
      <span class="hidden-text">{word}</span>
    </span>
  );
}
