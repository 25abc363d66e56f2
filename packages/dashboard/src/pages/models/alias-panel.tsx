import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../../api/me.ts";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { Icon } from "../../components/icon.tsx";
import { Section } from "../../components/page.tsx";
import { notify } from "../../components/toasts.tsx";
import { byName } from "../../format/by-name.ts";
import { deleteModelAlias, rollBackAlias, setModelAlias } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";
import { useAct, WhyField } from "./act-fields.tsx";
import { placeOf, requirementText } from "./gate-words.ts";
import { GatesDialog } from "./gates-dialog.tsx";
import { ModelAliasDialog } from "./model-alias-dialog.tsx";

type Open =
  | { readonly dialog: "move" | "back" | "delete"; readonly alias: string }
  | { readonly dialog: "new" | "gates" };

/** Where the aliases of a model point, and what versions need before one may point at them. */
export function AliasPanel({ model }: { model: RegisteredModel }): JSX.Element {
  const canWrite = useCan("write");
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  return (
    <>
      <Section
        title="Aliases"
        actions={
          canWrite && model.latestVersion !== undefined ? (
            <button type="button" class="button" onClick={() => setOpen({ dialog: "new" })}>
              <Icon name="plus" />
              New alias
            </button>
          ) : null
        }
      >
        <Aliases model={model} canWrite={canWrite} onOpen={setOpen} />
      </Section>
      <Section
        title="Gates"
        actions={
          canWrite ? (
            <button type="button" class="button" onClick={() => setOpen({ dialog: "gates" })}>
              Edit gates
            </button>
          ) : null
        }
      >
        <Gates model={model} />
      </Section>
      {open === undefined ? null : <Dialog model={model} open={open} onClose={close} />}
    </>
  );
}

function Aliases({
  model: { name, aliases },
  canWrite,
  onOpen,
}: {
  model: RegisteredModel;
  canWrite: boolean;
  onOpen: (open: Open) => void;
}): JSX.Element {
  const entries = Object.entries(aliases).sort(([a], [b]) => byName(a, b));
  if (entries.length === 0) {
    return (
      <p class="muted">
        No alias yet. An app that loads <code>{name}@production</code> takes another version when
        the alias moves.
      </p>
    );
  }
  return (
    <div class="wide-table">
      <table class="plain-table" aria-label="Aliases">
        <tbody>
          {entries.map(([alias, version]) => (
            <tr key={alias}>
              <th scope="row">{alias}</th>
              <td>
                <a href={paths.modelVersion(name, version)}>v{version}</a>
              </td>
              {canWrite ? (
                <td class="row-actions">
                  {ALIAS_ACTS.map(([dialog, word]) => (
                    <button
                      key={dialog}
                      type="button"
                      class="button"
                      onClick={() => onOpen({ dialog, alias })}
                    >
                      {word}
                      <span class="hidden-text"> {alias}</span>
                    </button>
                  ))}
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const ALIAS_ACTS = [
  ["move", "Move"],
  ["back", "Roll back"],
  ["delete", "Remove"],
] as const;

function Gates({ model: { gates = [] } }: { model: RegisteredModel }): JSX.Element {
  if (gates.length === 0) {
    return (
      <p class="muted">
        No gate yet. A gate says what a version needs before an alias may point at it, or before it
        enters a stage, such as <code>metrics.accuracy &gt;= 0.95</code>.
      </p>
    );
  }
  return (
    <div class="wide-table">
      <table class="plain-table" aria-label="Gates">
        <tbody>
          {gates.map((gate, index) => (
            <tr key={index}>
              <th scope="row">{placeOf(gate)}</th>
              <td>
                requires <code>{requirementText(gate.requires)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Dialog({
  model,
  open,
  onClose,
}: {
  model: RegisteredModel;
  open: Open;
  onClose: () => void;
}): JSX.Element {
  switch (open.dialog) {
    case "new":
      return <ModelAliasDialog model={model} onClose={onClose} />;
    case "gates":
      return <GatesDialog model={model} onClose={onClose} />;
    case "move":
      return <ModelAliasDialog model={model} alias={open.alias} onClose={onClose} />;
    case "back":
      return <RollBackDialog model={model} alias={open.alias} onClose={onClose} />;
    case "delete":
      return <RemoveDialog model={model} alias={open.alias} onClose={onClose} />;
  }
}

interface AliasDialogProps {
  readonly model: RegisteredModel;
  readonly alias: string;
  readonly onClose: () => void;
}

/** Brings an alias back to where the history says it was before. */
function RollBackDialog({
  model: { name, aliases },
  alias,
  onClose,
}: AliasDialogProps): JSX.Element {
  const act = useAct();
  const action = useAction(async () => {
    const { version } = await rollBackAlias({ name, alias, ...act.given });
    notify({ text: `${name}@${alias} is v${version} again.` });
  });
  return (
    <FormModal
      title={`Roll back ${alias}?`}
      action={action}
      input={() => undefined}
      submitLabel="Roll back"
      onClose={onClose}
    >
      <p>
        It is v{aliases[alias]} now, and will be the version before by the history. Gates do not
        keep it: that version was there already.
      </p>
      <WhyField act={act} />
    </FormModal>
  );
}

/** Removes an alias, for a reason that the history keeps. */
function RemoveDialog({ model: { name, aliases }, alias, onClose }: AliasDialogProps): JSX.Element {
  const act = useAct();
  const [expected] = useState(aliases[alias] ?? 0);
  const action = useAction(async () => {
    await deleteModelAlias({ name, alias, expected, ...act.given });
    notify({
      text: `Removed the alias ${alias} of ${name}.`,
      undo: () =>
        setModelAlias({
          name,
          alias,
          version: expected,
          expected: null,
          force: true,
          why: "Taken back",
        }),
    });
  });
  return (
    <FormModal
      title={`Remove ${alias}?`}
      action={action}
      input={() => undefined}
      submitLabel="Remove alias"
      tone="danger"
      onClose={onClose}
    >
      <p>
        Apps that load{" "}
        <code>
          {name}@{alias}
        </code>{" "}
        will fail. Version v{expected} stays.
      </p>
      <WhyField act={act} />
    </FormModal>
  );
}
