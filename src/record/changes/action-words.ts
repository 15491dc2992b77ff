import type { Rule } from './listed.ts';

type Kind = 'pharmacy' | 'home-care';

const WHOM: Readonly<Record<Kind, string>> = { pharmacy: 'apotek', 'home-care': 'hjemmetjenesten' };

const WHAT: Readonly<Record<Rule, (substance: string) => string>> = {
  twice: substance => `${substance} står flere steder i bruk`,
  dose: substance => `dosen i listen stemmer ikke for ${substance}`,
  multidose: substance => `${substance} ligger fortsatt i multidose`,
};

/** What somebody is asked to put right, in the language of the record. `holds`: what was decided. */
export function actionWords(
  kind: Kind,
  name: string | undefined,
  rule: Rule,
  substance: string,
  holds: string | undefined,
): string {
  const whom = name ?? WHOM[kind];
  const what = WHAT[rule](substance);
  const asked = kind === 'pharmacy' ? `Be ${whom} endre: ${what}.` : `Gi ${whom} beskjed: ${what}.`;
  return holds ? `${asked} Gjelder nå: ${holds}.` : asked;
}
