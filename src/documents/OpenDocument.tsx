import { useSignal } from '@preact/signals';
import { openAttachment } from '../record/documents/document-content.ts';
import { useRecord } from '../record/record.ts';
import { t } from '../shell/words/words.ts';
import { fileName, notOpenedText, type Opening } from './documents-view.ts';
import { save } from './save.ts';

type Progress =
  | { readonly at: 'rest' }
  | { readonly at: 'busy' }
  | { readonly at: 'saved'; readonly name: string }
  | { readonly at: 'failed'; readonly why: string };

/** A press fetches the file and hands it to the person's downloads; what went wrong is said beside the document. */
export function OpenDocument({ opening }: { readonly opening: Opening }) {
  const { session } = useRecord();
  const progress = useSignal<Progress>({ at: 'rest' });
  const { value } = progress;

  async function open() {
    progress.value = { at: 'busy' };
    let why: string | undefined;
    for (const { document, attachment } of opening.copies) {
      const opened = await openAttachment(session, document, attachment);
      if (opened.ok) {
        // The screen may have been left, or locked, while the file was on its way.
        if (session.signal.aborted) return;
        const name = fileName(document, opened);
        save(opened.bytes, opened.type, name);
        progress.value = { at: 'saved', name };
        return;
      }
      why ??= notOpenedText(opened, document);
    }
    progress.value = { at: 'failed', why: why ?? t('doc.failed.type') };
  }

  return (
    <div class="opening">
      <button
        type="button"
        class="ds-button"
        data-variant="secondary"
        aria-label={opening.name}
        aria-disabled={value.at === 'busy'}
        onClick={() => void (value.at === 'busy' || open())}
      >
        {value.at === 'busy' ? t('doc.opening') : opening.label}
      </button>
      <output class="muted">{value.at === 'saved' && t('doc.saved', { name: value.name })}</output>
      {value.at === 'failed' && (
        <p class="warn" role="alert">
          {value.why}
        </p>
      )}
    </div>
  );
}
