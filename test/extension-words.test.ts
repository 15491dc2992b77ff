import { expect, test } from 'vitest';
import { badgeTitle } from '../src/extension/badge.ts';
import { enOffline } from '../src/shell/words/en-offline.ts';
import { enOptions } from '../src/shell/words/en-options.ts';
import { nbOffline } from '../src/shell/words/nb-offline.ts';
import { nbOptions } from '../src/shell/words/nb-options.ts';

const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap);

test('the settings and what stands above a copy leave room for the same things in both languages, and never shout', () => {
  const [nb, en] = [
    { ...nbOptions, ...nbOffline },
    { ...enOptions, ...enOffline },
  ];
  for (const key of Object.keys(nb) as (keyof typeof nb)[]) {
    expect([key, gaps(en[key])]).toEqual([key, gaps(nb[key])]);
    expect(nb[key] + en[key]).not.toContain('!');
  }
});

test('the toolbar has a sentence of its own for each state, in both languages', () => {
  const states = ['unconfigured', 'nobody', 'patient', 'plan', 'attention', 'failed'] as const;
  for (const language of ['nb', 'en'] as const)
    expect(new Set(states.map(state => badgeTitle(state, language))).size).toBe(states.length);
});
