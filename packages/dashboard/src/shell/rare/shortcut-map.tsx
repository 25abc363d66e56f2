import type { JSX } from "preact";
import { Modal } from "../../components/modal.tsx";
import { overlay } from "../overlay.ts";
import { PALETTE_KEYS, PLACES } from "../shortcuts.ts";

const GROUPS: readonly (readonly [
  title: string,
  keys: readonly (readonly [keys: string, label: string])[],
])[] = [
  [
    "Everywhere",
    [
      [PALETTE_KEYS, "Find anything, or do something"],
      ["/", "Search on this page"],
      ["[", "Previous"],
      ["]", "Next"],
      ["?", "These shortcuts"],
      ["Esc", "Close what is open"],
    ],
  ],
  [
    "In lists",
    [
      ["J", "Next row in the side panel"],
      ["K", "Previous row in the side panel"],
      ["Enter", "Open the row's full page"],
    ],
  ],
  ["Go to", PLACES.map(([letter, label]) => [`G ${letter.toUpperCase()}`, label] as const)],
];

/** Every shortcut, over the page. */
export function ShortcutMap(): JSX.Element {
  return (
    <Modal title="Keyboard shortcuts" onClose={() => overlay.set(undefined)}>
      <div class="shortcut-map">
        {GROUPS.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([combination, label]) => (
                <div key={combination}>
                  <dt>{label}</dt>
                  <dd>
                    {combination.split(" ").map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p class="muted">None of them acts while you type, or while a dialog is open.</p>
    </Modal>
  );
}
