import { OutboxProvider } from '../../src/confirm/outbox-context.ts';
import { UnkeptForm } from '../../src/confirm/UnkeptForm.tsx';
import { openAutosave } from '../../src/evaluation/autosave.ts';
import { type Filling, fill } from '../../src/evaluation/filling.ts';
import '../../src/evaluation/evaluation.css';
import { Review } from '../../src/evaluation/Review.tsx';
import { Sent } from '../../src/evaluation/Sent.tsx';
import { Steps } from '../../src/evaluation/Steps.tsx';
import type { Session } from '../../src/fhir/session.ts';
import { openOutbox } from '../../src/outbox/outbox.ts';
import type { ResponseItem } from '../../src/record/evaluating/form.ts';
import { RecordProvider } from '../../src/record/record.ts';
import { EhrPageProvider } from '../../src/shell/ehr-page.ts';
import { Overlay } from '../../src/shell/Overlay.tsx';
import { language } from '../../src/shell/words/words.ts';
import { known, medicine, recordOf } from '../hand-made.tsx';
import { asked, formWith, occasion, option, ownOccasion } from '../hand-made-form.ts';

const nothing = () => {};
const about = { name: 'evaluation', plan: 'CarePlan/1' };

/** A form at one of its steps: `?evaluation=2`, the review behind the last, `kinds` for every kind of question. */
export function evaluationAt(which: string) {
  const made = recordOf({
    medicines: known([medicine({ substance: 'sertralin', dose: ['100 mg om morgenen'] })]),
  });
  const session: Session = {
    ...made.session,
    user: { sub: 'u-psy', name: 'Tuva Poliklin', fhirUser: undefined },
  };
  const record = { ...made, session };
  // The journal does not answer: what is kept stays where it is.
  const outbox = openOutbox(session, {
    deliver: () =>
      Promise.resolve({ kind: 'later', unsure: false, why: 'unreachable', afterSeconds: 60 }),
  });
  const filling = fillingAt(which, openAutosave(outbox.drafts, about, session.clock.now));
  const Where = () =>
    filling.step.value < filling.pages.length ? (
      <Steps filling={filling} />
    ) : (
      <Review filling={filling} sent={nothing} />
    );
  return (
    <RecordProvider value={record}>
      <EhrPageProvider
        value={{ scratchpad: async () => begun(session), openMedications: async () => false }}
      >
        <OutboxProvider value={outbox}>
          <main class="panel panel-planer">
            <Overlay open title="Ny evaluering – Amina Eksempelrud" openerId="" close={nothing}>
              <UnkeptForm>
                {which === 'sent' ? <Sent id="" close={nothing} /> : <Where />}
              </UnkeptForm>
            </Overlay>
          </main>
        </OutboxProvider>
      </EhrPageProvider>
    </RecordProvider>
  );
}

/** In the journal, and not signed: one that can be taken over, and one that cannot. */
const begun = ({ patient }: Session) =>
  [{ medicationCodeableConcept: { text: 'melatonin' } }, {}].map(what => ({
    resourceType: 'MedicationRequest',
    status: 'draft',
    intent: 'order',
    dosageInstruction: [{ text: '3 mg kl. 21' }],
    subject: { reference: patient },
    ...what,
  }));

function fillingAt(which: string, autosave: Parameters<typeof fill>[1]): Filling {
  if (which === 'kinds') return fill(occasion({ form: kinds }), autosave, undefined);
  const own = ownOccasion(language.value);
  const draft = {
    form: own.form.canonical,
    planVersion: '3',
    step: Number(which),
    tellDoctor: true,
  };
  return fill(own, autosave, { ...draft, items: answeredIn(own.initial) });
}

const coding = (system: string, code: string, display: string) => ({
  answer: [{ valueCoding: { system, code, display } }],
});
const OURS = 'https://example.org/fhir/CodeSystem/no-plan';
const ACHIEVEMENT = 'http://terminology.hl7.org/CodeSystem/goal-achievement';

/** Some of everything, and something left out. */
const answeredIn = (initial: readonly ResponseItem[]): readonly ResponseItem[] =>
  initial.map((page): ResponseItem => {
    const more = MORE[page.linkId] ?? [];
    return { ...page, item: [...(page.item ?? []).map(worse), ...more] };
  });

/** The first goal has become worse. */
const worse = (each: ResponseItem, index: number): ResponseItem =>
  each.linkId === 'goal-status' && index === 0
    ? {
        ...each,
        item: [
          ...(each.item ?? []),
          { linkId: 'status', ...coding(ACHIEVEMENT, 'worsening', 'Verre enn før') },
          { linkId: 'own-score', answer: [{ valueInteger: 3 }] },
        ],
      }
    : each;

const MORE: Readonly<Record<string, readonly ResponseItem[]>> = {
  'page-present': [
    { linkId: 'patient-participation', ...coding(OURS, 'ikke-mulig', 'Ikke mulig') },
    {
      linkId: 'present',
      item: [
        { linkId: 'who', answer: [{ valueReference: { reference: 'PractitionerRole/2' } }] },
        { linkId: 'outside', answer: [{ valueBoolean: true }] },
      ],
    },
    {
      linkId: 'present',
      item: [{ linkId: 'who', answer: [{ valueReference: { display: 'Kari Nav' } }] }],
    },
  ],
  'page-changes': [
    {
      linkId: 'change',
      item: [
        { linkId: 'kind', ...coding(OURS, 'legemiddel', 'legemiddel') },
        { linkId: 'what', answer: [{ valueString: 'sertralin' }] },
      ],
    },
    { linkId: 'change', item: [{ linkId: 'kind', ...coding(OURS, 'tiltak', 'tiltak') }] },
  ],
};

const kinds = formWith(
  asked({ linkId: 'Beskjed', type: 'display' }),
  asked({ linkId: 'Tekst', type: 'string', required: true, help: 'Skriv kort' }),
  asked({ linkId: 'Lang tekst', type: 'text' }),
  asked({ linkId: 'Adresse', type: 'url' }),
  asked({ linkId: 'Desimaltall', type: 'decimal' }),
  asked({ linkId: 'Skala', type: 'integer', control: 'slider', min: 0, max: 10 }),
  asked({ linkId: 'Dato', type: 'date' }),
  asked({ linkId: 'Klokke', type: 'time' }),
  asked({ linkId: 'Tidspunkt', type: 'dateTime' }),
  asked({ linkId: 'Ja eller nei', type: 'boolean', required: true }),
  asked({ linkId: 'Avkrysning', type: 'boolean', control: 'check-box' }),
  asked({ linkId: 'Valg', type: 'choice', options: [option('a'), option('b')] }),
  asked({ linkId: 'Liste', type: 'choice', control: 'drop-down', options: [option('a')] }),
  asked({ linkId: 'Flere', type: 'choice', repeats: true, options: [option('a'), option('b')] }),
  asked({ linkId: 'Åpent valg', type: 'open-choice', options: [option('a')] }),
  asked({ linkId: 'Hvem', type: 'reference', control: 'drop-down' }),
  asked({ linkId: 'Gruppe', type: 'group', items: [asked({ linkId: 'Inni', type: 'string' })] }),
  asked({ linkId: 'Ukjent', type: 'unknown' }),
);
