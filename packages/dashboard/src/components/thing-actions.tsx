import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../api/me.ts";
import { ConfirmDialog, type ConfirmDialogProps } from "./confirm-dialog.tsx";
import { DescribeDialog, type DescribeDialogProps } from "./describe-dialog.tsx";
import { Icon, type IconName } from "./icon.tsx";

/** A button that opens a dialog, for those who may write. */
export function DialogButton({
  label,
  icon,
  isPrimary = false,
  isOff = false,
  access = "write",
  dialog,
}: {
  label: ComponentChildren;
  icon?: IconName;
  /** The way to make one more of what a page lists. @default false */
  isPrimary?: boolean;
  isOff?: boolean;
  /** @default 'write' */
  access?: "write" | "admin";
  dialog: (close: () => void) => JSX.Element;
}): JSX.Element | null {
  const isAllowed = useCan(access);
  const [isOpen, setOpen] = useState(false);
  if (!isAllowed) return null;
  return (
    <>
      <button
        type="button"
        class={isPrimary ? "button button-primary" : "button"}
        disabled={isOff}
        onClick={() => setOpen(true)}
      >
        {icon === undefined ? null : <Icon name={icon} />}
        {label}
      </button>
      {isOpen ? dialog(() => setOpen(false)) : null}
    </>
  );
}

/** Makes one more of what a page lists. */
export function NewButton(props: {
  label: string;
  access?: "write" | "admin";
  dialog: (close: () => void) => JSX.Element;
}): JSX.Element | null {
  return <DialogButton {...props} icon="plus" isPrimary />;
}

/** Changes the description and the tags of a thing. */
export function EditButton(props: Omit<DescribeDialogProps, "onClose">): JSX.Element | null {
  return (
    <DialogButton label="Edit" dialog={(close) => <DescribeDialog {...props} onClose={close} />} />
  );
}

/** Deletes a thing for good, after it has said what goes with it; then its list is shown. */
export function DeleteButton({
  after,
  access,
  ...props
}: Omit<ConfirmDialogProps, "onClose" | "onDone"> & {
  /** Where one goes, as it is gone. */
  after: string;
  access?: "admin";
}): JSX.Element | null {
  return (
    <DialogButton
      label="Delete"
      icon="trash"
      {...(access && { access })}
      dialog={(close) => (
        <ConfirmDialog
          {...props}
          onDone={() => {
            location.hash = after;
          }}
          onClose={close}
        />
      )}
    />
  );
}
