import type { JSX } from "preact";

/** Paths on a 16 × 16 grid, drawn with a 1.5 px line. */
const PATHS = {
  experiments:
    "M6 2v4L2.6 12.2A1.2 1.2 0 0 0 3.7 14h8.6a1.2 1.2 0 0 0 1.1-1.8L10 6V2M5 2h6M4.5 10h7",
  traces: "M2 3.5h7M4 8h8M7 12.5h7",
  prompts: "M2.5 3.5h11v7.5H7L4 13.5V11H2.5zM5 6h6M5 8.5h4",
  models: "M8 1.8 13.6 5v6L8 14.2 2.4 11V5zM2.4 5 8 8.2 13.6 5M8 8.2v6",
  datasets:
    "M3 4c0-1.1 2.2-2 5-2s5 .9 5 2-2.2 2-5 2-5-.9-5-2zM3 4v8c0 1.1 2.2 2 5 2s5-.9 5-2V4M3 8c0 1.1 2.2 2 5 2s5-.9 5-2",
  evaluations: "M2 8.5 5 11.5 9 5M9 11l1 .8L14.2 5",
  sun: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M12.8 3.2l-1 1M4.2 11.8l-1 1",
  moon: "M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z",
  system: "M2 3h12v8H2zM6 14h4M8 11v3",
  chevron: "m6 4 4 4-4 4",
  "chevron-up": "m4 10 4-4 4 4",
  "chevron-down": "m4 6 4 4 4-4",
  code: "m5 4-4 4 4 4M11 4l4 4-4 4",
  overview: "M2.5 13.5V8M6.2 13.5V4M9.8 13.5V9.5M13.5 13.5v-11",
  sessions: "M2.5 3h8v6h-5l-2 2V9h-1zM12 6h1.5v6h-1v2l-2-2h-4v-1",
  users:
    "M8 2.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM2.8 14c.3-3 2.5-4.4 5.2-4.4s4.9 1.4 5.2 4.4",
  runs: "M2 13.5h12M3.5 11 7 6l3 2.5 3.5-6",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5 14 14",
  check: "m3 8.5 3.2 3.2L13 4.8",
  cross: "m4 4 8 8M12 4l-8 8",
  warning: "M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.2",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.8V8l2.2 1.6",
  running: "M13.5 8A5.5 5.5 0 1 1 8 2.5",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  stop: "M4 4h8v8H4z",
  up: "M5 7v6.5H2.5V7zM5 7l2.6-5c1 0 1.7.8 1.5 1.8L8.7 6h3.4c.9 0 1.5.8 1.3 1.7l-1 4.6c-.2.7-.7 1.2-1.4 1.2H5",
  down: "M5 9V2.5H2.5V9zM5 9l2.6 5c1 0 1.7-.8 1.5-1.8L8.7 10h3.4c.9 0 1.5-.8 1.3-1.7l-1-4.6c-.2-.7-.7-1.2-1.4-1.2H5",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  link: "M6.5 9.5l3-3M7 4.5l1.6-1.6a3 3 0 0 1 4.3 4.3L11.3 9M9 11.5l-1.6 1.6a3 3 0 0 1-4.3-4.3L4.7 7",
  columns: "M2.5 2.5h11v11h-11zM6.2 2.5v11M9.8 2.5v11",
  plus: "M8 3v10M3 8h10",
  download: "M8 2v8m-3.2-3L8 10.2 11.2 7M2.5 13.5h11",
  table: "M2 3h12v10H2zM2 6.5h12M2 9.8h12M6.5 6.5V13",
  curve: "M2 2v12h12M4 10.5c2-6 4-1 6-4s2.5-2.5 4-3",
  enlarge: "M9.5 2.5h4v4M6.5 13.5h-4v-4M13.5 2.5 9 7M2.5 13.5 7 9",
  more: "M3 8h.2M7.9 8h.2M12.8 8h.2",
  pin: "M6 2h4l-.5 5 2.5 2.5H4L6.5 7zM8 9.5V14",
  webhooks:
    "M8 2a3 3 0 0 1 2.6 4.5M8 2a3 3 0 0 0-2.6 4.5L3.9 9M3.9 9a2.4 2.4 0 1 0 2.5 2.6h4.1M12.9 9.2a2.4 2.4 0 1 1-2.4 2.4M10.6 6.5l1.5 2.6",
  star: "m8 2 1.8 3.9 4.2.5-3.1 2.9.8 4.2L8 11.4l-3.7 2.1.8-4.2L2 6.4l4.2-.5z",
  folder: "M2 4h4l1.5 2H14v7H2z",
  file: "M4 2h5l3 3v9H4zM9 2v3h3",
  pencil: "m3 13 .8-3.2 7-7 2.4 2.4-7 7zM9.5 4l2.5 2.5",
  trash: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 9h5.8l.6-9",
  menu: "M2.5 4h11M2.5 8h11M2.5 12h11",
  about: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 7.4V11M8 5v.2",
  help: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM6.3 6.3a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.8.6-.8 1.2M8 11v.2",
  keyboard: "M1.8 4h12.4v8H1.8zM4.5 6.6v.1M7 6.6v.1M9.5 6.6v.1M12 6.6v.1M5 9.4h6",
  settings: "M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M10.5 3v3M5.5 10v3",
  "sign-out": "M6.5 2.5h-4v11h4M10.5 5l3 3-3 3M13.5 8H6",
  view: "M3.5 2.5h9v11L8 10.5l-4.5 3z",
  sort: "M8 3v10M5 10l3 3 3-3",
  minus: "M3 8h10",
  fit: "M2.5 3v10M13.5 3v10M5 8h6M7 6 5 8l2 2M9 6l2 2-2 2",
  collapse: "M2.5 8h11M8 1.5v4M6 3.8 8 5.8l2-2M8 14.5v-4M6 12.2l2-2 2 2",
  expand: "M2.5 8h11M8 5.8v-4M6 3.5l2-2 2 2M8 10.2v4M6 12.5l2 2 2-2",
  path: "M2 3.5h5v4.5h4v4.5h3M12.2 10.7l1.8 1.8-1.8 1.8",
  skip: "M2 8h2.5M11.5 8H14M6.5 4 5.5 12M10.5 4l-1 8",
  braces:
    "M6 2.5c-2 0-1.5 1.5-1.5 3S3.5 8 2.5 8c1 0 2 1 2 2.5s-.5 3 1.5 3M10 2.5c2 0 1.5 1.5 1.5 3s1 2.5 2 2.5c-1 0-2 1-2 2.5s.5 3-1.5 3",
} as const;

/** Names of icons. */
export type IconName = keyof typeof PATHS;

/** A small drawing beside a word; it says nothing that the word does not. */
export function Icon({
  name,
  class: className = "",
}: {
  name: IconName;
  class?: string;
}): JSX.Element {
  return (
    <svg class={`icon ${className}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
