import type { DatasetRecord } from "@rivulet/core";
import type { JSX } from "preact";
import { Modal } from "../../components/modal.tsx";
import { JsonTree } from "../../content/json-tree.tsx";
import { Payload } from "../../content/payload.tsx";
import { paths } from "../../routing/paths.ts";

/** One record, in full. */
export function RecordDialog({
  record,
  onClose,
}: {
  record: DatasetRecord;
  onClose: () => void;
}): JSX.Element {
  const { sourceTraceId, metadata } = record;
  return (
    <Modal title={`Record ${record.id.slice(0, 12)}`} onClose={onClose}>
      <Payload title="Inputs" value={record.inputs} />
      <Payload title="Expectations" value={record.expectations} />
      {Object.keys(metadata).length === 0 ? null : (
        <section class="payload">
          <h3>Metadata</h3>
          <JsonTree value={metadata} label="metadata" />
        </section>
      )}
      {sourceTraceId === undefined ? null : (
        <p>
          Made from <a href={paths.trace(sourceTraceId)}>trace {sourceTraceId.slice(0, 12)}</a>
        </p>
      )}
    </Modal>
  );
}
