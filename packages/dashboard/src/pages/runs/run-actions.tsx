import type { Run } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { useCan } from "../../api/me.ts";
import { refresh } from "../../api/query-client.ts";
import { Icon, type IconName } from "../../components/icon.tsx";
import { Menu } from "../../components/menu.tsx";
import { notify } from "../../components/toasts.tsx";
import { PurgeButton } from "../../lists/bulk/purge-button.tsx";
import { RUN_WRITES } from "../../questions/bulk.ts";
import { navigate } from "../../routing/hash-location.ts";
import { scopedPath } from "../../routing/scope.ts";
import { RegisterModelDialog } from "../models/register-model-dialog.tsx";
import { type RunText, RunTextDialog } from "./run-text-dialog.tsx";

const NAME: RunText = {
  label: "Name",
  most: 250,
  lines: 1,
  of: ({ name }) => name,
  patch: (text) => ({ name: text.trim() }),
};

/** How a run stands that has not ended. */
const IS_OPEN: ReadonlySet<Run["status"]> = new Set(["running", "scheduled"]);

/** How somebody can end one. */
const ENDS = [
  ["End as finished", "check", "finished"],
  ["End as failed", "warning", "failed"],
  ["End as killed", "stop", "killed"],
] as const;

/** What can be done with a run, for those who may write. */
export function RunActions({ run }: { run: Run }): JSX.Element | null {
  const [dialog, setDialog] = useState<"rename" | "register">();
  if (!useCan("write")) return null;
  const isDeleted = run.lifecycleStage === "deleted";
  const close = (): void => setDialog(undefined);
  return (
    <>
      <Menu label="More" icon="more">
        {(closeMenu) => {
          const item = (label: string, icon: IconName, act: () => void): JSX.Element => (
            <button
              type="button"
              onClick={() => {
                closeMenu();
                act();
              }}
            >
              <Icon name={icon} />
              {label}
            </button>
          );
          return (
            <div class="menu-list">
              {isDeleted ? (
                item("Restore", "check", () => void restore(run))
              ) : (
                <>
                  {item("Rename", "pencil", () => setDialog("rename"))}
                  {item("Register as model", "models", () => setDialog("register"))}
                  {IS_OPEN.has(run.status)
                    ? ENDS.map(([label, icon, status]) =>
                        item(label, icon, () => void end(run, status)),
                      )
                    : null}
                  {item("Delete", "trash", () => void remove(run))}
                </>
              )}
            </div>
          );
        }}
      </Menu>
      {isDeleted ? (
        <PurgeButton
          what={run.name}
          ids={[run.id]}
          writes={RUN_WRITES}
          onDone={() => navigate(scopedPath("runs", { experimentId: run.experimentId }))}
        />
      ) : null}
      {dialog === "rename" ? (
        <RunTextDialog run={run} title="Rename run" text={NAME} onClose={close} />
      ) : null}
      {dialog === "register" ? <RegisterModelDialog run={run} onClose={close} /> : null}
    </>
  );
}

/** A run whose process is gone does not end by itself. */
async function end(run: Run, status: Run["status"]): Promise<void> {
  await attempt(run, async () => {
    await rivulet.runs.update(run.id, { status });
    notify({ text: `The run ${run.name} has ended: ${status}.` });
  });
}

async function remove(run: Run): Promise<void> {
  await attempt(run, async () => {
    await rivulet.runs.delete(run.id);
    notify({ text: `Deleted the run ${run.name}.`, undo: () => bringBack(run) });
  });
}

async function restore(run: Run): Promise<void> {
  await attempt(run, async () => {
    await bringBack(run);
    notify({ text: `Restored the run ${run.name}.` });
  });
}

async function bringBack(run: Run): Promise<void> {
  await rivulet.runs.restore(run.id);
  await refresh("run", [run.id]);
}

async function attempt(run: Run, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    notify({ text: error instanceof Error ? error.message : String(error) });
  }
  await refresh("run", [run.id]);
}
