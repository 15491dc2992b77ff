import { fireEvent, screen, within } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Raw } from '../src/fhir/ask.ts';
import { FORM_URL } from '../src/record/evaluating/chosen-form.ts';
import { answered } from './bench.ts';
import {
  begun,
  choose,
  type Desk,
  desk,
  next,
  opened,
  opener,
  press,
  step,
  toReview,
  until,
  write,
} from './evaluation-bench.tsx';

const date = (name: RegExp, value: string) =>
  fireEvent.input(screen.getByLabelText(name), { target: { value } });
const seen = () => document.body.textContent ?? '';
const button = (name: string | RegExp) => screen.findByRole('button', { name });
const written = ({ it }: Desk): readonly Raw[] =>
  it.sandbox.store
    .all('QuestionnaireResponse')
    .filter(({ questionnaire }) => questionnaire === `${FORM_URL}|2`);

const text = () =>
  screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Teksten til fastlegen' });
const line = () => document.querySelector('.draft-line')?.textContent;

/** The disk is full from now on. */
function fillUp() {
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('The disk is full', 'QuotaExceededError');
  });
}

/** What must be there and no more. */
async function answerAll(): Promise<void> {
  choose(/^Hvorfor/, 'planlagt');
  choose(/^Pasientens deltakelse/, 'Deltok');
  fireEvent.click(screen.getByRole('checkbox', { name: /^Tuva Poliklin/ }));
  fireEvent.click(screen.getByRole('checkbox', { name: /^Ingrid Fastlund/ }));
  await next();
  for (const group of screen.getAllByRole('radiogroup', { name: /Status/ }))
    fireEvent.click(within(group).getByRole('radio', { name: 'Delvis nådd' }));
  write(/^Opplever pasienten/, '7');
  await next();
  write(/^Hva har hjulpet/, 'Kveldsteamet');
  await next();
  choose(/^Må behandlingsplanen/, 'Nei');
  choose(/^Må individuell plan/, 'Nei');
  await next();
  await next();
  date(/^Neste evaluering/, '2027-02-25');
}

describe('a whole evaluation', () => {
  test('is answered in six steps, looked over, saved on this machine and then received by the journal', async () => {
    const at = await desk();
    // Read before anything is written: what is shown afterwards has been read again.
    await answered(at.record.evaluations);
    await begun();
    await answerAll();
    await next();
    expect(seen()).toContain('Pasientens deltakelse: Deltok');
    expect(seen()).toContain('Neste evaluering 25.02.2027');
    expect(seen()).toContain('Evalueringen er klar til å sendes.');
    expect(seen()).toContain('Du skriver nå til Maja Testdal, 128507 98271');
    press('Fullfør og del – Maja Testdal');
    await screen.findByText('Evalueringen av Maja Testdal');
    await until(() => document.querySelector('[data-outbox-state="acked"]')).toBeTruthy();
    const [answers, ...others] = written(at);
    expect(others).toEqual([]);
    expect(answers).toMatchObject({ status: 'completed', subject: { reference: 'Patient/p1' } });
    // What is on the server is read anew: the tab shows it behind the form.
    await until(async () =>
      (await answered(at.record.evaluations)).items.some(({ next: day }) => day === '2027-02-25'),
    ).toBe(true);
    press('Tilbake til planene');
    expect(document.activeElement).toBe(opener());
    expect(
      await at.tab.outbox.drafts.find({ name: 'evaluation', plan: 'CarePlan/p1-plan-behandling' }),
    ).toBeUndefined();
  });

  test('W22: pressed twice, it is one', async () => {
    const at = await desk();
    await begun();
    await answerAll();
    await next();
    const send = await button(/^Fullfør og del/);
    fireEvent.click(send);
    fireEvent.click(send);
    await until(() => document.querySelector('[data-outbox-state="acked"]')).toBeTruthy();
    expect(at.tab.outbox.items.value).toHaveLength(1);
    expect(written(at)).toHaveLength(1);
  });

  test('with holes it is not sent, and each hole leads to its question', async () => {
    const at = await desk();
    await begun();
    await toReview();
    expect(seen()).toContain('Mangler: Pasientens deltakelse');
    const send = await button(/^Fullfør og del/);
    expect(send.getAttribute('aria-disabled')).toBe('true');
    fireEvent.click(send);
    expect(at.tab.outbox.items.value).toEqual([]);
    press('Mangler: Neste evaluering');
    await until(step).toBe('Steg 6 av 6: Neste evaluering');
    expect(document.activeElement).toBe(screen.getByLabelText(/^Neste evaluering/));
    expect(document.activeElement?.getAttribute('aria-invalid')).toBe('true');
  });

  test('the next date cannot be before the evaluation itself', async () => {
    await desk();
    await begun();
    await answerAll();
    date(/^Neste evaluering/, '2026-11-01');
    await next();
    expect(seen()).toContain('Neste evaluering: Datoen må være etter evalueringen');
  });
});

