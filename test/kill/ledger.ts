import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** What was promised on screen, against what the journal holds. Each evaluation carries a mark of its own. */
export interface Ledger {
  /** The person has pressed. */
  readonly pressed: (mark: string) => void;
  /** The screen has said «Lagret lokalt», or more. */
  readonly promised: (mark: string) => void;
  readonly counts: () => { readonly pressed: number; readonly promised: number };
  readonly verdict: (sandbox: Sandbox) => Verdict;
}

interface Verdict {
  /** Promised, and not in the journal. */
  readonly lost: readonly string[];
  /** In the journal more than once, as a whole or a part of it. */
  readonly duplicated: readonly string[];
  /** In the journal, with a part of it missing. */
  readonly torn: readonly string[];
  readonly arrived: number;
}

const MARK = /kill-\d+-\d+-\d+/g;

/** What every evaluation is made of, besides the answers themselves. */
const PARTS = ['Encounter', 'Communication', 'Provenance'] as const;

export function createLedger(): Ledger {
  const pressed = new Set<string>();
  const promised = new Set<string>();
  return {
    pressed: mark => void pressed.add(mark),
    promised: mark => void promised.add(mark),
    counts: () => ({ pressed: pressed.size, promised: promised.size }),
    verdict(sandbox) {
      const answers = marksOf(sandbox, 'QuestionnaireResponse');
      const duplicated = new Set<string>();
      const torn = new Set<string>();
      for (const [mark, refs] of answers) if (refs.length > 1) duplicated.add(mark);
      for (const type of PARTS) {
        const about = partsAbout(sandbox, type);
        for (const [mark, refs] of answers) {
          const parts = refs.flatMap(ref => about.get(ref) ?? []);
          if (new Set(parts).size > 1) duplicated.add(mark);
          if (parts.length === 0) torn.add(mark);
        }
      }
      return {
        lost: [...promised].filter(mark => !answers.has(mark)),
        duplicated: [...duplicated],
        torn: [...torn],
        arrived: answers.size,
      };
    },
  };
}

/** `Type/id` of every resource of a type that carries a mark, by mark. */
function marksOf(sandbox: Sandbox, type: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const resource of sandbox.store.all(type))
    for (const mark of new Set(JSON.stringify(resource).match(MARK)))
      found.set(mark, [...(found.get(mark) ?? []), `${type}/${resource.id}`]);
  return found;
}

/** Which resources of a type point at which answers, or are pointed at by them. */
function partsAbout(sandbox: Sandbox, type: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const add = (answers: string, part: string) =>
    found.set(answers, [...(found.get(answers) ?? []), part]);
  for (const part of sandbox.store.all(type))
    for (const ref of referencesIn(part, 'QuestionnaireResponse')) add(ref, `${type}/${part.id}`);
  for (const answers of sandbox.store.all('QuestionnaireResponse'))
    for (const ref of referencesIn(answers, type)) add(`QuestionnaireResponse/${answers.id}`, ref);
  return found;
}

function referencesIn(resource: object, type: string): ReadonlySet<string> {
  const pattern = new RegExp(`${type}/[A-Za-z0-9.-]+`, 'g');
  return new Set(JSON.stringify(resource).match(pattern));
}
