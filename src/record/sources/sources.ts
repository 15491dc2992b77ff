import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { failed } from '../../fhir/failure.ts';
import type { Session, SourceAddress } from '../../fhir/session.ts';
import { NOTHING, partOf } from '../parts.ts';
import type { Item, Known } from '../reading.ts';
import type { Put, Sections } from '../sections.ts';
import type { Whose } from '../sift.ts';
import { askMedication } from './ask-medication.ts';
import { SECTIONS, SECTIONS_OF, type SectionName } from './kinds.ts';
import { askAcute, loadAcute } from './r4-acute.ts';

/** One source by itself: what it was asked for, and how each question went. */
export interface SourceReading {
  readonly label: string;
  /** The EHR the launch came from, or a further source. */
  readonly isEhr: boolean;
  /** Being asked right now, for the first time or again. */
  readonly busy: boolean;
  readonly sections: readonly SourceSection[];
}

export interface SourceSection {
  readonly name: SectionName;
  /** Undefined while the first answer is on its way. */
  readonly known: Known<Item> | undefined;
}

/**
 * Asks the EHR and every further source about one patient, and puts each answer into its sections as it comes.
 *
 * No source waits for another, except for whose record it is: national sources know people by national identifier,
 * which the EHR's Patient has. One source failing leaves the others standing (SAFETY R35). What is neither whom to call
 * nor critical information in the EHR waits until there is `calm`, and no longer than that.
 */
export function openSources(session: Session, sections: Sections, calm: Promise<void>) {
  const busy = signal<ReadonlySet<string>>(new Set());
  const turns = new Map<string, number>();
  let whose: Promise<Whose | undefined> = Promise.resolve(undefined);

  /** An older answer never replaces a newer one, and nothing arrives after the session has ended. */
  async function inTurn(label: string, work: (put: Put) => Promise<void>): Promise<void> {
    const mine = (turns.get(label) ?? 0) + 1;
    turns.set(label, mine);
    const current = () => turns.get(label) === mine && !session.signal.aborted;
    busy.value = new Set(busy.value).add(label);
    try {
      await work(write => {
        if (current()) write();
      });
    } catch (error) {
      if (current()) sayUnread(label);
      throw error;
    } finally {
      if (current()) busy.value = new Set([...busy.value].filter(one => one !== label));
    }
  }

  /** A fault of our own, or code that did not arrive: what nothing was put in must not seem to be still on its way. */
  function sayUnread(label: string): void {
    const answer = failed({ kind: 'not-understood', detail: 'it could not be read' });
    for (const name of SECTIONS)
      if (sections[name].expected.includes(label) && !sections[name].of(label))
        sections[name].put(label, [partOf<never>(label, name, answer, NOTHING, true)]);
  }

  const askEhr = () =>
    inTurn(session.label, async put => {
      const acute = askAcute(session);
      whose = acute.then(({ who }) => (who.stop ? undefined : who.whose));
      const medication = askMedication(session);
      const shown = acute.then(answers => loadAcute(session, answers, sections, put));
      await Promise.all([
        shown,
        import('./r4-medication.ts').then(async ({ loadMedication }) => {
          await calm;
          return loadMedication(session, medication, sections, put, whose);
        }),
        // Documents, results and measurements, and the code that reads them, wait until whom to call and what to avoid
        // are on their way to the screen.
        shown.then(async plans => {
          await calm;
          const { loadFurther } = await import('./r4-further.ts');
          return loadFurther(session, sections, put, whose, plans);
        }),
      ]);
    });

  const askFurther = (address: SourceAddress) =>
    inTurn(address.label, async put => {
      await calm;
      const { askSource } = await import('./ask-source.ts');
      await askSource(session, address, whose, sections, put);
    });

  async function ask(source?: string): Promise<void> {
    const wanted = session.sources.filter(({ label }) => !source || label === source);
    // The EHR first: the others are told by it whom to ask about.
    const ehr = !source || source === session.label ? askEhr() : undefined;
    await Promise.all([ehr, ...wanted.map(askFurther)]);
  }

  const sources: ReadonlySignal<readonly SourceReading[]> = computed(() =>
    [
      { label: session.label, isEhr: true, names: SECTIONS },
      ...session.sources.map(({ label, kind }) => ({
        label,
        isEhr: false,
        names: SECTIONS_OF[kind],
      })),
    ].map(({ label, isEhr, names }) => ({
      label,
      isEhr,
      busy: busy.value.has(label),
      sections: names.map(name => ({ name, known: sections[name].of(label) })),
    })),
  );
  return { sources, ask };
}
