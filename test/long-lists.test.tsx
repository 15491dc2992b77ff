import { readFileSync } from 'node:fs';
import { act, render, waitFor } from '@testing-library/preact';
import { expect, test } from 'vitest';
import { LoadingScreen } from '../src/shell/LoadingScreen.tsx';
import { Newest } from '../src/shell/Newest.tsx';

const rows = (count: number) =>
  Array.from({ length: count }, (_, n) => <li key={n}>{`Rad ${n}`}</li>);
const shown = () => [...document.querySelectorAll('li')].map(({ textContent }) => textContent);

test('a list of a hundred is there at once', () => {
  render(<Newest rows={rows(100)} shown={5} />);
  expect(shown()).toHaveLength(100);
});

test('a list of a thousand comes a piece at a time, so that the page answers meanwhile, and comes whole and in order', async () => {
  render(<Newest rows={rows(1000)} shown={5} />);
  expect(shown().length).toBeLessThan(400);
  expect(shown().slice(0, 5)).toEqual(['Rad 0', 'Rad 1', 'Rad 2', 'Rad 3', 'Rad 4']);
  await waitFor(() => expect(shown()).toEqual(rows(1000).map((_, n) => `Rad ${n}`)));
});

test('printed before all of it has come, the sheet has every row', async () => {
  render(<Newest rows={rows(1000)} shown={5} />);
  expect(shown().length).toBeLessThan(400);
  await act(() => void dispatchEvent(new Event('beforeprint')));
  expect(shown()).toHaveLength(1000);
});

test('what the launch page shows before anything has run is what is shown when it has', () => {
  const { container } = render(<LoadingScreen />);
  const page = readFileSync('src/launch.html', 'utf8');
  const [, written = ''] = /<body>([\s\S]*)<\/body>/.exec(page) ?? [];
  const same = written.replace(/<!--[^>]*-->\s*<a .*<\/a>/, '');
  expect(same.replaceAll(/>\s+</g, '><').trim()).toBe(container.innerHTML);
});
