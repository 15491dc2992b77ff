import { useSignal } from '@preact/signals';
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { UnkeptForm } from '../confirm/UnkeptForm.tsx';
import { useRecord } from '../record/record.ts';
import { Overlay } from '../shell/Overlay.tsx';
import { sayChanges } from '../shell/words/changes-words.ts';
import './changes.css';
import { whomOf } from './changes-view.ts';
import { modelOf } from './model.ts';

interface Props {
  /** Allergies and limits of care, said again above what is decided (S08). */
  readonly safety: ComponentChildren;
  readonly children: ComponentChildren;
}

type Content = FunctionComponent<{ readonly safety: ComponentChildren }>;

/** The changes open over the rooms of their tab, and give them back as they were. */
export function ChangesRoom({ safety, children }: Props) {
  const record = useRecord();
  const { opener } = modelOf(record);
  const brought = useSignal<{ readonly Sendings?: Content }>({});
  const failed = useSignal(false);
  const open = opener.value !== undefined;
  // The focus goes back to it when it is no longer open.
  const last = useRef('');
  if (opener.value !== undefined) last.current = opener.value;
  useEffect(() => {
    // Deciding is for one reader in many: it comes when somebody opens it.
    async function bring(): Promise<void> {
      failed.value = false;
      try {
        brought.value = { Sendings: (await import('./Sendings.tsx')).Sendings };
      } catch (error) {
        reportError(error);
        failed.value = true;
        opener.value = undefined;
      }
    }
    if (open && !brought.value.Sendings) void bring();
  }, [open, brought, failed, opener]);
  const { Sendings } = brought.value;
  return (
    <>
      <Overlay
        open={open}
        title={sayChanges('room.title', { navn: whomOf(record.patient.value).name })}
        openerId={last.current}
        close={() => {
          opener.value = undefined;
        }}
      >
        {open && Sendings && (
          <UnkeptForm>
            <Sendings safety={safety} />
          </UnkeptForm>
        )}
      </Overlay>
      {failed.value && <p role="alert">{sayChanges('room.failed')}</p>}
      <div hidden={open}>{children}</div>
    </>
  );
}
