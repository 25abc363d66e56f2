import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useQuery } from "../../api/use-query.ts";
import { Modal } from "../../components/modal.tsx";
import { type SearchGroup, SearchList, type SearchOption } from "../../components/search-list.tsx";
import { formatAge } from "../../format/times.ts";
import { useScope } from "../../routing/scope.ts";
import { overlay } from "../overlay.ts";
import { type Command, commandsFor } from "./commands.ts";
import { askFound, type Found } from "./find.ts";
import { useDelayed } from "./use-delayed.ts";

/** Finds pages, actions and whatever the store holds, by name or by id. */
export function Palette(): JSX.Element {
  const [text, setText] = useState("");
  const words = useDelayed(text.trim());
  const scope = useScope();
  const { data: found = [], isLoading, error } = useQuery(askFound(words));
  const groups = [...commandGroups(commandsFor(text.trim(), scope)), ...foundGroups(found)];
  const isSettled = words === text.trim() && !(words !== "" && isLoading);
  return (
    <Modal title="Find" class="palette" onClose={close}>
      <SearchList
        label="Find pages, actions, names and ids"
        placeholder="A page, a name, an id, or what to do"
        text={text}
        onText={setText}
        groups={groups}
        note={noteOf({ isSettled, error, isEmpty: groups.length === 0 })}
      />
    </Modal>
  );
}

function close(): void {
  overlay.set(undefined);
}

function noteOf(state: {
  readonly isSettled: boolean;
  readonly error: Error | null;
  readonly isEmpty: boolean;
}): string | undefined {
  if (state.error !== null) return state.error.message;
  if (!state.isSettled) return "Looking…";
  return state.isEmpty ? "Nothing has this name or id." : undefined;
}

function commandGroups(commands: readonly Command[]): readonly SearchGroup[] {
  return (["Pages", "Actions"] as const)
    .map((title) => ({
      title,
      options: commands.filter(({ group }) => group === title).map(commandOption),
    }))
    .filter(({ options }) => options.length > 0);
}

function commandOption({ group, label, icon, keys, run }: Command): SearchOption {
  return {
    key: `${group}-${label.replaceAll(" ", "-")}`,
    label,
    icon,
    ...(keys !== undefined && { detail: <kbd>{keys}</kbd> }),
    onChoose: () => {
      // First, since some of them open something else.
      close();
      run();
    },
  };
}

function foundGroups(found: readonly Found[]): readonly SearchGroup[] {
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  return kinds.map((title) => ({
    title,
    options: found
      .filter(({ kind }) => kind === title)
      .map(({ key, name, icon, href, time }, index) => ({
        key: `${title.replaceAll(" ", "-")}-${index}-${key.replaceAll(/\W/g, "")}`,
        label: name,
        icon,
        ...(time !== undefined && { detail: formatAge(time) }),
        onChoose: () => {
          close();
          location.hash = href;
        },
      })),
  }));
}
