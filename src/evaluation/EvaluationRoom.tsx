import { useSignal } from '@preact/signals';
import type { ComponentChildren, FunctionComponent } from 'preact';
import { useMemo } from 'preact/hooks';
import { UnkeptForm } from '../confirm/UnkeptForm.tsx';
import { useRecord } from '../record/record.ts';
import { Overlay } from '../shell/Overlay.tsx';
import { sayEvaluation } from '../shell/words/evaluation-words.ts';
import './evaluation.css';
import { whomOf } from './evaluation-view.ts';
import { OPENER } from './NewEvaluation.tsx';
import { RoomProvider } from './room.ts';

type Form = FunctionComponent<{ readonly close: () => void }>;

/** The evaluation opens over the rooms of its tab, and gives them back as they were. */
export function EvaluationRoom({ children }: { readonly children: ComponentChildren }) {
  const { patient } = useRecord();
  const open = useSignal(false);
  const brought = useSignal<{ readonly Form?: Form }>({});
  const failed = useSignal(false);
  const room = useMemo(() => {
    // The form is much, and few who open the panel evaluate: it comes when somebody asks for it.
    async function bring(): Promise<void> {
      failed.value = false;
      try {
        brought.value = { Form: (await import('./Evaluation.tsx')).Evaluation };
        open.value = true;
      } catch (error) {
        reportError(error);
        failed.value = true;
      }
    }
    return { open: () => void bring() };
  }, [open, brought, failed]);
  const { Form } = brought.value;
  const close = () => {
    open.value = false;
  };
  return (
    <RoomProvider value={room}>
      <Overlay
        open={open.value}
        title={sayEvaluation('eval.title', { navn: whomOf(patient.value).name })}
        openerId={OPENER}
        close={close}
      >
        {open.value && Form && (
          <UnkeptForm>
            <Form close={close} />
          </UnkeptForm>
        )}
      </Overlay>
      {failed.value && <p role="alert">{sayEvaluation('room.failed')}</p>}
      <div hidden={open.value}>{children}</div>
    </RoomProvider>
  );
}
