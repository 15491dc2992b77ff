import { describe, expect, test } from 'vitest';
import { machine, until } from './machine.ts';
import { writingBench } from './proposals.ts';

const ABOUT = { name: 'evaluation', plan: 'CarePlan/p1-plan-behandling' };

describe('an unfinished text', () => {
  test('C03 draft-isolation: is there again for the same person, patient and plan, and for nobody and nothing else', async () => {
    const it = await writingBench();
    const at = machine();
    const { session } = it;
    const tab = at.open(session);
    expect(await tab.outbox.drafts.save(ABOUT, { said: 'halvveis' })).toEqual({ ok: true });
    tab.die();
    const others = [
      { ...session, patient: 'Patient/p2' as const },
      { ...session, user: { ...session.user, sub: 'u-somebody-else' } },
      { ...session, iss: 'https://elsewhere.example/fhir' },
    ];
    for (const one of others) {
      const elsewhere = at.open(one);
      expect(await elsewhere.outbox.drafts.find(ABOUT)).toBeUndefined();
      expect(elsewhere.outbox.lost.value).toBe(false);
      await elsewhere.leave();
    }
    const back = at.open(session);
    expect(
      await back.outbox.drafts.find({ ...ABOUT, plan: 'CarePlan/p1-plan-ip' }),
    ).toBeUndefined();
    expect(await back.outbox.drafts.find({ ...ABOUT, name: 'answer' })).toBeUndefined();
    expect(await back.outbox.drafts.find(ABOUT)).toEqual({
      content: { said: 'halvveis' },
      saved: '2026-11-21T19:15:00.000Z',
    });
  });

  test('is as it was last written, however fast somebody types', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    const typed = ['S', 'So', 'Sov', 'Sove', 'Sover'];
    const saves = typed.map(said => tab.outbox.drafts.save(ABOUT, { said }));
    expect(await Promise.all(saves)).toEqual(typed.map(() => ({ ok: true })));
    tab.die();
    expect((await at.open(it.session).outbox.drafts.find(ABOUT))?.content).toEqual({
      said: 'Sover',
    });
    expect(await at.rows('drafts')).toHaveLength(1);
  });

  test('is gone when it is dropped, also one that was just being saved', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    const saved = tab.outbox.drafts.save(ABOUT, { said: 'x' });
    await tab.outbox.drafts.drop(ABOUT);
    await saved;
    expect(await tab.outbox.drafts.find(ABOUT)).toBeUndefined();
    expect(await at.rows('drafts')).toEqual([]);
  });

  test('that was altered on the disk is not shown, and that it is lost is said', async () => {
    const it = await writingBench();
    const at = machine();
    const tab = at.open(it.session);
    await tab.outbox.drafts.save(ABOUT, { said: 'x' });
    const [row] = await at.rows('drafts');
    await at.put('drafts', { ...row, saved: '2026-11-21T18:00:00.000Z' });
    expect(await tab.outbox.drafts.find(ABOUT)).toBeUndefined();
    await until(() => tab.outbox.lost.value);
  });
});
