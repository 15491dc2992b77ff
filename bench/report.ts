import { readFile, writeFile } from 'node:fs/promises';
import { chartOf } from './chart.ts';
import { goalsIn } from './goals.ts';
import type { LaunchCell, Results } from './results.ts';

const PAGE = new URL('../docs/performance.md', import.meta.url);
const CHART = new URL('../docs/images/performance.svg', import.meta.url);

/** Writes the figures into docs/performance.md, between its marks, and draws the chart beside it. */
export async function writeReport(results: Results): Promise<void> {
  let page = await readFile(PAGE, 'utf8');
  for (const [name, text] of Object.entries(tablesOf(results)))
    page = page.replace(
      new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`),
      (_, open: string, close: string) => `${open}${text}${close}`,
    );
  await writeFile(PAGE, page);
  await writeFile(CHART, chartOf(results.launches));
}

function tablesOf(results: Results): Record<string, string> {
  const { machine, rounds, launches, panel, scale, switches } = results;
  return {
    goals: table(
      ['Goal', 'At most', ...rounds.map((_, index) => `Run ${index + 1}`)],
      goalsIn(results).map(({ goal, most, unit }) => [
        goal,
        `${most} ${unit}`,
        ...rounds.map(round => round[goal] ?? '–'),
      ]),
    ),
    launches: `${machine}. Milliseconds, medians.\n\n${table(
      [
        'Cache',
        'CPU',
        'RTT',
        'First paint',
        'Contacts',
        'Floor',
        '**Ratio**',
        'Critical',
        'Medication',
        'All sources',
        'Longest task',
        'Waves',
        'Runs',
      ],
      launches.map(row),
    )}`,
    traffic: table(
      [
        'RTT 60, CPU 1x',
        'Requests to contacts',
        'Requests in all',
        'Page kB',
        'Script kB',
        'Style kB',
        'Protocol kB',
        'Data kB',
        'Heap MB',
      ],
      launches.filter(({ rttMs, cpu }) => rttMs === 60 && cpu === 1).flatMap(trafficRows),
    ),
    panel: table(
      ['First paint', 'Words', 'First paint of a panel of one line', 'Presses'],
      panel ? [[ms(panel.firstMs), ms(panel.wordsMs), ms(panel.floorFirstMs), panel.presses]] : [],
    ),
    scale: table(
      [
        'Resources',
        'Page size',
        'Contacts',
        'Floor',
        'All of it',
        'Longest task',
        'Heap MB',
        'Slow frames',
      ],
      scale.map(one => [
        one.resources,
        one.pageSize,
        ms(one.contactsMs),
        ms(one.floorContactsMs),
        ms(one.sourcesMs),
        task(one.longTaskMs),
        mb(one.heapBytes),
        one.slowFrames,
      ]),
    ),
    switches: table(
      ['Patient switches', 'Heap MB', 'Event listeners'],
      switches.map(one => [one.count, mb(one.heapBytes), one.listeners]),
    ),
  };
}

type Row = readonly (string | number)[];

const row = ({ cache, cpu, rttMs, ratio, runs, sideplan, floor }: LaunchCell): Row => [
  cache,
  `${cpu}x`,
  rttMs,
  ms(sideplan.firstMs),
  ms(sideplan.contactsMs),
  ms(floor.contactsMs),
  `**${ratio.toFixed(2)}**`,
  ms(sideplan.criticalMs),
  ms(sideplan.medicationMs),
  ms(sideplan.sourcesMs),
  task(sideplan.longTaskMs),
  `${sideplan.wavesToContacts} (${floor.wavesToContacts})`,
  runs,
];

const trafficRows = ({ cache, sideplan, floor }: LaunchCell): readonly Row[] =>
  (
    [
      ['Sideplan', sideplan],
      ['floor', floor],
    ] as const
  ).map(([name, { requestsToContacts, requests, bytes, heapBytes }]) => [
    `${name}, ${cache}`,
    requestsToContacts,
    requests,
    ...[bytes.page, bytes.script, bytes.style, bytes.protocol, bytes.data].map(kb),
    mb(heapBytes),
  ]);

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row) => `| ${cells.join(' | ')} |\n`;
  return [head, head.map(() => '---'), ...rows].map(line).join('');
}

const ms = (value: number | undefined) => (value === undefined ? '–' : Math.round(value));
const task = (value: number) => (value === 0 ? '< 50' : Math.round(value));
const kb = (bytes: number) => (bytes / 1000).toFixed(1);
const mb = (bytes: number) => (bytes / 1e6).toFixed(1);
