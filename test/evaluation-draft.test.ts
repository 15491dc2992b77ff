import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openAutosave } from '../src/evaluation/autosave.ts';
import { plainText, readDraft, resumed } from '../src/evaluation/draft.ts';
import { enEvaluation } from '../src/shell/words/en-evaluation.ts';
import { nbEvaluation } from '../src/shell/words/nb-evaluation.ts';
import { recordOf } from './hand-made.tsx';
import { asked, formWith, occasion, ownOccasion } from './hand-made-form.ts';
import { machine } from './machine.ts';

// Two cores may have much to do; no test here is about how long it takes.
vi.setConfig({ testTimeout: 60_000 });

const about = { name: 'evaluation', plan: 'CarePlan/1' };
const user = { sub: 'u-psy', name: undefined, fhirUser: undefined };

function desk() {
  const { session } = recordOf();
  const on = machine();
  const { outbox } = on.open({ ...session, user });
  return { on, drafts: outbox.drafts };
}

const settled = (saved: { readonly value: { readonly state: string } }) =>
  vi.waitFor(() => expect(['saved', 'not-saved']).toContain(saved.value.state), {
    timeout: 20_000,
  });

const content = (items: readonly object[]) => {
  const draft = readDraft({ form: 'f|1', step: 1, items, tellDoctor: true });
  if (!draft) throw new Error('the draft cannot be read');
  return draft;
};
const goalGroups = (items: ReturnType<typeof resumed>['items']) =>
  items.flatMap(({ item }) => item ?? []).filter(({ linkId }) => linkId === 'goal-status');

const gaps = (text: string) => [...text.matchAll(/\{[^}]*\}/g)].map(([gap]) => gap).sort();

describe('a draft is saved while it is written', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  test('within a second, also while somebody goes on writing without a pause', async () => {
    const { drafts } = desk();
    const { soon } = openAutosave(drafts, about, () => new Date(0));
    for (let key = 1; key <= 9; key += 1) {
      soon({ text: 'a'.repeat(key) });
      await vi.advanceTimersByTimeAsync(100);
    }
    vi.useRealTimers();
    const kept = async () => (await drafts.find(about))?.content['text'];
    await vi.waitFor(async () => expect(await kept()).toMatch(/^a{6,}$/), { timeout: 20_000 });
  });

  test('at once when it is left, and what was written last is what stands', async () => {
    const { drafts } = desk();
    const { soon, now, saved } = openAutosave(drafts, about, () => new Date(0));
    soon({ text: 'først' });
    now();
    soon({ text: 'sist' });
    now();
    vi.useRealTimers();
    await settled(saved);
    expect((await drafts.find(about))?.content).toEqual({ text: 'sist' });
  });

  test('no more once it is sent or thrown away', async () => {
    const { drafts } = desk();
    const { soon, now, stop } = openAutosave(drafts, about, () => new Date(0));
    soon({ text: 'sendt' });
    stop();
    now();
    await vi.advanceTimersByTimeAsync(5000);
    vi.useRealTimers();
    expect(await drafts.find(about)).toBeUndefined();
  });

  test('what could not be saved is tried again when the form is left', async () => {
    const { session } = recordOf();
    const { outbox } = machine().open({ ...session, user: { ...user, sub: undefined } });
    const { soon, now, saved } = openAutosave(outbox.drafts, about, () => new Date(0));
    const save = vi.spyOn(outbox.drafts, 'save');
    soon({ text: 'a' });
    now();
    vi.useRealTimers();
    await settled(saved);
    expect(saved.value).toEqual({ state: 'not-saved', why: 'not-signed-in' });
    now();
    expect(save.mock.calls).toEqual([
      [about, { text: 'a' }],
      [about, { text: 'a' }],
    ]);
  });
});

describe('a draft that is taken up again', () => {
  test('has the goals the plan has got since, after those that were answered', () => {
    const now = ownOccasion();
    const page = now.initial.find(({ linkId }) => linkId === 'page-goals');
    const [first] = page?.item ?? [];
    const answer = { linkId: 'status', answer: [{ valueCoding: { code: 'achieved' } }] };
    const written = { ...first, item: [...(first?.item ?? []), answer] };
    const { items, left } = resumed(content([{ linkId: 'page-goals', item: [written] }]), now);
    expect(goalGroups(items)).toHaveLength(2);
    expect(goalGroups(items)[0]?.item).toContainEqual(answer);
    expect(left).toEqual([]);
  });

  test('names every answer the form no longer asks for, however deep it stood', () => {
    const form = formWith(
      asked({ linkId: 'g', type: 'group', items: [asked({ linkId: 'a', type: 'string' })] }),
    );
    const gone = { linkId: 'b', text: 'Borte', answer: [{ valueString: 'x' }] };
    const kept = { linkId: 'a', answer: [{ valueString: 'y' }] };
    const { items, left } = resumed(
      content([{ linkId: 'g', item: [gone, kept] }]),
      occasion({ form }),
    );
    expect(left).toEqual(['Borte: x']);
    expect(items).toEqual([{ linkId: 'g', item: [kept] }]);
  });

  test('of another shape than this program writes is not guessed at', () => {
    expect(
      readDraft({ form: 'f', step: 1, items: [{ answer: [] }], tellDoctor: true }),
    ).toBeUndefined();
    expect(readDraft({ step: 1, items: [], tellDoctor: true })).toBeUndefined();
  });

  test('can be copied as text, with the questions in words', () => {
    const form = formWith(asked({ linkId: 'a', text: 'Hva hjalp?', type: 'string' }));
    const items = [{ linkId: 'a', answer: [{ valueString: 'Thea' }] }];
    expect(plainText(form, items, 'Til fastlegen')).toBe('Hva hjalp? Thea\n\nTil fastlegen');
  });
});

test('both languages leave room for the same things in every sentence, and none shouts', () => {
  for (const key of Object.keys(nbEvaluation) as (keyof typeof nbEvaluation)[]) {
    expect([key, gaps(enEvaluation[key])]).toEqual([key, gaps(nbEvaluation[key])]);
    expect(gaps(nbEvaluation[key]).join()).toMatch(/^(\{\w+\},?)*$/);
    for (const text of [nbEvaluation[key], enEvaluation[key]]) {
      expect(text).not.toContain('!');
      expect(text).not.toMatch(/\bingen\b|\bnone\b/i);
    }
  }
});
