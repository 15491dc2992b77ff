// One person and one patient in four places that cannot see one another's storage (CATALOGUE M06; SAFETY D12).
import type { BrowserContext, Frame, Page, Request } from '@playwright/test';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { launchAddress, openEhr, scenario, sidebar } from './ehr.ts';
import { canBegin, isThereOnce, MAJA, openMaja, save, states } from './evaluating.ts';
import { browserOf, configured, load, logIn, sidePanel } from './extension.ts';
import { otherSite } from './other-site.ts';
import { expect, test } from './raw.ts';

const WRITE = '/^POST \\/fhir$/';
const HELD_BACK = { match: WRITE, status: 503, headers: { 'retry-after': '2' } };
const NEIGHBOUR = 'nabo.localhost';
const SAID = ['M06 hos journalen', 'M06 hos naboen', 'M06 alene', 'M06 i sidepanelet'] as const;

// As a hospital with journals on two sites configures its web server (docs/deploy.md).
test.use({ framedBy: [`http://${NEIGHBOUR}:*`] });

test('M06 cross-partition: what is written in two journals, alone and in the side panel, none of which knows of the others, arrives once each', async ({
  page,
  context,
  sandbox,
  expectProblem,
}, info) => {
  test.setTimeout(150_000);
  // Each looks first for what it means to write, and what is not there is a 404.
  expectProblem(/404|412|503/);
  const sent: Request[] = [];
  context.on('request', request => {
    if (request.method() === 'POST' && request.url() === sandbox.fhirBase) sent.push(request);
  });
  const neighbour = await otherSite(context, NEIGHBOUR);
  const alone = await context.newPage();
  try {
    await openEhr(page, sandbox, MAJA);
    const inJournal = await frameIn(page);
    await neighbour.put(await launchAddress(sandbox, MAJA));
    await openMaja(alone, sandbox);
    const { panel, tab } = await inSidePanel(context, sandbox, info.outputPath('extension'));

    const places = [
      { where: inJournal, toFront: () => page.bringToFront() },
      { where: neighbour.frame(), toFront: neighbour.bringToFront },
      { where: alone.mainFrame(), toFront: () => alone.bringToFront() },
      { where: panel.mainFrame(), toFront: () => tab.bringToFront() },
    ];
    for (const { where, toFront } of places) {
      await toFront();
      await canBegin(where);
    }
    await scenario(sandbox, HELD_BACK);
    for (const [index, { where, toFront }] of places.entries()) {
      await toFront();
      await save(where, SAID[index]);
      // Only its own: the others lie in storage that this one is not shown.
      await expect(where.locator('.send-status')).toContainText('opptatt');
      await expect(states(where)).toHaveCount(1);
    }
    for (const said of SAID)
      expect(JSON.stringify(sandbox.store.all('QuestionnaireResponse'))).not.toContain(said);

    await scenario(sandbox);
    for (const { where, toFront } of places) {
      await toFront();
      await delivered(where);
    }
    for (const said of SAID) isThereOnce(sandbox, said);

    // An act of the journal's and one of the side panel's come once more, from another login of the same person, twice at
    // the same time.
    const another = sent.find(request => request.postData()?.includes(SAID[2]));
    for (const said of [SAID[0], SAID[3]]) {
      const arrived = sent.filter(request => request.postData()?.includes(said)).at(-1);
      const statuses = await Promise.all([1, 2].map(() => relay(arrived, another)));
      expect(statuses.flat().filter(status => status === 201)).toEqual([]);
    }
    for (const said of SAID) isThereOnce(sandbox, said);
  } finally {
    await neighbour.close();
  }
});

/** Sideplan's own frame in the journal's page. */
async function frameIn(page: Page): Promise<Frame> {
  const begin = sidebar(page).locator('#ny-evaluering');
  await begin.waitFor({ state: 'attached', timeout: 20_000 });
  const frame = await (await begin.elementHandle())?.ownerFrame();
  if (!frame) throw new Error('the panel is not in the page');
  return frame;
}

/** The extension in the same browser, its panel beside a journal's page in a window of its own: no other tab empties it. */
async function inSidePanel(context: BrowserContext, sandbox: Sandbox, path: string) {
  await configured(path, sandbox, true, {});
  const id = await load(context, path);
  const cdp = await browserOf(context).newBrowserCDPSession();
  const opened = context.waitForEvent('page');
  const url = `${sandbox.ehrOrigin}/?patient=nobody`;
  await cdp.send('Target.createTarget', { url, newWindow: true });
  const tab = await opened;
  await tab.waitForLoadState();
  const panel = await sidePanel(context, id, tab);
  await logIn(context, panel, MAJA.patient, MAJA.user);
  return { panel, tab };
}

/** Until it is received. Whoever comes second finds that the plan has moved, and leaves it as the first one has it. */
async function delivered(where: Frame): Promise<void> {
  const status = where.locator('.send-status');
  async function state() {
    const choose = status.getByRole('button', { name: 'Se begge' });
    if (await choose.isVisible()) {
      await choose.click();
      await status.getByRole('button', { name: 'Behold deres' }).click();
    }
    return states(where).getAttribute('data-outbox-state');
  }
  await expect.poll(state, { timeout: 30_000 }).toBe('acked');
}

/** Sends what is new in an act again, thing by thing, in the name of another login. Resolves to what the server said. */
async function relay(act: Request | undefined, login: Request | undefined): Promise<number[]> {
  const { entry } = (act?.postDataJSON() ?? { entry: [] }) as {
    entry: { resource: object; request: Record<string, string> }[];
  };
  const isNew = entry.filter(({ request }) => request['ifNoneMatch'] ?? request['ifNoneExist']);
  expect(isNew.length).toBeGreaterThan(3);
  const authorization = (await login?.allHeaders())?.['authorization'] ?? '';
  const bundle = { resourceType: 'Bundle', type: 'batch', entry: isNew };
  const answer = await fetch(act?.url() ?? '', {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/fhir+json' },
    body: JSON.stringify(bundle),
  });
  expect(answer.status).toBe(200);
  const { entry: said } = (await answer.json()) as {
    entry: { response: { status: string } }[];
  };
  return said.map(({ response }) => Number.parseInt(response.status, 10));
}
