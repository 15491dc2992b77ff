import { isRaw, type Raw } from '../../fhir/ask.ts';
import { NO_PLAN, own, valueIn } from '../../fhir/shapes.ts';

/** Which half of an individual plan something belongs to (FHIR.md 12.7): health, or what other agencies share. */
export type InfoClass = 'health' | 'other';

/**
 * The class the data carries: `no-plan#helse` or `#velferd` as security label or tag, or `ext:info-class` where there
 * is no meta. What carries none, or both, is health information: nothing is shared by omission.
 */
export function infoClassOf(raw: Raw): InfoClass {
  const meta = isRaw(raw['meta']) ? raw['meta'] : {};
  const labels = [meta['security'], meta['tag']].flat().filter(isRaw);
  const extensions = [raw['extension']].flat().filter(isRaw);
  const codes = new Set([
    ...labels.filter(({ system }) => system === NO_PLAN).map(({ code }) => code),
    ...own(
      {
        extension: extensions.map(each => ({
          ...each,
          url: typeof each['url'] === 'string' ? each['url'] : undefined,
        })),
      },
      'info-class',
    ).map(valueIn),
  ]);
  return codes.has('velferd') && !codes.has('helse') ? 'other' : 'health';
}

/** Part of a plan, made for those who may not see all of it (`no-plan#utdrag`). */
export function isExcerpt(raw: Raw): boolean {
  const meta = isRaw(raw['meta']) ? raw['meta'] : {};
  return [meta['tag']]
    .flat()
    .filter(isRaw)
    .some(({ system, code }) => system === NO_PLAN && code === 'utdrag');
}
