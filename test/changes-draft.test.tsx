import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { openAnswering } from '../src/changes/answering.ts';
import { changesBench } from './changes-bench.ts';
import { AllInSight, desk, open, press, SLOW, sendButton, write } from './changes-desk.tsx';
import { machine, quiet } from './machine.ts';

vi.setConfig({ testTimeout: 30_000 });
beforeEach(() => vi.stubGlobal('IntersectionObserver', AllInSight));

const SAVED = 'Det du har begynt på, er lagret på denne maskinen, ikke sendt.';
const BACK = 'Det du hadde begynt å skrive, er hentet fram igjen. Det er ikke lagret som svar.';
const why = () => screen.findByRole<HTMLInputElement>('textbox', { name: /^Hvorfor/ }, SLOW);

/** The GP begins to reject zopiklon, and the panel goes in the middle of it. */
async function half() {
  const first = await desk();
  await open();
  press(/^Avvis zopiklon/);
  write(/^Hvorfor/, 'Han vil vente til');
  await screen.findByText(SAVED, {}, SLOW);
  return first;
}

describe('a reason that is half typed', () => {
  test('is there when the panel is opened again, said to be brought back, and has decided nothing', async () => {
    const { it, at, crash } = await half();
    crash();
    await desk({ beside: it, at });
    await open();

    expect((await why()).value).toBe('Han vil vente til');
    screen.getByText(BACK);
    expect(document.activeElement).not.toBe(screen.getByRole('heading', { name: /^Avvis zop/ }));
    expect(
      screen.getByRole('button', { name: 'Se over og send svar' }).getAttribute('aria-disabled'),
    ).toBe('true');
    expect(it.sandbox.store.at('Task/p2-change-6')?.meta?.versionId).toBe('1');

    write(/^Hvorfor/, 'Han vil vente til jul.');
    expect(screen.queryByText(BACK)).toBeNull();
    press(/^Lagre avvisning av zopiklon/);
    screen.getByText('Avvises');
  });

  test('an adjustment comes back as it was chosen and worded', async () => {
    const { it, at, crash } = await desk();
    await open();
    press(/^Tilpass metformin/);
    fireEvent.click(screen.getByRole('radio', { name: 'Noe annet' }));
    write('Hva gjelder i stedet?', '500 mg × 1');
    await screen.findByText(SAVED, {}, SLOW);
    crash();
    await desk({ beside: it, at });
    await open();

    const other = { name: 'Hva gjelder i stedet?' };
    expect((await screen.findByRole<HTMLInputElement>('textbox', other, SLOW)).value).toBe(
      '500 mg × 1',
    );
  });

  test('is nobody else’s, and about nobody else', async () => {
    const { it, at, crash } = await half();
    crash();
    it.sandbox.store.load([
      {
        resourceType: 'PractitionerRole',
        id: 'u-lv-more',
        active: true,
        practitioner: { reference: 'Practitioner/u-lv' },
        organization: { reference: 'Organization/org-gp1' },
        code: [{ coding: [{ system: 'urn:oid:2.16.578.1.12.4.1.1.9034', code: '15' }] }],
      },
    ]);
    for (const other of [{ user: 'u-lv' }, { patient: 'p1' }]) {
      const theirs = await desk({ beside: it, at, ...other });
      await open();
      await screen.findAllByRole('button', { name: /^Avvis/ }, SLOW);
      await waitFor(() => expect(theirs.tab.outbox.storage.value.state).toBe('open'), SLOW);
      expect(screen.queryByRole('textbox', { name: /^Hvorfor/ })).toBeNull();
      theirs.crash();
    }
    await desk({ beside: it, at });
    await open();
    expect((await why()).value).toBe('Han vil vente til');
  });

  test('thrown away by «Avbryt», it does not come back', async () => {
    const { it, at, crash } = await half();
    press('Avbryt');
    await waitFor(async () => expect(await at.rows('drafts')).toEqual([]), SLOW);
    crash();
    await desk({ beside: it, at });
    await open();
    await screen.findByRole('button', { name: /^Avvis zopiklon/ }, SLOW);
    expect(screen.queryByText(BACK)).toBeNull();
  });

  test('stays when the rest is sent', async () => {
    const { it } = await half();
    press(/^Godta ramipril/);
    press('Se over og send svar');
    fireEvent.click(await sendButton());
    await waitFor(
      () => expect(it.sandbox.store.at('Task/p2-change-2')).toMatchObject({ status: 'completed' }),
      SLOW,
    );
    expect((await why()).value).toBe('Han vil vente til');
    expect(it.sandbox.store.at('Task/p2-change-6')).toMatchObject({ status: 'requested' });
  });

  test('and when another has answered meanwhile, it is shown beside their answer', async () => {
    const { it, record } = await half();
    const task = it.sandbox.store.at('Task/p2-change-6');
    if (!task) throw new Error('no task');
    it.sandbox.store.load([{ ...task, status: 'completed', meta: { versionId: '2' } }]);
    await record.refresh();

    const conflict = await screen.findByText(
      'Du hadde begynt å skrive: Han vil vente til',
      {},
      SLOW,
    );
    expect(conflict.closest('[data-conflict]')?.textContent).toContain('zopiklon');
    press('Jeg har sett det');
    expect(screen.queryByText(/^Du hadde begynt å skrive/)).toBeNull();
  });
});

/** What the GP has to answer, and the workstation it is answered at. */
async function beginning() {
  const { session, changes } = await changesBench();
  const [sending] = changes.sendings;
  const [first, second] = sending?.changes ?? [];
  if (!sending || !first || !second) throw new Error('nothing was sent');
  return { session, sending, first, second, at: machine() };
}
const accept = { outcome: 'accept', value: undefined, reason: undefined } as const;

describe('what lay here', () => {
  test('is not lost because somebody was quicker than the disk', async () => {
    const { session, sending, first, second, at } = await beginning();
    const before = at.open(session);
    const earlier = openAnswering(before.outbox, sending);
    earlier.decide(first, accept);
    await vi.waitFor(() => expect(earlier.saved.value).toBe('saved'), SLOW);
    before.die();

    const { outbox } = at.open(session);
    const answers = new AbortController();
    const gate = new Promise(resolve => {
      answers.signal.addEventListener('abort', resolve);
    });
    const slow = {
      ...outbox.drafts,
      find: async (about: Parameters<typeof outbox.drafts.find>[0]) => {
        await gate;
        return outbox.drafts.find(about);
      },
    };
    const now = openAnswering({ ...outbox, drafts: slow }, sending);
    now.decide(second, accept);
    answers.abort();
    await vi.waitFor(() => expect(now.saved.value).toBe('saved'), SLOW);
    expect([...now.decisions.value.keys()].toSorted()).toEqual(
      [first.source.ref, second.source.ref].toSorted(),
    );
  });

  test('thrown away, it takes nothing with it that is written a moment later', async () => {
    const { session, sending, first, second, at } = await beginning();
    const before = at.open(session);
    const answering = openAnswering(before.outbox, sending);
    answering.decide(first, accept);
    await vi.waitFor(() => expect(answering.saved.value).toBe('saved'), SLOW);
    answering.undo(first);
    await Promise.resolve();
    await Promise.resolve();
    answering.decide(second, accept);
    await quiet();
    before.die();

    const again = openAnswering(at.open(session).outbox, sending);
    await vi.waitFor(() => expect(again.restored.value).toBe(true), SLOW);
    expect([...again.decisions.value.keys()]).toEqual([second.source.ref]);
  });
});
