// Runs inside the page: it must not use anything from outside the function.
// oxlint-disable unicorn/consistent-function-scoping

export interface Wanted {
  /** What stands under «Hva har hjulpet?», by which this evaluation is known again. */
  readonly said: string;
  /** `2027-01-14` */
  readonly next: string;
  /** Where to stop. */
  readonly until: 'form' | 'review' | 'pressed' | 'kept';
}

/**
 * Fills the real form as fast as a page can: opens it, answers what is required on each step, goes on to the review and
 * presses. Resolves when the screen has come as far as wanted; rejects when it does not get there.
 */
export async function fillIn({ said, next, until }: Wanted): Promise<void> {
  const all = <E extends Element>(selector: string) => [...document.querySelectorAll<E>(selector)];
  const one = (selector: string) => document.querySelector<HTMLElement>(selector) ?? undefined;
  const field = (selector: string) =>
    document.querySelector<HTMLInputElement | HTMLTextAreaElement>(selector);
  const button = (name: string) =>
    all<HTMLButtonElement>('button').find(
      each =>
        each.textContent?.trim().startsWith(name) &&
        each.getAttribute('aria-disabled') !== 'true' &&
        !each.closest('[hidden], details:not([open])'),
    );
  async function wait<T>(what: string, find: () => T | undefined): Promise<T> {
    for (const end = performance.now() + 20_000; performance.now() < end; ) {
      const found = find();
      if (found) return found;
      await new Promise(resolve => {
        setTimeout(resolve, 5);
      });
    }
    throw new Error(`${what} did not come: ${document.body.innerText.slice(0, 2000)}`);
  }
  function write(into: HTMLInputElement | HTMLTextAreaElement, value: string) {
    into.value = value;
    into.dispatchEvent(new Event('input', { bubbles: true }));
  }
  const title = () => one('.evaluation .step-title')?.textContent ?? '';
  const inReview = () => one('.evaluation.review') !== undefined;

  function answerPage() {
    for (const radios of all('.evaluation [role="radiogroup"][aria-required="true"]'))
      if (!radios.querySelector('input:checked'))
        radios.querySelector<HTMLInputElement>('input[type="radio"]')?.click();
    if (!one('[data-link-id="present"] input:checked'))
      one('[data-link-id="present"] input[type="checkbox"]')?.click();
    for (const number of all<HTMLInputElement>('.evaluation input.number[aria-required="true"]'))
      if (number.value === '') write(number, '7');
    const helped = field('[data-link-id="helped"] textarea');
    if (helped) write(helped, said);
    const date = field('[data-link-id="next-evaluation"] input');
    if (date) write(date, next);
  }

  document.getElementById('fane-planer')?.click();
  button('Tilbake til planene')?.click();
  (await wait('«Ny evaluering»', () => button('Ny evaluering'))).click();
  await wait('the form', () => {
    button('Begynn')?.click();
    (button('Slett kladden') ?? button('Start på nytt'))?.click();
    return title() !== '' || undefined;
  });
  if (until === 'form') return;
  while (!inReview()) {
    const before = title();
    answerPage();
    await new Promise(requestAnimationFrame);
    // What is asked only because of an answer just given.
    answerPage();
    (button('Neste') ?? button('Se over og send'))?.click();
    await wait('the next step', () => inReview() || title() !== before || undefined);
  }
  if (until === 'review') return;
  (await wait('the press', () => one('.send-button[aria-disabled="false"]'))).click();
  if (until === 'pressed') return;
  await wait(
    '«Lagret lokalt»',
    () =>
      one('.send-status [data-step="done"]')?.textContent?.includes('Lagret lokalt') || undefined,
  );
}
