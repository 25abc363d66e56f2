import type { PromptVersion } from "@rivulet/core";
import type { FunctionComponent, JSX } from "preact";
import { Chip, Tags } from "../../components/chips.tsx";
import { lazyComponent } from "../../components/lazy-component.tsx";
import { Section } from "../../components/page.tsx";
import { JsonTree } from "../../content/json-tree.tsx";
import type { TextDiffProps } from "../../content/text-diff.tsx";
import { TemplateView } from "./template-view.tsx";
import { versionText } from "./version-text.ts";

const TextDiff: FunctionComponent<TextDiffProps> = lazyComponent(
  async () => (await import("../../content/text-diff.tsx")).TextDiff,
);

/** A version, by itself or against another. */
export function VersionView({
  current,
  other,
  versions,
  onCompare,
}: {
  current: PromptVersion;
  other: PromptVersion | undefined;
  versions: readonly PromptVersion[];
  onCompare: (version: string) => void;
}): JSX.Element {
  return (
    <div class="version-view">
      <Section
        title={`Version ${current.version}`}
        actions={
          <CompareSelect
            current={current}
            other={other}
            versions={versions}
            onCompare={onCompare}
          />
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
    </div>
  );
}

function CompareSelect({
  current,
  other,
  versions,
  onCompare,
}: {
  current: PromptVersion;
  other: PromptVersion | undefined;
  versions: readonly PromptVersion[];
  onCompare: (version: string) => void;
}): JSX.Element {
  return (
    <label class="inline-field">
      Compare with
      <select
        value={other === undefined ? "" : String(other.version)}
        onChange={(event) => onCompare(event.currentTarget.value)}
      >
        <option value="">nothing</option>
        {versions
          .filter(({ version }) => version !== current.version)
          .map(({ version }) => (
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
      <pre class="code-line">
        <code>{usage(version)}</code>
      </pre>
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
