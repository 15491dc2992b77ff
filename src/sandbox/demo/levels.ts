import { demo, shortId } from './source.ts';

export type Level =
  | 'all'
  | 'acute'
  | 'acute, rest kept back'
  | 'welfare'
  | 'welfare and what helps'
  | 'welfare and first aid'
  | 'blocked'
  | 'none';

/** DEMO 5.2, row by row; a user or patient that is not named sees nothing. */
const matrix: Readonly<Record<string, Readonly<Record<string, Level>>>> = {
  'u-lv': { p1: 'all', p2: 'all', p3: 'all', p4: 'all', p5: 'acute, rest kept back', p6: 'all' },
  'u-amb': {
    p1: 'acute',
    p2: 'acute',
    p3: 'acute',
    p4: 'acute',
    p5: 'acute, rest kept back',
    p6: 'acute',
  },
  'u-gp': { p1: 'all', p2: 'all', p3: 'all', p4: 'all' },
  'u-gp2': { p5: 'all' },
  'u-psy': { p1: 'all' },
  'u-ger': { p2: 'all' },
  'u-koord': { p1: 'all' },
  'u-bkoord': { p4: 'all' },
  'u-hjt': { p2: 'all', p3: 'all' },
  'u-dho': { p3: 'all' },
  'u-nav': { p1: 'welfare', p4: 'welfare', p5: 'welfare' },
  'u-bv': { p1: 'welfare and what helps' },
  'u-skole': { p4: 'welfare and first aid' },
  'u-led': {},
  'u-blokk': { p1: 'all', p2: 'all', p3: 'all', p4: 'all', p5: 'blocked', p6: 'all' },
};

/** A machine has no row in the matrix; its scopes are its limits. */
export function levelOf(user: string | undefined, patient: string): Level {
  if (user === undefined) return 'all';
  return matrix[user]?.[patient] ?? 'none';
}

export const levelsOf = (user: string): readonly Level[] => Object.values(matrix[user] ?? {});

/** Those who share in the treatment; the welfare half and strangers do not. */
export const isHealthLevel = (level: Level) =>
  level === 'all' || level === 'acute' || level === 'acute, rest kept back';

const demoPatients: ReadonlySet<string> = new Set(demo.patients.map(shortId));

/** The matrix knows only the six of the demo; patients from files are everyone's. */
export const isDemoPatient = (patient: string) => demoPatients.has(patient);