describe('the text to the GP', () => {
  test('is made from the answers, can be changed, and says so when the answers have moved on', async () => {
    await desk();
    await begun();
    await answerAll();
    await next();
    expect(text().value).toContain('Hjulpet: Kveldsteamet');
    fireEvent.input(text(), { target: { value: 'Alt går bra.' } });
    await screen.findByText('12 av 2000 tegn');
    press('Tilbake til neste evaluering');
    await until(step).toBe('Steg 6 av 6: Neste evaluering');
    date(/^Neste evaluering/, '2027-01-21');
    await next();
    expect(text().value).toBe('Alt går bra.');
    expect(seen()).toContain('Svarene er endret etter at du redigerte teksten.');
    press('Lag teksten på nytt fra svarene');
    press('Lag teksten på nytt');
    await until(() => text().value).toContain('21.01.2027');
  });

  test('too long, or empty, it keeps the evaluation back until it is mended', async () => {
    await desk();
    await begun();
    await answerAll();
    await next();
    fireEvent.input(text(), { target: { value: 'a'.repeat(2001) } });
    await screen.findByText('2001 av 2000 tegn');
    const described = text().getAttribute('aria-describedby')?.split(' ') ?? [];
    expect(described.map(id => document.getElementById(id)?.textContent)).toContain(
      '1 tegn for mye. Kort ned teksten.',
    );
    const send = await button(/^Fullfør og del/);
    expect(send.getAttribute('aria-disabled')).toBe('true');
    fireEvent.input(text(), { target: { value: ' ' } });
    await until(seen).toContain('Skriv teksten til fastlegen, eller ta bort krysset over.');
    fireEvent.click(screen.getByRole('checkbox', { name: 'Send tilbakemelding til fastlegen' }));
    await until(() => send.getAttribute('aria-disabled')).toBe('false');
  });
});

describe('the draft', () => {
  test('is on this machine within a second of the last key, and only then says so', async () => {
    const at = await desk();
    await begun();
    expect(line()).toBe('');
    choose(/^Pasientens deltakelse/, 'Deltok');
    await until(line).toBe('Lagrer kladden …');
    expect(await at.on.rows('drafts').catch(() => [])).toEqual([]);
    await until(line).toBe('Kladd lagret kl. 20.15');
    expect(await at.on.rows('drafts')).toHaveLength(1);
  });

  test('is offered the next time, and is nowhere until somebody asks for it', async () => {
    const first = await desk();
    await begun();
    choose(/^Pasientens deltakelse/, 'Ønsket ikke å delta');
    fireEvent.keyDown(document, { key: 'Escape' });
    await until(() => first.on.rows('drafts')).toHaveLength(1);
    await first.again();
    await opened();
    await screen.findByText(/^Du har en kladd fra/);
    expect(screen.queryByRole('radio')).toBeNull();
    press('Fortsett på kladden');
    await until(step).toBe('Steg 1 av 6: Hvem var med');
    expect(screen.getByRole('radio', { name: 'Ønsket ikke å delta' })).toHaveProperty(
      'checked',
      true,
    );
  });

  test('is thrown away only when somebody has been asked, once', async () => {
    const first = await desk();
    await begun();
    choose(/^Pasientens deltakelse/, 'Deltok');
    fireEvent.keyDown(document, { key: 'Escape' });
    await until(() => first.on.rows('drafts')).toHaveLength(1);
    await opened();
    fireEvent.click(await button('Start på nytt'));
    expect(seen()).toContain('Kladden slettes fra denne maskinen');
    expect(await first.on.rows('drafts')).toHaveLength(1);
    press('Slett kladden og start på nytt');
    await until(step).toBe('Steg 1 av 6: Hvem var med');
    expect(screen.getByRole('radio', { name: 'Deltok' })).toHaveProperty('checked', false);
    expect(await first.on.rows('drafts')).toEqual([]);
  });

  test('says so when somebody has changed the plan since it was written', async () => {
    const at = await desk();
    const about = { name: 'evaluation', plan: 'CarePlan/p1-plan-behandling' };
    const content = { form: 'x', planVersion: '0', step: 1, items: [], tellDoctor: true };
    await at.tab.outbox.drafts.save(about, content);
    await opened();
    await screen.findByText(
      'Planen er endret siden kladden ble skrevet. Se over svarene før du sender.',
    );
  });

  test('answers to questions the form no longer asks are shown to be copied, never dropped in silence', async () => {
    const at = await desk();
    const items = [
      { linkId: 'gammelt', text: 'Et gammelt spørsmål', answer: [{ valueString: 'svaret' }] },
    ];
    const content = { form: 'x', step: 0, items, tellDoctor: true };
    await at.tab.outbox.drafts.save(
      { name: 'evaluation', plan: 'CarePlan/p1-plan-behandling' },
      content,
    );
    await opened();
    fireEvent.click(await button('Fortsett på kladden'));
    await screen.findByText('Et gammelt spørsmål: svaret');
    await next();
    expect(screen.getAllByRole('radiogroup', { name: /Status/ }).length).toBeGreaterThan(1);
  });
});

