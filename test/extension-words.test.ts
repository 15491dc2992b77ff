import { expect, test } from 'vitest';
import { badgeTitle } from '../src/extension/badge.ts';
import { enOptions } from '../src/shell/words/en-options.ts';
import { nbOptions } from '../src/shell/words/nb-options.ts';

const gaps = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([gap]) => gap);

test('the settings leave room for the same things in both languages, and never shout', () => {
  for (const key of Object.keys(nbOptions) as (keyof typeof nbOptions)[]) {
    expect([key, gaps(enOptions[key])]).toEqual([key, gaps(nbOptions[key])]);
    expect(nbOptions[key] + enOptions[key]).not.toContain('!');
  }
});

test('the toolbar has a sentence of its own for each state, in both languages', () => {
  const states = ['unconfigured', 'nobody', 'patient', 'plan', 'attention', 'failed'] as const;
  for (const language of ['nb', 'en'] as const)
    expect(new Set(states.map(state => badgeTitle(state, language))).size).toBe(states.length);
});
