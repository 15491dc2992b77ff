// @vitest-environment node
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Access, Resource } from '../src/sandbox/types.ts';
import { type Bench, bench, link, machine, refs, withKari } from './sandbox-store-bench.ts';

function flags(amount: number): Resource[] {
  return Array.from({ length: amount }, (_, at) => ({
    resourceType: 'Flag',
    id: `f${at}`,
    status: 'active',
    subject: { reference: 'Patient/p1' },
    code: { text: `flag ${at % 3}` },
  }));
}

async function everyPage(
  { ask }: Bench,
  who: Access,
  first: string,
  between = async () => {},
): Promise<string[][]> {
  const pages: string[][] = [];
  for (let url: string | undefined = first; url !== undefined; ) {
    const page = await ask(who, `GET ${url}`);
    expect(page.status).toBe(200);
    pages.push(refs(page));
    url = link(page, 'next');
    await between();
  }
  return pages;
}

describe('reading page by page', () => {
  test('loses nothing and shows nothing twice, whatever the page size', async () => {
    const amount = fc.integer({ min: 0, max: 60 });
    const size = fc.integer({ min: 1, max: 70 });
    await fc.assert(
      fc.asyncProperty(amount, size, fc.boolean(), async (all, count, backwards) => {
        const sort = backwards ? '-_id' : '_lastUpdated';
        const pages = await everyPage(
          bench({}, flags(all)),
          machine,
          `Flag?_count=${count}&_sort=${sort}`,
        );
        expect(pages.flat().toSorted()).toEqual(
          flags(all)
            .map(each => `Flag/${each.id}`)
            .toSorted(),
        );
        expect(pages.every(page => page.length <= count)).toBe(true);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(all / count)));
      }),
    );
  });

  test('stands still while others write, change and delete between two pages', async () => {
    const change = fc.constantFrom('POST', 'PUT', 'DELETE');
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), fc.array(change), async (count, changes) => {
        const seeded = bench({}, flags(20));
        let at = 0;
        const between = async (): Promise<void> => {
          const method = changes[at % Math.max(1, changes.length)];
          const id = `f${(at * 7) % 20}`;
          at += 1;
          const body = { ...flags(1)[0], id };
          if (method === 'POST') await seeded.ask(machine, 'POST Flag', body);
          if (method === 'PUT') await seeded.ask(machine, `PUT Flag/${id}`, body);
          if (method === 'DELETE') await seeded.ask(machine, `DELETE Flag/${id}`);
        };
        const pages = await everyPage(seeded, machine, `Flag?_count=${count}`, between);
        expect(pages.flat()).toEqual(flags(20).map(each => `Flag/${each.id}`));
      }),
    );
  });

  test('pages by itself when nobody says how many, and can go back', async () => {
    const { ask } = bench({ pageSize: 5 }, flags(12));
    const first = await ask(machine, 'GET Flag');
    expect(refs(first)).toHaveLength(5);
    expect(first.body?.total).toBe(12);
    expect(link(first, 'previous')).toBeUndefined();
    const second = await ask(machine, `GET ${link(first, 'next')}`);
    expect(refs(await ask(machine, `GET ${link(second, 'previous')}`))).toEqual(refs(first));
    const third = await ask(machine, `GET ${link(second, 'next')}`);
    expect([refs(third).length, link(third, 'next')]).toEqual([2, undefined]);
  });

  test('brings along only what belongs to the page', async () => {
    const { ask } = bench({}, [
      ...flags(2),
      { resourceType: 'Patient', id: 'p1' },
      { ...flags(1)[0], resourceType: 'Flag', id: 'other', subject: { reference: 'Patient/p2' } },
      { resourceType: 'Patient', id: 'p2' },
    ]);
    const first = await ask(machine, 'GET Flag?_count=2&_include=Flag:patient');
    expect(refs(first, 'include')).toEqual(['Patient/p1']);
    const second = await ask(machine, `GET ${link(first, 'next')}`);
    expect(refs(second, 'include')).toEqual(['Patient/p2']);
  });

  test('does not open a page for somebody else', async () => {
    const { ask } = bench({}, flags(9));
    const next = link(await ask(machine, 'GET Flag?_count=4'), 'next');
    const other = await ask(withKari, `GET ${next}`);
    expect([other.status, other.body?.issue[0]?.code]).toEqual([403, 'forbidden']);
  });

  test('says when a page is no longer kept or its link is broken', async () => {
    const { ask } = bench({}, flags(9));
    expect((await ask(machine, 'GET Flag?_page=long-ago&_offset=0')).status).toBe(410);
    const next = link(await ask(machine, 'GET Flag?_count=4'), 'next') ?? '';
    expect((await ask(machine, `GET ${next.replace(/_offset=.*/, '_offset=x')}`)).status).toBe(400);
  });
});

describe('a large store', () => {
  test('finds one patient among fifty thousand resources without looking at them all', async () => {
    const seeds = Array.from({ length: 50_000 }, (_, at) => ({
      resourceType: 'Flag',
      id: `f${at}`,
      status: 'active',
      subject: { reference: `Patient/p${at % 5000}` },
      code: { text: 'flag' },
    }));
    const { ask } = bench({}, seeds);
    await ask(withKari, 'GET Flag');
    const start = performance.now();
    for (let round = 0; round < 100; round += 1) {
      expect(refs(await ask(withKari, 'GET Flag?patient=p1'))).toHaveLength(10);
    }
    expect((performance.now() - start) / 100).toBeLessThan(5);
  });
});