describe('where nothing can be kept on this machine', () => {
  const denied = {
    withoutLocks: true,
    indexedDB() {
      throw new DOMException('Storage is denied', 'SecurityError');
    },
  };

  afterEach(() => vi.restoreAllMocks());

  test('W24: the draft is said NOT to be saved, loudly, and can be copied', async () => {
    await desk({ tab: denied });
    await begun();
    choose(/^Pasientens deltakelse/, 'Deltok');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/^IKKE lagret: Det kan ikke lagres noe/);
    expect(screen.getByText(/Pasientens deltakelse: Deltok/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Kopier teksten' })).toBeTruthy();
  });

  test('W24: a disk that is full while somebody writes is told of, and no time of saving is shown', async () => {
    await desk();
    await begun();
    fillUp();
    choose(/^Pasientens deltakelse/, 'Deltok');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/^IKKE lagret: Disken på denne maskinen er full/);
    expect(seen()).not.toContain('Kladd lagret');
    vi.restoreAllMocks();
    choose(/^Pasientens deltakelse/, 'Deltok delvis');
    await until(seen).toContain('Kladd lagret kl.');
    expect(seen()).not.toContain('IKKE lagret');
  });

  test('the review says so before the press, and sends without a copy only by that name', async () => {
    const at = await desk({ tab: denied });
    await begun();
    await answerAll();
    await next();
    expect(seen()).toContain('Evalueringen kan sendes uten lokal kopi');
    expect(screen.queryByRole('button', { name: /^Fullfør og del/ })).toBeNull();
    press('Send uten lokal kopi – Maja Testdal');
    await until(() => written(at)).toHaveLength(1);
  });

  test('W24: a disk that fills up at the press leaves the text and three ways on, and one evaluation in the end', async () => {
    const at = await desk();
    await begun();
    await answerAll();
    await next();
    fillUp();
    press(/^Fullfør og del/);
    await screen.findByText(/^IKKE lagret på denne maskinen, og ikke sendt/);
    expect(written(at)).toEqual([]);
    expect(
      screen.getByRole('button', { name: 'Send uten lokal kopi – Maja Testdal' }),
    ).toBeTruthy();
    expect(screen.getAllByRole('button', { name: 'Kopier teksten' }).length).toBeGreaterThan(0);
    press('Prøv igjen');
    await screen.findByText(/^IKKE lagret på denne maskinen, og ikke sendt/);
    vi.restoreAllMocks();
    press('Prøv igjen');
    await screen.findByText('Evalueringen av Maja Testdal');
    await until(() => written(at)).toHaveLength(1);
  });
});

describe('where no evaluation can be begun', () => {
  test('L19: without the right to write, the button says so and does nothing', async () => {
    await desk({ scope: 'openid fhirUser launch patient/*.rs' });
    await until(() => opener().getAttribute('aria-disabled')).toBe('true');
    await until(seen).toContain('Din tilgang i Sandkassen omfatter ikke å skrive evalueringer.');
    fireEvent.click(opener());
    expect(screen.queryByRole('heading', { name: /^Ny evaluering – / })).toBeNull();
  });
});
