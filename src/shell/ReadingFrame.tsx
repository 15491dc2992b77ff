import type { ComponentChildren } from 'preact';
import type { Known, Reading } from '../record/reading.ts';
import { useRecord } from '../record/record.ts';
import { isPartial } from '../record/whole.ts';
import { Sign } from './icons.tsx';
import { useNow } from './now.ts';
import { Skeleton } from './Skeleton.tsx';
import {
  fetchedWords,
  isStale,
  listed,
  notesOn,
  remarksOf,
  type Subject,
  stateView,
  whoseState,
} from './state-view.ts';
import { t } from './words/words.ts';

type Section =
  | 'plan'
  | 'contacts'
  | 'critical'
  | 'medication'
  | 'evaluation'
  | 'documents'
  | 'results'
  | 'measurements';

interface Props<T> {
  /** Undefined where the same reading is shown a second time: a section is named once on the page. */
  readonly section?: Section;
  readonly label: string;
  readonly subject: Omit<Subject, 'source'>;
  readonly reading: Reading<T>;
  /** How many hours the answer may be old. */
  readonly fresh: number;
  /** Lines that hold the place while the answer is on its way. */
  readonly skeleton: number;
  /** False where the time of fetching already stands elsewhere. */
  readonly sourced?: boolean;
  readonly children: (known: Known<T>) => ComponentChildren;
}

/** How the state of our knowledge looks, everywhere alike. A room cannot forget one of the nine. */
export function ReadingFrame<T>(props: Props<T>) {
  const { section, label, reading, fresh } = props;
  const now = useNow();
  const known = reading.state === 'loading' ? undefined : reading;
  const { copiedAt } = useRecord().session;
  const unasked = known !== undefined && copiedAt !== undefined && SILENT.has(known.state);
  const stale =
    known !== undefined && !unasked && (copiedAt !== undefined || isStale(known.asOf, now, fresh));
  return (
    <section
      class="reading"
      aria-label={label}
      aria-busy={reading.state === 'loading'}
      data-section={section}
      data-state={section && reading.state}
      data-partial={known && isPartial(known) ? 'true' : undefined}
      data-stale={stale ? 'true' : undefined}
      data-fetched-at={section && known?.asOf.toISOString()}
    >
      <StateBlock {...props} />
      {known && (
        <Content
          {...props}
          known={known}
          stale={stale}
          now={now}
          sourced={!unasked && (props.sourced ?? true)}
        />
      )}
    </section>
  );
}

/** States nobody answered to: in a copy they are of no age, and nothing of them was fetched. */
const SILENT: ReadonlySet<string> = new Set(['failed', 'not-permitted', 'not-supported']);

function StateBlock<T>({ reading, subject, skeleton }: Props<T>) {
  const { session, refresh } = useRecord();
  const view = stateView(reading, { ...subject, source: session.label });
  const failing = reading.state === 'loading' ? undefined : reading.failing;
  if (!view) return null;
  if (view.look === 'loading')
    return (
      <Skeleton
        lines={skeleton}
        says={[view.title, t('state.slow', { source: whoseState(reading, session.label) })]}
      />
    );
  return (
    <div class="state" data-look={view.look} role={view.retry ? 'alert' : undefined}>
      <Sign of={view.icon} />
      <div>
        <p class="state-title">{view.title}</p>
        {view.advice && <p>{view.advice}</p>}
        {view.retry && (
          <button
            type="button"
            class="ds-button"
            data-variant="secondary"
            onClick={() => void refresh(failing)}
          >
            {t('state.retry')}
          </button>
        )}
      </div>
    </div>
  );
}

function Content<T>({
  known,
  stale,
  now,
  sourced,
  children,
}: Props<T> & { readonly known: Known<T>; readonly stale: boolean; readonly now: Date }) {
  const notes = notesOn(known);
  return (
    <>
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map(note => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {children(known)}
      {remarksOf(known).map(remark => (
        <p key={remark} class="muted">
          <bdi>{remark}</bdi>
        </p>
      ))}
      {(sourced || stale) && (
        <p class={stale ? 'fetched stale' : 'fetched'}>
          {fetchedWords(known.asOf, now, listed(known.from), stale)}
        </p>
      )}
    </>
  );
}
