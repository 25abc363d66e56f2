import type { PromptVersion } from "@rivulet/core";
import type { FunctionComponent, JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../../api/me.ts";
import { Chip, Tags } from "../../components/chips.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { Icon } from "../../components/icon.tsx";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { Section } from "../../components/page.tsx";
import { JsonTree } from "../../content/json-tree.tsx";
import type { TextDiffProps } from "../../content/text-diff.tsx";
import { versionsUpTo } from "./alias-dialog.tsx";
import type { PromptEditorProps } from "./prompt-editor.tsx";
import { TemplateView } from "./template-view.tsx";
import { versionText } from "./version-text.ts";

const TextDiff: FunctionComponent<TextDiffProps> = lazyComponent(
  async () => (await import("../../content/text-diff.tsx")).TextDiff,
);

const PromptEditor: FunctionComponent<PromptEditorProps> = lazyComponent(
  async () => (await import("./prompt-editor.tsx")).PromptEditor,
);

/** A version, by itself or against another. */
export function VersionView({
  current,
  other,
  latest,
  onCompare,
}: {
  current: PromptVersion;
  other: PromptVersion | undefined;
  /** Number of the newest version. */
  latest: number;
  onCompare: (version: string) => void;
}): JSX.Element {
  const [isWriting, setWriting] = useState(false);
  const canWrite = useCan("write");
  return (
    <div class="version-view">
      <Section
        title={`Version ${current.version}`}
        actions={
          <>
            <CompareSelect current={current} other={other} latest={latest} onCompare={onCompare} />
            {canWrite ? (
              <button type="button" class="button button-primary" onClick={() => setWriting(true)}>
                <Icon name="plus" />
                New version
              </button>
            ) : null}
          </>
        }
      >
        {other === undefined ? (
          <VersionBody version={current} />
        ) : (
          <TextDiff
            before={versionText(other)}
            after={versionText(current)}
            beforeName={`v${other.version}`}
            afterName={`v${current.version}`}
          />
        )}
      </Section>
      {isWriting ? (
        <PromptEditor base={current} latest={latest} onClose={() => setWriting(false)} />
      ) : null}
    </div>
  );
}

function CompareSelect({
  current,
  other,
  latest,
  onCompare,
}: {
  current: PromptVersion;
  other: PromptVersion | undefined;
  latest: number;
  onCompare: (version: string) => void;
}): JSX.Element {
  return (
    <label class="inline-field">
      Compare with
      <select
        value={other === undefined ? "" : String(other.version)}
        onChange={(event) => onCompare(event.currentTarget.value)}
      >
        <option value="">Nothing</option>
        {versionsUpTo(latest)
          .filter((version) => version !== current.version)
          .map((version) => (
            <option key={version} value={String(version)}>
              v{version}
            </option>
          ))}
      </select>
    </label>
  );
}

function VersionBody({ version }: { version: PromptVersion }): JSX.Element {
  const { variables, config, tags } = version;
  return (
    <>
      <TemplateView template={version.template} />
      {variables.length === 0 ? null : (
        <p class="labelled">
          <span class="muted">Variables</span>{" "}
          {variables.map((variable) => (
            <Chip key={variable}>{variable}</Chip>
          ))}
        </p>
      )}
      {Object.keys(tags).length === 0 ? null : (
        <p class="labelled">
          <span class="muted">Tags</span> <Tags tags={tags} />
        </p>
      )}
      {Object.keys(config).length === 0 ? null : (
        <>
          <h3>Config</h3>
          <JsonTree value={config} label="config" />
        </>
      )}
      <h3>Use it</h3>
      <div class="copied-code">
        <pre class="code-line">
          <code>{usage(version)}</code>
        </pre>
        <CopyButton text={usage(version)} label="Copy as code" />
      </div>
    </>
  );
}

/** The line that uses this version; through an alias where it has one. */
function usage({ name, version, aliases, type, variables }: PromptVersion): string {
  const reference = JSON.stringify(`${name}@${aliases[0] ?? version}`);
  const values = variables.length === 0 ? "" : `{ ${variables.join(", ")} }`;
  const method = type === "chat" ? "formatMessages" : "format";
  return `const prompt = await rivulet.prompts.get(${reference});\nprompt.${method}(${values});`;
}
