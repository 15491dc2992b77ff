import type { PatientDocument } from '../record/documents/documents.ts';
import type { Known } from '../record/reading.ts';
import { useRecord } from '../record/record.ts';
import { ItemBox } from '../shell/ItemBox.tsx';
import { Sign } from '../shell/icons.tsx';
import { Newest } from '../shell/Newest.tsx';
import { ReadingFrame } from '../shell/ReadingFrame.tsx';
import { Text } from '../shell/Text.tsx';
import '../shell/words/later.ts';
import { t } from '../shell/words/words.ts';
import { documentRow, documentsView } from './documents-view.ts';
import { OpenDocument } from './OpenDocument.tsx';
import './documents.css';

const FRESH_HOURS = 24;
/** Documents on screen before «vis alle». */
const SHOWN = 5;

/** Documents from all sources, newest first (S15). Their content is fetched on a press, and never before. */
export function Documents() {
  const reading = useRecord().documents.value;
  const n = reading.state === 'loading' ? 0 : reading.items.length;
  return (
    <>
      <h2 class="heading">{n > 0 ? t('doc.title', { n }) : t('section.documents')}</h2>
      <ReadingFrame
        section="documents"
        label={t('section.documents')}
        subject={{ what: t('section.documents') }}
        reading={reading}
        fresh={FRESH_HOURS}
        skeleton={5}
      >
        {known => <Content known={known} />}
      </ReadingFrame>
    </>
  );
}

function Content({ known }: { readonly known: Known<PatientDocument> }) {
  const { documents, masked } = documentsView(known);
  return (
    <>
      <Newest
        rows={documents.map(document => (
          <Row key={document.source.from + document.source.ref} document={document} />
        ))}
        shown={SHOWN}
      />
      {masked.map(sentence => (
        <p key={sentence} class="locked">
          <Sign of="lock" /> {sentence}
        </p>
      ))}
    </>
  );
}

function Row({ document }: { readonly document: PatientDocument }) {
  const { title, said, facts, warnings, locked, openings, closed } = documentRow(document);
  return (
    <ItemBox item={document} said={said} class="document">
      <div class="about">
        <h3>
          {locked && <Sign of="lock" />} <Text of={title} />
        </h3>
        <p class="muted">
          <Text of={facts.join(' · ')} />
        </p>
        {warnings.map(warning => (
          <p key={warning} class="warn">
            {warning}
          </p>
        ))}
        {locked && <p class="locked">{locked}</p>}
        {closed && <p class="muted">{closed}</p>}
      </div>
      {openings.map(opening => (
        <OpenDocument key={opening.label} opening={opening} />
      ))}
    </ItemBox>
  );
}
