import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan, useMe } from "../../api/me.ts";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { Icon } from "../../components/icon.tsx";
import { TextField } from "../../components/text-field.tsx";
import { type Feedback, sendFeedback } from "../../questions/traces.ts";

/** Thumbs up, thumbs down, with a comment for who has more to say. */
export function FeedbackBar({ traceId }: { traceId: string }): JSX.Element {
  const [draft, setDraft] = useState<boolean>();
  const canAnnotate = useCan("annotate");
  if (!canAnnotate) return <span class="muted">Feedback needs more than read-only access.</span>;
  return (
    <div class="feedback">
      <span class="muted" id="feedback-label">
        Feedback
      </span>
      <button type="button" class="icon-button thumb" title="Good" onClick={() => setDraft(true)}>
        <Icon name="up" />
        <span class="hidden-text">Good</span>
      </button>
      <button type="button" class="icon-button thumb" title="Bad" onClick={() => setDraft(false)}>
        <Icon name="down" />
        <span class="hidden-text">Bad</span>
      </button>
      {draft === undefined ? null : (
        <FeedbackDialog traceId={traceId} isGood={draft} onClose={() => setDraft(undefined)} />
      )}
    </div>
  );
}

function FeedbackDialog({
  traceId,
  isGood,
  onClose,
}: {
  traceId: string;
  isGood: boolean;
  onClose: () => void;
}): JSX.Element {
  const [comment, setComment] = useState("");
  const me = useMe();
  const action = useAction((feedback: Feedback) => sendFeedback(feedback));
  const input = (): Feedback => {
    const rationale = comment.trim();
    return {
      traceId,
      value: isGood,
      ...(rationale === "" ? {} : { rationale }),
      ...(me === undefined ? {} : { sourceId: me.id }),
    };
  };
  return (
    <FormModal
      title={isGood ? "What was good?" : "What was bad?"}
      action={action}
      input={input}
      submitLabel={
        <>
          <Icon name={isGood ? "up" : "down"} />
          Save feedback
        </>
      }
      onClose={onClose}
    >
      <TextField label="Comment (optional)" rows={4} value={comment} onText={setComment} />
    </FormModal>
  );
}
